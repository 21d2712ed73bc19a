"""`embedkit plot` on the command line: a module for each kind of picture."""
