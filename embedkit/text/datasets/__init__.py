"""Labeled texts: tables, folders and fastText lines."""
