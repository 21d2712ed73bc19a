"""Document vectors by negative sampling."""
