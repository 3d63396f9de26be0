"""The command `diptych`: the same things in a terminal."""
