"""Lookup and conversion of documents."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from diptych.server.base import MALFORMED, DiptychHandler
from diptych.server.models import ConvertRequest, LookupRequest, LookupResponse
from diptych.server.problems import Problem
from diptych.source.model import Document, Notebook


class LookupHandler(DiptychHandler):
    """What is under the cursor."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Answer with the record, and the user's own call converted."""
        from diptych.conversion.lookup import lookup_document  # noqa: PLC0415  # loaded in the background at start

        request = self.body(LookupRequest)
        check_document(request.document)
        if request.line < 1 or request.column < 0:
            raise Problem(MALFORMED, "invalid_position", "`line` counts from 1 and `column` from 0.")
        found = await self.services.analyse(
            lookup_document, request.document, request.line, request.column, request.dialect
        )
        self.answer(LookupResponse(found))


class ConvertHandler(DiptychHandler):
    """A document, or a part of it, for the other framework."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Answer with the conversion."""
        from diptych.conversion.convert import convert_document  # noqa: PLC0415  # loaded in the background at start

        request = self.body(ConvertRequest)
        check_document(request.document)
        _check_scope(request)
        conversion = await self.services.analyse(
            convert_document, request.document, request.to, request.dialect, request.selection, request.scope
        )
        self.answer(conversion)


def check_document(document: Document) -> None:
    """Raises ``Problem`` (400) where a notebook has no such active cell."""
    if isinstance(document, Notebook) and not 0 <= document.active < len(document.cells):
        raise Problem(
            MALFORMED,
            "invalid_cell",
            f"`document.active` is {document.active}, but there are {len(document.cells)} cells.",
        )


def _check_scope(request: ConvertRequest) -> None:
    if request.scope in ("selection", "statement") and request.selection is None:
        raise Problem(
            MALFORMED,
            "selection_missing",
            f"The scope '{request.scope}' needs a `selection`; a cursor is an empty one.",
        )
    if request.scope == "cell" and not isinstance(request.document, Notebook):
        raise Problem(MALFORMED, "not_a_notebook", "The scope 'cell' needs a notebook; ask for 'document'.")
    span = request.selection
    if span is not None:
        start, end = (span.start_line, span.start_column), (span.end_line, span.end_column)
        if span.start_line < 1 or min(span.start_column, span.end_column) < 0 or end < start:
            raise Problem(
                MALFORMED,
                "invalid_selection",
                "`selection` must start at line 1 or later, at column 0 or later, and end where it starts or after.",
            )
