"""Co-occurrence counts: counting, their file, and what trainers on them share."""
