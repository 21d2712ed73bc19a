"""How recurrent cells are shown."""
