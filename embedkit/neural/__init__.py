"""Neural networks in readable numpy."""
