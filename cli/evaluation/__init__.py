"""The report of `embedkit evaluate` as text, Markdown, JSON, TSV and a picture."""
