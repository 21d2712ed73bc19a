"""Labelled texts: tables, folders and fastText lines."""
