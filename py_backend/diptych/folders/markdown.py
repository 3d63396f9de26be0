"""The report as Markdown, in English."""

from __future__ import annotations

from diptych.folders.figures import WEIGHTS, message, place, rates, ratio, weight
from diptych.folders.model import FileReport, FolderReport
from diptych.folders.words import WORDS

_WORDS = WORDS["en"]
_BECAUSE_SHOWN = 20


def markdown(report: FolderReport) -> str:
    """The whole report: rates, choices, then each file with its lines."""
    lines = [f"# {_WORDS['title']}", "", _WORDS["intro"], "", *_facts(report), "", *_rates(report), ""]
    if report.names.unmapped:
        lines += [f"{_WORDS['unmapped']}: {', '.join(f'`{name}`' for name in report.names.unmapped)}", ""]
    for note in report.notes:
        lines += [f"- {note.en}"]
    for each in WEIGHTS:
        files = [file for file in report.files if weight(file) == each]
        if files:
            lines += ["", f"## {_WORDS[each]}", ""]
            for file in files:
                lines += _file(file)
    return "\n".join(lines).rstrip() + "\n"


def _facts(report: FolderReport) -> list[str]:
    counts = ", ".join(f"{count} {_WORDS[name]}" for name, count in report.counts.items())
    dialect = report.dialect
    because = ", ".join(f"`{path}`" for path in dialect.because[:_BECAUSE_SHOWN])
    more = " ..." if len(dialect.because) > _BECAUSE_SHOWN else ""
    return [
        f"- {_WORDS['from']}: `{report.source}`",
        f"- {_WORDS['to']}: " + (_WORDS["dry"] if report.dry_run else f"`{report.out}`"),
        f"- {_WORDS['files']}: {counts}",
        f"- {_WORDS['dialect']}: {dialect.dialect.value}: {_WORDS[dialect.why.value]} {because}{more}".rstrip(),
        f"- Diptych {report.diptych}",
    ]


def _rates(report: FolderReport) -> list[str]:
    rows = [
        f"| {_WORDS[word]} | {f'{figure} {_WORDS[of]}' if figure else _WORDS['not-executed']} |"
        for word, figure, of in rates(report)
    ]
    return [f"| {_WORDS['rate']} | |", "| --- | --- |", *rows]


def _file(file: FileReport) -> list[str]:
    figure = f", {ratio(file.names.mapped, file.names.seen)} {_WORDS['uses']}" if file.names.seen else ""
    dialect = f", {file.dialect.value}" if file.dialect else ""
    lines = [f"- **`{file.path}`** {_WORDS[file.outcome.value]}{dialect}{figure}"]
    for remark in file.remarks:
        found = remark.diagnostic
        where = place(remark, _WORDS["cell"], _WORDS["line"])
        text = f" `{remark.text}`" if where and remark.text and "`" not in remark.text else ""
        suggestion = f" {found.suggestion}" if found.suggestion else ""
        said = message(remark).en
        lines.append(
            f"  - {where + ' ' if where else ''}{found.severity.value} [{found.code}] {said}{suggestion}{text}"
        )
    if file.checked is not None:
        checked = file.checked
        lines.append(
            f"  - {_WORDS['executed']} {ratio(checked.executed, checked.files)}, "
            f"{_WORDS['equal']} {ratio(checked.equal, checked.files)}"
        )
        lines += [f"  - {problem}" for problem in checked.problems]
    return lines
