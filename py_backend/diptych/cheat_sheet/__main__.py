"""``python -m diptych.cheat_sheet FOLDER`` writes the cheat sheet: one HTML page, and Markdown in both languages."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from diptych.cheat_sheet.entries import themes
from diptych.cheat_sheet.markdown import markdown
from diptych.cheat_sheet.page import page


def main() -> int:
    """Write the pages into the folder."""
    parser = argparse.ArgumentParser(prog="python -m diptych.cheat_sheet", description=__doc__)
    parser.add_argument("folder", type=Path, help="where cheat_sheet.html, cheat_sheet.md and cheat_sheet.zh.md go")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    found = themes()
    for name, text in (
        ("cheat_sheet.html", page(found)),
        ("cheat_sheet.md", markdown(found, "en")),
        ("cheat_sheet.zh.md", markdown(found, "zh")),
    ):
        (folder / name).write_text(text, encoding="utf-8")
        print(f"{folder / name}: {len(text.encode()) // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
