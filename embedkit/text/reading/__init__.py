"""Reading texts: from files of every kind, tables and memory, as lines of UTF-8."""
