"""What `embedkit bias` and `embedkit debias` share: options, tables, pages and pictures."""
