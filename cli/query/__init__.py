"""Queries: from arguments or stdin, and their replies."""
