"""Campaigns: scripts that try for long what the tests try in short."""
