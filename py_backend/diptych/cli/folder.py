"""`diptych convert SRC -o OUT`: a directory, with a bar, and what has to be looked at."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from diptych.checking.check_model import Limits
from diptych.cli import diagnostics, terminal
from diptych.cli.exits import FAILED, FINE, INTERRUPTED, CommandError, UsageError
from diptych.conversion.model import Severity
from diptych.folders.convert import convert_folder
from diptych.folders.figures import rates
from diptych.folders.model import FolderError, FolderReport, Options, WrongFolder
from diptych.folders.survey import REPORT
from diptych.folders.words import WORDS

_DOING = {"convert": "converting", "write": "writing", "copy": "copying", "check": "executing"}


def convert(
    source: Path,
    out: Path | None,
    options: Options,
    *,
    jobs: int | None,
    dry_run: bool,
    check: Limits | None,
    json: bool,
) -> int:
    """Convert the directory and tell of it; the exit code."""
    writer = terminal.console(stderr=True)
    try:
        with _Bar(writer) as bar:
            report = convert_folder(source, out, options, jobs=jobs, dry_run=dry_run, watch=bar, check=check)
    except WrongFolder as error:
        raise UsageError(str(error)) from error
    except FolderError as error:
        raise CommandError(str(error)) from error
    except KeyboardInterrupt:
        print("Stopped. The same command goes on where it was.", file=sys.stderr)
        return INTERRUPTED
    if json:
        terminal.print_json(report)
    else:
        _tell(report)
    failed = any(remark.diagnostic.severity is Severity.ERROR for file in report.files for remark in file.remarks)
    apart = report.checked is not None and report.checked.equal < report.checked.files
    return FAILED if failed or apart else FINE


def _tell(report: FolderReport) -> None:
    """Errors and warnings a line each, then the figures."""
    words = WORDS["en"]
    for file in report.files:
        for remark in file.remarks:
            if remark.diagnostic.severity is not Severity.INFO:
                diagnostics.tell(file.path, remark)
        for problem in file.checked.problems if file.checked is not None else ():
            print(f"{file.path}: {problem}", file=sys.stderr)
    print(", ".join(f"{count} {words[name]}" for name, count in report.counts.items()) or "no files")
    for word, figure, _ in rates(report):
        print(f"{words[word]}: {figure or words['not-executed']}")
    dialect = report.dialect
    print(f"{words['dialect']}: {dialect.dialect.value}: {words[dialect.why.value]} {', '.join(dialect.because[:5])}")
    for note in report.notes:
        print(note.en)
    if not report.dry_run:
        print(f"report: {Path(report.out or '.') / REPORT / 'index.html'}")


class _Bar:
    """Shows nothing where nobody watches."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bars = Progress(*columns, console=console, disable=not console.is_terminal)
        self._task = self._bars.add_task("", visible=False)

    def __enter__(self) -> _Bar:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begin(self, phase: str, total: int) -> None:
        """A bar for each phase that has anything to do."""
        if total:
            self._task = self._bars.add_task(_DOING[phase], total=total)

    def advance(self) -> None:
        """One file more."""
        self._bars.advance(self._task)
