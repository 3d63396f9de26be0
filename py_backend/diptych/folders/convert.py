"""A whole directory for the other framework: survey, conversion on all cores, choice of a dialect, writing, report."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Protocol

from diptych.checking.check_model import Limits
from diptych.equivalence.model import Dialect
from diptych.folders import copying, remarks, summary
from diptych.folders.destination import Destination
from diptych.folders.dialects import choose, wants_np
from diptych.folders.imports import Imports
from diptych.folders.journal import Journal, Study, asks, digest
from diptych.folders.model import (
    DialectReason,
    FileReport,
    FolderReport,
    Kind,
    Options,
    Outcome,
    WrongFolder,
)
from diptych.folders.pool import answers, cores
from diptych.folders.survey import Entry, Survey, survey
from diptych.folders.work import Answer, Result, Task

LARGE = 4 << 20  # bytes of a Python file or notebook: larger ones are data, and are copied


class Watcher(Protocol):
    """Is told how far it is."""

    def begin(self, phase: str, total: int) -> None:
        """``total`` files are to be gone over: "convert", "write", "copy" or "check" them."""

    def advance(self) -> None:
        """One is done."""


class Unwatched:
    """Nobody looks."""

    def begin(self, phase: str, total: int) -> None:
        """Nothing."""

    def advance(self) -> None:
        """Nothing."""


def convert_folder(
    source: Path,
    out: Path | None,
    options: Options | None = None,
    *,
    jobs: int | None = None,
    dry_run: bool = False,
    watch: Watcher | None = None,
    check: Limits | None = None,
) -> FolderReport:
    """Convert what is Python in ``source``, copy the rest, and write the report, all into ``out``.

    A second call does what is missing or has changed. With ``check`` what was converted
    is executed, file by file, on both sides within these limits: this runs the code, with all that it does. With
    ``dry_run`` nothing is written and ``out`` may be None. Raises ``WrongFolder`` where ``source`` or ``out`` can't be
    used, ``FolderError`` where writing fails as a whole (a full disk); what is done by then stays done."""
    if not source.is_dir():
        raise WrongFolder(f"{source} is no directory.")
    if out is None and not dry_run:
        raise WrongFolder("A directory is converted into another: say which.")
    destination = Destination(source, out) if out is not None else None
    run = _Run(survey(source.resolve()), options or Options(), jobs or cores(), watch or Unwatched())
    if destination is None or dry_run:
        return run.report(destination, run.tried(), dry_run=True)
    with remarks.full_disk_told(destination.root), Journal(destination.state, destination.source).open() as journal:
        destination.writable(run.survey.folders)
        files = [*run.written(destination, journal), *copying.copy_all(run.survey, destination, journal, run.watch)]
        destination.permissions(run.survey.folders)
        if check is not None:
            files = run.executed(files, check, journal)
        report = run.report(destination, files, left=copying.left_behind(run.survey, journal))
        summary.write(report, destination)
    return report


class _Run:
    """One call's files, and what is known of them."""

    def __init__(self, found: Survey, options: Options, jobs: int, watch: Watcher) -> None:
        self.survey = found
        self.options = options
        self.jobs = jobs
        self.watch = watch
        self.asks = asks(options)
        self.dialect = DialectReason(Dialect.ND, choose((), Options()).why)
        self.studies: dict[str, Study] = {}
        self._results: dict[tuple[str, Dialect], Result] = {}
        self._failures: dict[str, Answer] = {}
        python = [entry for entry in found.entries if entry.kind in (Kind.PYTHON, Kind.NOTEBOOK)]
        self.large = [entry for entry in python if _size(found.root, entry) > LARGE]
        self.python = [entry for entry in python if entry not in self.large]

    # --- conversion

    def tried(self) -> list[FileReport]:
        """Every file converted, and nothing written."""
        self._study(self.python, None)
        self._choose(None)
        self._convert([entry for entry in self.python if (entry.shown, self.dialect.dialect) not in self._results])
        found = [self._outcome(entry) for entry in self.python]
        return [*found, *(remarks.large(entry) for entry in self.large), *copying.would_copy(self.survey)]

    def written(self, destination: Destination, journal: Journal) -> list[FileReport]:
        """Every file converted and written, where that was not done before."""
        self._study([entry for entry in self.python if not self._known(entry, journal)], journal)
        self._choose(journal)
        wanted = asks(self.options, self.dialect.dialect.value)
        writer = copying.Writer(destination, journal, wanted)
        found: dict[str, FileReport] = {}
        for entry in self.python:
            done = writer.already(entry, self.studies[entry.shown].digest) if entry.shown in self.studies else None
            if done is not None:
                found[entry.shown] = done
        missing = [entry for entry in self.python if entry.shown not in found]
        self._convert([entry for entry in missing if (entry.shown, self.dialect.dialect) not in self._results])
        self.watch.begin("write", len(missing))
        for entry in missing:
            result = self._results.get((entry.shown, self.dialect.dialect))
            if result is None:
                found[entry.shown] = self._failed(entry, writer)
            else:
                found[entry.shown] = writer.write(entry, self.studies[entry.shown].digest, result)
            self.watch.advance()
        for entry in self.large:
            found[entry.shown] = writer.copy(entry, remarks.large(entry))
        return [found[path] for path in sorted(found)]

    def _known(self, entry: Entry, journal: Journal) -> bool:
        """Whether an earlier run went over this very content."""
        study = journal.studies.get(entry.shown)
        if study is None or study.asks != self.asks:
            return False
        with contextlib.suppress(OSError):
            if digest(self.survey.root / entry.path) == study.digest:
                self.studies[entry.shown] = study
                return True
        return False

    def _study(self, entries: list[Entry], journal: Journal | None) -> None:
        self.watch.begin("convert", len(entries))
        for answer in self._answers(entries):
            self._take(answer, journal)
            self.watch.advance()

    def _choose(self, journal: Journal | None) -> None:
        """The directory's dialect; np is tried for every file before it is chosen."""
        if wants_np(self.studies.values(), self.options):
            untried = [
                entry
                for entry in self.python
                if (study := self.studies.get(entry.shown)) is not None and study.to_mxnet and study.np_errors is None
            ]
            self.watch.begin("convert", len(untried))
            for answer in self._answers(untried, (Dialect.ND, Dialect.NP)):
                self._take(answer, journal)
                self.watch.advance()
        self.dialect = choose(self.studies.values(), self.options)

    def _convert(self, entries: list[Entry]) -> None:
        """Those that were not converted to the chosen dialect yet; what failed once is not tried again."""
        entries = [entry for entry in entries if entry.shown not in self._failures]
        if entries:
            self.watch.begin("convert", len(entries))
        for answer in self._answers(entries, (self.dialect.dialect,)):
            self._take(answer, None, studied=True)
            self.watch.advance()

    def _answers(self, entries: list[Entry], dialects: tuple[Dialect, ...] = ()) -> Iterator[Answer]:
        tasks = [Task(self.survey.root, entry, self.options, self.asks, dialects) for entry in entries]
        return answers(tasks, self.jobs)

    def _take(self, answer: Answer, journal: Journal | None, studied: bool = False) -> None:
        path = answer.task.entry.shown
        if answer.study is None:
            self._failures[path] = answer
            return
        known = self.studies.get(path)
        if known is None or known.digest != answer.study.digest or not studied:
            self.studies[path] = answer.study
            if journal is not None:
                journal.add(answer.study)
        for dialect, result in answer.results:
            self._results[path, dialect] = result

    def _outcome(self, entry: Entry) -> FileReport:
        result = self._results.get((entry.shown, self.dialect.dialect))
        return result.report if result is not None else self._failed(entry, None)

    def _failed(self, entry: Entry, writer: copying.Writer | None) -> FileReport:
        """A file that could not be read; or one whose conversion failed, which is copied as it is."""
        answer = self._failures[entry.shown]
        if answer.unreadable:
            return remarks.failed(entry, answer.failure)
        report = remarks.not_converted(entry, answer.failure)
        return writer.copy(entry, report) if writer is not None else report

    def executed(self, files: list[FileReport], limits: Limits, journal: Journal) -> list[FileReport]:
        """What was converted, executed on both sides."""
        from diptych.folders.executing import executed, is_executed  # noqa: PLC0415  # it starts kernels: seldom needed

        paths = {entry.shown: entry.path for entry in self.python}
        tried = [file for file in files if is_executed(file)]
        self.watch.begin("check", len(tried))
        told: dict[str, FileReport] = {}
        for file in executed(self.survey.root, tried, paths, options=self.options, limits=limits, journal=journal):
            told[file.path] = file
            self.watch.advance()
        return [told.get(file.path, file) for file in files]

    # --- the report

    def report(
        self,
        destination: Destination | None,
        files: list[FileReport],
        *,
        left: tuple[str, ...] = (),
        dry_run: bool = False,
    ) -> FolderReport:
        """What became of all files."""
        imports = Imports(self.studies.values())
        every = [remarks.with_imports(file, self.studies.get(file.path), imports) for file in files]
        every += [remarks.skipped(found) for found in self.survey.skipped]
        counts = {outcome.value: sum(file.outcome is outcome for file in every) for outcome in Outcome}
        quiet = (Outcome.COPIED, Outcome.LINKED)
        return FolderReport(
            diptych=metadata.version("diptych"),
            source=remarks.readable(self.survey.root),
            out=remarks.readable(destination.root) if destination is not None else None,
            options=self.options,
            dialect=self.dialect,
            files=tuple(file for file in every if file.remarks or file.outcome not in quiet),
            counts={name: count for name, count in counts.items() if count},
            names=summary.names(every),
            checked=summary.checked(every),
            notes=remarks.notes(imports, self.studies.values(), left),
            dry_run=dry_run,
        )


def _size(root: Path, entry: Entry) -> int:
    with contextlib.suppress(OSError):
        return (root / entry.path).lstat().st_size
    return 0
