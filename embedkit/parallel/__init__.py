"""Parallel work: child processes and threads."""
