"""The layers of networks: what they are, how they are written, and the shapes of their weights."""
