"""Output and options of the commands that change, join and align spaces."""
