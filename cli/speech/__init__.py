"""What the commands of speech share: tables of errors, styles of transcripts."""
