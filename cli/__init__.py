"""The command `embedkit`."""
