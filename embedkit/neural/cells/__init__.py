"""Recurrent cells in readable numpy, and layers of them: a step, a sequence, and back through time."""
