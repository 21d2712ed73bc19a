"""The service: vectors and models that answer over HTTP."""
