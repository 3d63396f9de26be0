"""The cheat sheet as Markdown, in one language."""

from __future__ import annotations

from diptych.cheat_sheet.entries import Entry, Theme
from diptych.cheat_sheet.words import WORDS
from diptych.equivalence.model import Kind, Text

_NAMES_SHOWN = 6


def markdown(themes: tuple[Theme, ...], language: str) -> str:
    """The whole page: a table a theme, then what differs and what has no counterpart."""
    words = WORDS[language]
    lines = [f"# {words['title']}", "", words["intro"], ""]
    lines += [f"- [{_text(theme.title, language)}](#{_anchor(theme)})" for theme in themes]
    for theme in themes:
        lines += ["", f'<a id="{_anchor(theme)}"></a>', "", f"## {_text(theme.title, language)}", ""]
        written = [entry for entry in theme.entries if entry.kind is not Kind.NONE]
        if written:
            lines += [f"| | PyTorch | MXNet | {words['proof']} |", "| --- | --- | --- | --- |"]
            lines += [_row(entry, language) for entry in written]
        lines += _remarks(theme, language)
    return "\n".join(lines) + "\n"


def _anchor(theme: Theme) -> str:
    return theme.id.replace("_", "-")


def _text(text: Text, language: str) -> str:
    return text.zh if language == "zh" else text.en


def _row(entry: Entry, language: str) -> str:
    words = WORDS[language]
    example = entry.examples[0] if entry.examples else None
    torch = _code(example.torch) if example else _names(entry.torch)
    mxnet = _code(example.mxnet) if example else _names(entry.mxnet)
    proof = words["proven"] if entry.proven else words["unproven"]
    return f"| {_cell(_text(entry.title, language))} | {torch} | {mxnet} | {proof} |"


def _remarks(theme: Theme, language: str) -> list[str]:
    words = WORDS[language]
    lines: list[str] = []
    for entry in theme.entries:
        texts = [_text(text, language) for text in entry.differences]
        if entry.reason:
            texts.append(f"{words['none']} {_text(entry.reason, language)}")
        if entry.workaround:
            texts.append(_text(entry.workaround, language))
        if texts:
            spelled = _names(entry.torch or entry.mxnet) if entry.reason else ""
            head = f"- **{_text(entry.title, language)}** {spelled}".rstrip()
            lines.append(f"{head}: {' '.join(texts)}")
    return ["", f"### {words['differences']}", "", *lines] if lines else []


def _names(names: tuple[str, ...]) -> str:
    more = f" +{len(names) - _NAMES_SHOWN}" if len(names) > _NAMES_SHOWN else ""
    return ", ".join(f"`{name}`" for name in names[:_NAMES_SHOWN]) + more


def _code(text: str) -> str:
    """The code without the functions that it calls: the page in HTML shows them."""
    text = text.rsplit("\n\n\n", maxsplit=1)[-1]
    return "<br>".join(f"`{line}`".replace("|", "\\|") for line in text.splitlines() if line.strip())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
