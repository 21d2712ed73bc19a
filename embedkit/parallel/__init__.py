"""Work side by side: child processes and threads."""
