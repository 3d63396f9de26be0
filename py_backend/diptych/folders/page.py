"""The report as one HTML file: both languages, a search, filters; everything from the files is escaped."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

from diptych.cheat_sheet.frame import both, frame, inline, spans
from diptych.equivalence.model import Text
from diptych.folders.figures import WEIGHTS, message, place, rates, ratio, weight
from diptych.folders.model import FileReport, FolderReport, Outcome, Remark
from diptych.folders.words import WORDS

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
_SHOWN = 60  # names of files, or of what has no counterpart


def page(report: FolderReport) -> str:
    """The whole document."""
    numbered = list(enumerate(report.files, 1))
    sections = []
    for each in WEIGHTS:
        articles = [_article(number, file) for number, file in numbered if weight(file) == each]
        if articles:
            sections.append(f"<section>\n<h2>{both(WORDS, each)}</h2>\n" + "\n".join(articles) + "\n</section>")
    main = "\n".join([_summary(report), *sections])
    return frame(WORDS, tuple((each, each) for each in WEIGHTS), main, len(report.files), _STYLE)


def _summary(report: FolderReport) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{both(WORDS, word)}</th>'
        + (f"<td>{figure}</td><td>{both(WORDS, of)}</td>" if figure else f'<td colspan="2">{_quiet()}</td>')
        + "</tr>"
        for word, figure, of in rates(report)
    )
    counts = ", ".join(f"{count} {both(WORDS, name)}" for name, count in report.counts.items())
    to = both(WORDS, "dry") if report.dry_run else f"<code>{escape(report.out or '')}</code>"
    facts = [
        (both(WORDS, "from"), f"<code>{escape(report.source)}</code>"),
        (both(WORDS, "to"), to),
        (both(WORDS, "files"), counts),
        (both(WORDS, "dialect"), _dialect(report)),
        ("Diptych", escape(report.diptych)),
    ]
    if report.names.unmapped:
        facts.append((both(WORDS, "unmapped"), _listed(report.names.unmapped)))
    if report.notes:
        facts.append((both(WORDS, "notes"), "<br>".join(spans(note) for note in report.notes)))
    listed = "\n".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    return f'<div class="summary">\n<table>\n{rows}\n</table>\n<dl>\n{listed}\n</dl>\n</div>'


def _quiet() -> str:
    return f'<span class="quiet">{both(WORDS, "not-executed")}</span>'


def _dialect(report: FolderReport) -> str:
    dialect = report.dialect
    because = f" {_listed(dialect.because)}" if dialect.because else ""
    return f"<b>{dialect.dialect.value}</b>: {both(WORDS, dialect.why.value)}{because}"


def _listed(names: tuple[str, ...]) -> str:
    more = f" +{len(names) - _SHOWN}" if len(names) > _SHOWN else ""
    return ", ".join(f"<code>{escape(name)}</code>" for name in names[:_SHOWN]) + more


def _article(number: int, file: FileReport) -> str:
    there = file.outcome not in (Outcome.SKIPPED, Outcome.FAILED)
    href = f"../{quote(file.path)}" if there else f"#file-{number}"
    details = [both(WORDS, file.outcome.value)]
    if file.source is not None and file.target is not None:
        dialect = f" {file.dialect.value}" if file.dialect is not None else ""
        details.append(f"{file.source.value} → {file.target.value}{dialect}")
    if file.names.seen:
        details.append(f"{ratio(file.names.mapped, file.names.seen)} {both(WORDS, 'uses')}")
    if file.checked is not None:
        details.append(f"{both(WORDS, 'executed')} {ratio(file.checked.executed, file.checked.files)}")
        details.append(f"{both(WORDS, 'equal')} {ratio(file.checked.equal, file.checked.files)}")
    parts = [
        f'<article id="file-{number}" data-kind="{weight(file)}">',
        f'<h3><a href="{escape(href)}">{escape(file.path)}</a></h3>',
        f'<p class="details">{" · ".join(details)}</p>',
    ]
    if file.remarks:
        parts += ['<ol class="remarks">', *(_remark(remark) for remark in file.remarks), "</ol>"]
    if file.checked is not None and file.checked.problems:
        parts += [f'<p class="note">{both(WORDS, "problems")}</p>']
        parts += [f"<pre>{escape(problem)}</pre>" for problem in file.checked.problems]
    return "\n".join([*parts, "</article>"])


def _remark(remark: Remark) -> str:
    found = remark.diagnostic
    where = place(remark, WORDS["en"]["cell"], WORDS["en"]["line"])
    there = place(remark, WORDS["zh"]["cell"], WORDS["zh"]["line"])
    place_ = f"<b>{spans(Text(where, there)) if where != there else escape(where)}</b> " if where else ""
    text = f"<pre>{escape(remark.text)}</pre>" if where and remark.text else ""
    suggestion = f" {inline(found.suggestion)}" if found.suggestion else ""
    said = message(remark)
    told = spans(said) if said.en != said.zh else inline(said.en)
    return (
        f'<li class="{found.severity.value}">{place_}<span class="code">{found.severity.value} '
        f"{escape(found.code)}</span> {told}{suggestion}{text}</li>"
    )
