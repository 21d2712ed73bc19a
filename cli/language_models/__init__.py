"""What the commands of language models share."""
