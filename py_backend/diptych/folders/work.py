"""What a worker does with one file: read it, learn what the directory's choices depend on, convert it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import msgspec

from diptych.conversion.convert import dialect_of
from diptych.equivalence.model import Dialect, Framework
from diptych.folders.file import convert_file, errors, sources_of
from diptych.folders.journal import Study, digest_of
from diptych.folders.model import ConvertedFile, FileReport, Options, Outcome
from diptych.folders.survey import Entry
from diptych.source.source import Source


@dataclass(frozen=True)
class Task:
    """A file to convert. ``dialects`` are to be tried; none leaves the choice to what the file needs."""

    root: Path
    entry: Entry
    options: Options
    asks: str
    dialects: tuple[Dialect, ...] = ()


@dataclass(frozen=True)
class Result:
    """A file in one dialect."""

    data: bytes
    report: FileReport


@dataclass(frozen=True)
class Answer:
    """What came of a task; ``failure`` is why nothing did."""

    task: Task
    study: Study | None = None
    results: tuple[tuple[Dialect, Result], ...] = ()
    failure: str = ""
    unreadable: bool = False


def work(task: Task) -> Answer:
    """Convert one file. Raises nothing that concerns only this file."""
    try:
        data = (task.root / task.entry.path).read_bytes()
    except OSError as error:
        return Answer(task, failure=error.strerror or str(error), unreadable=True)
    try:
        return _converted(task, data)
    except Exception as error:  # noqa: BLE001  # a fault of a rule of ours must not take all the other files down
        return Answer(task, failure=f"{type(error).__name__}: {error}")


def _converted(task: Task, data: bytes) -> Answer:
    kind, options = task.entry.kind, task.options
    sources = sources_of(kind, data)
    first = convert_file(kind, data, options)
    framework = first.source is not None or any(source.frameworks for source in sources)
    to_mxnet = framework and first.target is Framework.MXNET
    used = _used(sources) if to_mxnet else None
    results: dict[Dialect, ConvertedFile]
    if not to_mxnet:  # the dialect of MXNet is no matter
        results = dict.fromkeys(Dialect, first)
    else:
        results = {each: _in(task, data, each) for each in task.dialects or (_first_dialect(options, used),)}
        if options.dialect == "auto" and used is None and not task.dialects and errors(results[Dialect.ND].remarks):
            results[Dialect.NP] = _in(task, data, Dialect.NP)
    both = len(results) > 1
    study = Study(
        path=task.entry.shown,
        digest=digest_of(data),
        asks=task.asks,
        framework=framework,
        to_mxnet=to_mxnet,
        used=used,
        nd_errors=errors(results[Dialect.ND].remarks) if both else 0,
        np_errors=errors(results[Dialect.NP].remarks) if both else None,
        imports=tuple(dict.fromkeys(name for source in sources for name in _imports(source))),
    )
    return Answer(task, study, tuple((each, _result(task.entry, data, found)) for each, found in results.items()))


def _in(task: Task, data: bytes, dialect: Dialect) -> ConvertedFile:
    return convert_file(task.entry.kind, data, msgspec.structs.replace(task.options, dialect=dialect.value))


def _first_dialect(options: Options, used: Dialect | None) -> Dialect:
    return (used or Dialect.ND) if options.dialect == "auto" else Dialect(options.dialect)


def _used(sources: tuple[Source, ...]) -> Dialect | None:
    """The dialect that MXNet is written in here."""
    found = [dialect_of(source, "auto") for source in sources if Framework.MXNET in source.frameworks]
    return Dialect.NP if Dialect.NP in found else found[0] if found else None


def _imports(source: Source) -> list[str]:
    """What is imported, as it is written: ``model``, ``model.Net``, ``.net``, ``..data.loader``."""
    found: list[str] = []
    for node in source.imports:
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            dot = "." if node.module else ""
            found += [module, *(f"{module}{dot}{alias.name}" for alias in node.names)]
        else:
            found += [alias.name for alias in node.names]
    return found


def _result(entry: Entry, data: bytes, converted: ConvertedFile) -> Result:
    uses = converted.source is not None
    report = FileReport(
        path=entry.shown,
        kind=entry.kind,
        outcome=Outcome.UNCHANGED if converted.data == data else Outcome.CONVERTED,
        source=converted.source,
        target=converted.target if uses else None,
        dialect=converted.dialect if uses else None,
        names=converted.names,
        remarks=converted.remarks,
    )
    return Result(converted.data, report)
