"""Training in rounds, whose result does not depend on the number of threads."""
