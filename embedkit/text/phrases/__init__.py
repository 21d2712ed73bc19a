"""Phrases: words that stand together more often than by chance, found in a corpus and joined into one."""
