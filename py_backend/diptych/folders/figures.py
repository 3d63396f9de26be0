"""How the report's figures, places and weights are written, in each of its forms."""

from __future__ import annotations

from diptych.conversion.model import Severity
from diptych.equivalence.model import Text
from diptych.folders.model import FileReport, FolderReport, Kind, Outcome, Remark
from diptych.folders.remarks import SAID

WEIGHTS = ("error", "warning", "clean", "other")  # how much a file asks of the reader, most first


def weight(file: FileReport) -> str:
    """One of ``WEIGHTS``."""
    severities = {remark.diagnostic.severity for remark in file.remarks}
    if Severity.ERROR in severities:
        return "error"
    if Severity.WARNING in severities:
        return "warning"
    return "other" if file.outcome is Outcome.SKIPPED or file.kind in (Kind.OTHER, Kind.LINK) else "clean"


def rates(report: FolderReport) -> tuple[tuple[str, str, str], ...]:
    """Rows of the word for a rate, its figure (empty where it was not taken), the word for what it is of."""
    names, checked = report.names, report.checked
    return (
        ("mapped", ratio(names.mapped, names.seen), "mapped-of"),
        ("executed", ratio(checked.executed, checked.files) if checked else "", "executed-of"),
        ("equal", ratio(checked.equal, checked.files) if checked else "", "equal-of"),
    )


def ratio(part: int, whole: int) -> str:
    """``28 / 30 (93.3 %)``; a rate never rounds up to all."""
    if not whole:
        return "0 / 0"
    return f"{part} / {whole} ({int(1000 * part / whole) / 10:g} %)"


def place(remark: Remark, cell: str, line: str) -> str:
    """Where a diagnostic stands: ``12:4``, in a notebook ``cell 3, line 2`` (cells of all kinds count from 1)."""
    found = remark.diagnostic
    if found.line < 1:
        return ""
    return f"{found.line}:{found.column}" if found.cell is None else f"{cell} {found.cell + 1}, {line} {found.line}"


def message(remark: Remark) -> Text:
    """What is said, in both languages where the report says it, else in English."""
    said = SAID.get(remark.diagnostic.code) if remark.diagnostic.line < 1 else None
    if said is not None:
        return Text(said.en.replace("{}", remark.text), said.zh.replace("{}", remark.text))
    return Text(remark.diagnostic.message, remark.diagnostic.message)
