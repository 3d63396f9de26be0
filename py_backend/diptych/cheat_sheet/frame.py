"""A page with a search, filters and two languages around articles: one HTML file, no network, nothing to install."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from diptych.equivalence.model import Text

_FOLDER = Path(__file__).parent
_SPOKEN = ("search", "shown", "of", "title")  # what the script says

Words = Mapping[str, Mapping[str, str]]


def frame(words: Words, filters: Sequence[tuple[str, str]], main: str, total: int, style: str = "") -> str:
    """The document around ``main``: sections of articles, ``total`` of them, each with an id and a ``data-kind``.

    ``filters`` are kinds with the words for them. ``main`` is HTML, everything else is escaped."""
    sheet = (_FOLDER / "page.css").read_text(encoding="utf-8") + style
    script = (_FOLDER / "page.js").read_text(encoding="utf-8")
    buttons = "\n".join(
        f'<button type="button" data-filter="{escape(kind)}" aria-pressed="false">{both(words, word)}</button>'
        for kind, word in filters
    )
    clear = f'<button type="button" id="sheet-clear">{both(words, "clear")}</button>'
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{escape(words["en"]["title"])}</title>
<style>
{sheet}</style>
</head>
<body data-total="{total}">
<header>
<h1>{both(words, "title")}</h1>
<p>{both(words, "intro")}</p>
<form role="search" class="tools">
<input id="sheet-search" type="search" autocomplete="off" spellcheck="false"
  aria-label="{escape(words["en"]["search"])}">
<span class="filters" role="group">
<button type="button" data-filter="all" aria-pressed="true">{both(words, "all")}</button>
{buttons}
</span>
<button type="button" id="sheet-language">{both(words, "language")}</button>
<output id="sheet-count" for="sheet-search" aria-live="polite"></output>
</form>
</header>
<main>
{main}
<p id="sheet-empty" hidden>{both(words, "empty")} {clear}</p>
</main>
<script>
const words = {_for_script({language: {key: words[language][key] for key in _SPOKEN} for language in words})};
{script}</script>
</body>
</html>
"""


def both(words: Words, key: str) -> str:
    """A word of the page in both languages."""
    return spans(Text(words["en"][key], words["zh"][key]))


def spans(text: Text) -> str:
    """A text in both languages, of which one is shown."""
    return f'<span lang="en">{inline(text.en)}</span><span lang="zh">{inline(text.zh)}</span>'


def inline(text: str) -> str:
    """Escaped, with backquoted code as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def _for_script(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
