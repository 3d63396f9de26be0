"""Notebook files: read, validated and written by ``nbformat``, converted cell by cell."""

from __future__ import annotations

import copy
import json
import warnings
from typing import TYPE_CHECKING, Any

from diptych.conversion.model import DialectChoice
from diptych.conversion.notebook import NotebookConversion, convert_notebook
from diptych.equivalence.model import Framework
from diptych.folders.model import Outputs
from diptych.source.model import Cell, CellType, Notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode

_MAJOR = 4


class NotANotebook(ValueError):
    """The file is no notebook that can be converted; the sentence says why."""


def convert_notebook_file(
    data: bytes, to: Framework | None, dialect: DialectChoice, outputs: Outputs
) -> tuple[bytes, NotebookConversion]:
    """The notebook's bytes for the other side: the very same where no cell changes.

    Ids, metadata, kernelspec and the format's minor version stay. Raises ``NotANotebook``."""
    node = _read(data)
    cells = _cells(node)
    conversion = convert_notebook(Notebook(cells), to, dialect)
    if all(cell.text == text for cell, text in zip(cells, conversion.cells, strict=True)):
        return data, conversion
    import nbformat  # noqa: PLC0415

    written = copy.deepcopy(node)
    for cell, text in zip(written.cells, conversion.cells, strict=True):
        cell.source = text
        if outputs is Outputs.CLEAR and cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    _validate(written)
    text = nbformat.writes(written, version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    return (text if text.endswith("\n") else text + "\n").encode(), conversion


def read_cells(data: bytes) -> tuple[Cell, ...]:
    """The cells of a notebook's bytes. Raises ``NotANotebook``."""
    return _cells(_read(data))


def _cells(node: Any) -> tuple[Cell, ...]:
    return tuple(Cell(_text(cell.source), CellType(cell.cell_type), cell.get("id", "")) for cell in node.cells)


def _read(data: bytes) -> NotebookNode:
    import nbformat  # noqa: PLC0415  # it takes a second to load: files without notebooks do without

    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotANotebook(f"it is no JSON: {error}") from error
    if not isinstance(value, dict) or not isinstance(value.get("nbformat"), int):
        raise NotANotebook("it is JSON, but no notebook: `nbformat` is missing")
    if value["nbformat"] != _MAJOR:
        raise NotANotebook(
            f"it has the format {value['nbformat']} of notebooks; `jupyter nbconvert --to notebook` upgrades it to 4"
        )
    node = nbformat.from_dict(value)  # type: ignore[no-untyped-call]  # nbformat leaves it untyped
    _validate(node)
    language = _language(node)
    if language != "python":
        raise NotANotebook(f"its language is {language}, not Python")
    return node  # type: ignore[no-any-return]


def _validate(node: Any) -> None:
    import nbformat  # noqa: PLC0415
    from nbformat.validator import NotebookValidationError, normalize  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ids are supplied to the copy only: cells without ids stay without them
            _, normal = normalize(copy.deepcopy(node))
            nbformat.validate(normal)
    except (NotebookValidationError, AttributeError, KeyError, TypeError) as error:  # the latter: nbformat on oddities
        raise NotANotebook(f"it does not follow the format: {str(error).splitlines()[0]}") from error


def _language(node: Any) -> str:
    metadata = node.metadata
    named = metadata.get("language_info", {}).get("name") or metadata.get("kernelspec", {}).get("language")
    return str(named or "python").lower()


def _text(source: str | list[str]) -> str:
    """Files keep a cell's text as lines or as one string."""
    return source if isinstance(source, str) else "".join(source)
