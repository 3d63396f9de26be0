"""One command a file: each has ``add(commands)``, which describes it, and what it runs."""
