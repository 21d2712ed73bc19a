"""Downloads of public files by name: only when asked for, only once, and verified before they appear."""
