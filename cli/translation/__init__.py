"""What the commands of translation share: files of lines, tables of scores, styles of answers."""
