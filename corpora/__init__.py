"""Data that ships with embedkit: the atlas corpus and the default vectors."""
