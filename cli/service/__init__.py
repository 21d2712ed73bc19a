"""What the command serve shows and parses."""
