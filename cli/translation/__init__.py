"""What the commands of translation share: files, tables of scores, styles of answers."""
