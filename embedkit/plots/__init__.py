"""Pictures of numbers, drawn with matplotlib and written as PNG."""
