"""What the commands of taggers share: options of tagged sentences, tables of scores, styles of tags."""
