"""Melodies as text: tunes in ABC notation, their tokens, MIDI, and models that make new ones."""
