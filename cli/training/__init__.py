"""Training on the command line: raw text, trainers, evaluation after each epoch."""
