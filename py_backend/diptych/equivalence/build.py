"""``python -m diptych.equivalence.build`` compiles the TOML records into the index that loads quickly."""

from __future__ import annotations

from diptych.equivalence.index import INDEX, write_index


def main() -> None:
    """Write the index and say how many records it holds."""
    print(f"{write_index()} records in {INDEX.name}")


if __name__ == "__main__":
    main()
