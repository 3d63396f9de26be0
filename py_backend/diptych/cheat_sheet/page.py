"""The cheat sheet as one HTML file: both languages, a search, filters; no network, nothing to install."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

from diptych.cheat_sheet.entries import Entry, Example, Theme
from diptych.cheat_sheet.words import WORDS
from diptych.equivalence.model import Kind, Text

_FOLDER = Path(__file__).parent


def page(themes: tuple[Theme, ...]) -> str:
    """The whole document. Everything from the records is escaped."""
    style = (_FOLDER / "page.css").read_text(encoding="utf-8")
    script = (_FOLDER / "page.js").read_text(encoding="utf-8")
    total = sum(len(theme.entries) for theme in themes)
    sections = "\n".join(_section(theme) for theme in themes if theme.entries)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{escape(WORDS["en"]["title"])}</title>
<style>
{style}</style>
</head>
<body data-total="{total}">
<header>
<h1>{_both("title")}</h1>
<p>{_both("intro")}</p>
<form role="search" class="tools">
<input id="sheet-search" type="search" autocomplete="off" spellcheck="false"
  aria-label="{escape(WORDS["en"]["search"])}">
<span class="filters" role="group">
<button type="button" data-filter="all" aria-pressed="true">{_both("all")}</button>
<button type="button" data-filter="differs" aria-pressed="false">{_both("differs")}</button>
<button type="button" data-filter="none" aria-pressed="false">{_both("missing")}</button>
</span>
<button type="button" id="sheet-language">{_both("language")}</button>
<output id="sheet-count" for="sheet-search" aria-live="polite"></output>
</form>
</header>
<main>
{sections}
<p id="sheet-empty" hidden>{_both("empty")} <button type="button" id="sheet-clear">{_both("clear")}</button></p>
</main>
<script>
const words = {_for_script({language: _spoken(language) for language in WORDS})};
{script}</script>
</body>
</html>
"""


def _spoken(language: str) -> dict[str, str]:
    return {key: WORDS[language][key] for key in ("search", "shown", "of", "title")}


def _for_script(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _both(key: str) -> str:
    return _spans(Text(WORDS["en"][key], WORDS["zh"][key]))


def _spans(text: Text) -> str:
    return f'<span lang="en">{_inline(text.en)}</span><span lang="zh">{_inline(text.zh)}</span>'


def _inline(text: str) -> str:
    """Escaped, with backquoted code as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def _section(theme: Theme) -> str:
    entries = "\n".join(_entry(entry) for entry in theme.entries)
    return f'<section id="theme-{escape(theme.id)}">\n<h2>{_spans(theme.title)}</h2>\n{entries}\n</section>'


def _entry(entry: Entry) -> str:
    kind = "none" if entry.kind is Kind.NONE else "differs" if entry.differences else "same"
    parts = [
        f'<article id="{escape(entry.id)}" data-kind="{kind}">',
        f'<h3><a href="#{escape(entry.id)}">{_spans(entry.title)}</a>{_badge(entry)}</h3>',
        *(_example(example) for example in entry.examples),
        _names(entry),
        *(f'<p class="note">{_spans(text)}</p>' for text in entry.differences),
    ]
    if entry.reason:
        parts.append(f'<p class="note reason"><strong>{_both("none")}</strong> {_spans(entry.reason)}</p>')
    if entry.workaround:
        parts.append(f'<p class="note">{_spans(entry.workaround)}</p>')
    return "\n".join([*parts, "</article>"])


def _badge(entry: Entry) -> str:
    if entry.kind is Kind.NONE:
        return ""
    if not entry.proven:
        return f' <span class="badge open">{_both("unproven")}</span>'
    largest = f"{entry.max_difference or 0:.1e}" if entry.max_difference else "0"
    title = f"{WORDS['en']['largest']} / {WORDS['zh']['largest']}: {largest}"
    return f' <span class="badge" title="{escape(title)}">{_both("proven")}</span>'


def _example(example: Example) -> str:
    return (
        f'<div class="pair"><pre data-side="PyTorch"><code>{escape(example.torch)}</code></pre>'
        f'<pre data-side="MXNet {example.dialect.value}"><code>{escape(example.mxnet)}</code></pre></div>'
    )


def _names(entry: Entry) -> str:
    sides = [
        f"<span><b>{side}</b> {' '.join(f'<code>{escape(name)}</code>' for name in names)}</span>"
        for side, names in (("PyTorch", entry.torch), ("MXNet", entry.mxnet))
        if names
    ]
    return f'<p class="names">{" ".join(sides)}</p>'
