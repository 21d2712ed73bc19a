"""Questions to vectors: queries from arguments or stdin, and their replies."""
