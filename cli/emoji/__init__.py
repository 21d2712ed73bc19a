"""What the commands of emojifiers share."""
