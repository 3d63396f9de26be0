"""The cheat sheet as one HTML file: both languages, a search, filters; no network, nothing to install."""

from __future__ import annotations

from html import escape

from diptych.cheat_sheet.entries import Entry, Example, Theme
from diptych.cheat_sheet.frame import both, frame, spans
from diptych.cheat_sheet.words import WORDS
from diptych.equivalence.model import Kind

_FILTERS = (("differs", "differs"), ("none", "missing"))


def page(themes: tuple[Theme, ...]) -> str:
    """The whole document. Everything from the records is escaped."""
    total = sum(len(theme.entries) for theme in themes)
    sections = "\n".join(_section(theme) for theme in themes if theme.entries)
    return frame(WORDS, _FILTERS, sections, total)


def _section(theme: Theme) -> str:
    entries = "\n".join(_entry(entry) for entry in theme.entries)
    return f'<section id="theme-{escape(theme.id)}">\n<h2>{spans(theme.title)}</h2>\n{entries}\n</section>'


def _entry(entry: Entry) -> str:
    kind = "none" if entry.kind is Kind.NONE else "differs" if entry.differences else "same"
    parts = [
        f'<article id="{escape(entry.id)}" data-kind="{kind}">',
        f'<h3><a href="#{escape(entry.id)}">{spans(entry.title)}</a>{_badge(entry)}</h3>',
        *(_example(example) for example in entry.examples),
        _names(entry),
        *(f'<p class="note">{spans(text)}</p>' for text in entry.differences),
    ]
    if entry.reason:
        parts.append(f'<p class="note reason"><strong>{both(WORDS, "none")}</strong> {spans(entry.reason)}</p>')
    if entry.workaround:
        parts.append(f'<p class="note">{spans(entry.workaround)}</p>')
    return "\n".join([*parts, "</article>"])


def _badge(entry: Entry) -> str:
    if entry.kind is Kind.NONE:
        return ""
    if not entry.proven:
        return f' <span class="badge open">{both(WORDS, "unproven")}</span>'
    largest = f"{entry.max_difference or 0:.1e}" if entry.max_difference else "0"
    title = f"{WORDS['en']['largest']} / {WORDS['zh']['largest']}: {largest}"
    return f' <span class="badge" title="{escape(title)}">{both(WORDS, "proven")}</span>'


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
