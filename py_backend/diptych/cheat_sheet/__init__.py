"""The cheat sheet: every record on one page, as HTML that can be searched and as Markdown."""

from diptych.cheat_sheet.entries import Entry, Theme, themes

__all__ = ["Entry", "Theme", "themes"]
