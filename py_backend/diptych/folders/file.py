"""One file's bytes for the other framework."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from diptych.conversion.convert import convert_document, rewritten
from diptych.conversion.mapped import MappedNames, mapped_names
from diptych.conversion.model import Diagnostic, Severity
from diptych.equivalence.model import Framework
from diptych.folders.model import ConvertedFile, Kind, Options, Remark
from diptych.folders.notebook import NotANotebook, convert_notebook_file, read_cells
from diptych.source.coding import NotText, decode, encode
from diptych.source.model import Module, Notebook
from diptych.source.source import Source
from diptych.source.text import Text
from diptych.source.units import units

_WIDTH = 200  # characters of a line that is shown


def convert_file(kind: Kind, data: bytes, options: Options) -> ConvertedFile:
    """A Python file, or a notebook. Never raises for any bytes: what can't be read is a diagnostic, and ``data`` then
    comes back as it was."""
    try:
        return _notebook(data, options) if kind is Kind.NOTEBOOK else _module(data, options)
    except NotText as error:
        return _same(data, options, "undecodable", str(error))
    except NotANotebook as error:
        return _same(data, options, "not-a-notebook", f"The notebook can't be converted: {error}.")


def sources_of(kind: Kind, data: bytes) -> tuple[Source, ...]:
    """The analyses of a file's units; none where it can't be read."""
    try:
        if kind is Kind.NOTEBOOK:
            return tuple(unit.source for unit in units(Notebook(read_cells(data))))
        return (Source.of(Module(decode(data)[0])),)
    except (NotText, NotANotebook):
        return ()


def unreadable(converted: ConvertedFile) -> str | None:
    """Why nothing of the file could be read; None where it could."""
    found = (remark.diagnostic for remark in converted.remarks)
    return next((each.message for each in found if each.code in ("undecodable", "not-a-notebook")), None)


def errors(remarks: Iterable[Remark]) -> int:
    """How much of a file stayed as it was."""
    return sum(remark.diagnostic.severity is Severity.ERROR for remark in remarks)


def _module(data: bytes, options: Options) -> ConvertedFile:
    text, encoding = decode(data)
    conversion = convert_document(Module(text), options.to, options.dialect)
    rewriter = rewritten(Source.of(Module(text)), conversion.target, conversion.dialect, None)
    return ConvertedFile(
        data=data if conversion.code == text else encode(conversion.code, encoding),
        source=conversion.source,
        target=conversion.target,
        dialect=conversion.dialect,
        remarks=_remarks(conversion.diagnostics, {None: text}),
        names=mapped_names(rewriter) if rewriter is not None else MappedNames(),
    )


def _notebook(data: bytes, options: Options) -> ConvertedFile:
    written, conversion = convert_notebook_file(data, options.to, options.dialect, options.outputs)
    cells: dict[int | None, str] = dict(enumerate(cell.text for cell in read_cells(data)))
    return ConvertedFile(
        data=written,
        source=conversion.source,
        target=conversion.target,
        dialect=conversion.dialect,
        remarks=_remarks(conversion.diagnostics, cells),
        names=conversion.names,
    )


def _remarks(diagnostics: tuple[Diagnostic, ...], texts: Mapping[int | None, str]) -> tuple[Remark, ...]:
    lines = {cell: Text(text) for cell, text in texts.items()}
    return tuple(Remark(found, _line(found, lines.get(found.cell))) for found in diagnostics)


def _line(found: Diagnostic, text: Text | None) -> str:
    if text is None or not 1 <= found.line <= len(text.starts):
        return ""
    return text.line(found.line).strip()[:_WIDTH]


def _same(data: bytes, options: Options, code: str, message: str) -> ConvertedFile:
    found = Diagnostic(Severity.ERROR, 1, 0, code, message)
    return ConvertedFile(data, target=options.to or Framework.MXNET, remarks=(Remark(found),))
