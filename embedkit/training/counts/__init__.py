"""Co-occurrence counts: counting, their file, and the base of trainers on counts."""
