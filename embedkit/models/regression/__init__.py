"""Models that predict a number for each text, such as a rating."""
