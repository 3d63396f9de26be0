"""Source to source: PyTorch to MXNet and back."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import msgspec

from diptych.conversion.comments import write_comments
from diptych.conversion.gradients import attach_gradients, expect_gradients
from diptych.conversion.helpers import came_along
from diptych.conversion.imports import rewrite_imports
from diptych.conversion.left import left_before
from diptych.conversion.links import line_links
from diptych.conversion.model import Conversion, Diagnostic, DialectChoice, LineLink, Severity
from diptych.conversion.part import Extent, ended_like, extent_of
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.rules.np_mode import switch_on
from diptych.equivalence.catalog import Catalog, load
from diptych.equivalence.model import Dialect, Framework
from diptych.source.collector import without_collecting
from diptych.source.lexer import Lexeme, scan
from diptych.source.model import Document, Module, Span
from diptych.source.repair import try_parse
from diptych.source.source import Source

Scope = Literal["document", "cell", "selection", "statement"]
_ROUNDS = 4


def convert(source: str, to: Framework | str = Framework.MXNET, dialect: DialectChoice = "auto") -> Conversion:
    """``source`` rewritten for the framework ``to``.

    Never raises for any text: a syntax error is a diagnostic, and the code then comes back as it was. What has no
    counterpart stays byte for byte, with an error diagnostic and a trailing comment. Raises ``ValueError`` where ``to``
    is no framework."""
    return convert_document(Module(source), Framework(to), dialect)


@without_collecting
def convert_document(
    document: Document,
    to: Framework | None = None,
    dialect: DialectChoice = "auto",
    selection: Span | None = None,
    scope: Scope = "document",
    *,
    catalog: Catalog | None = None,
) -> Conversion:
    """A document, or part of it in the light of the whole, rewritten for ``to``.

    ``to`` None is the side that the part does not use (MXNet where it uses neither). ``selection`` is in lines and
    columns of the module or of the active cell. ``span``, ``text``, ``code`` and ``links`` of the answer speak of the
    part. ``catalog`` stands in for the shipped records."""
    source = Source.of(document)
    extent = extent_of(source, document, selection, scope)
    target = to or _other_side(source, extent)
    chosen = dialect_of(source, dialect)
    if source.problem is not None:
        return _broken(source, extent, target, chosen)
    if scope == "document" and (left := left_before(source, target)):
        return _same(source, extent, target, chosen, *left)
    rewriter = in_dialect(source, target, chosen, dialect == "auto", catalog)
    return _part(rewriter, extent) if rewriter is not None else _unchanged(source, extent, target, chosen)


def dialect_of(source: Source, choice: DialectChoice) -> Dialect:
    """The unit's dialect: what is asked for, else what it already uses, else nd."""
    if choice != "auto":
        return Dialect(choice)
    paths = {binding.path for bindings in source.scope.bindings.values() for binding in bindings}
    return Dialect.NP if paths & {"mxnet.np", "mxnet.npx", "mxnet.numpy"} else Dialect.ND


@lru_cache(maxsize=16)
def in_dialect(
    source: Source, target: Framework, dialect: Dialect, free: bool, catalog: Catalog | None = None
) -> Rewriter | None:
    """The whole unit converted; to np where the choice is free and nd can't express what np can."""
    if not free or target is not Framework.MXNET or dialect is not Dialect.ND:
        return rewritten(source, target, dialect, catalog)
    begun = _begun(source, target, dialect, catalog)
    if begun is not None and begun.failed:
        refused = _errors(begun)
        helps = _errors(_tried(begun, Dialect.NP)) < refused
        other = rewritten(source, target, Dialect.NP, catalog) if helps else None
        if _errors(other) < refused:
            return other
    rewriter = _finished(source, target, dialect, catalog, begun)
    return rewriter if rewriter is not None else rewritten(source, target, Dialect.NP, catalog)


def _errors(rewriter: Rewriter | None) -> int:
    if rewriter is None:
        return 1 << 30
    return sum(found.severity is Severity.ERROR for found in rewriter.diagnostics)


@lru_cache(maxsize=16)
def rewritten(source: Source, target: Framework, dialect: Dialect, catalog: Catalog | None = None) -> Rewriter | None:
    """The whole unit converted; None where the result would not be sound. ``catalog`` stands in for the shipped one."""
    return _finished(source, target, dialect, catalog, _begun(source, target, dialect, catalog))


def _begun(
    source: Source,
    target: Framework,
    dialect: Dialect,
    catalog: Catalog | None,
    taken: frozenset[str] = frozenset(),
) -> Rewriter | None:
    """The unit after all rules, without what the result needs around it; None where it is nested too deeply."""
    rewriter = Rewriter(source, catalog or load(), target, dialect, taken)
    if rewriter.origin not in source.frameworks:
        return rewriter  # nothing is known to be of the framework: no rule has anything to do
    try:
        expect_gradients(rewriter)
        rewriter.run(source.tree)
        came_along(rewriter)
        attach_gradients(rewriter)
    except RecursionError:
        return None
    return rewriter


def _tried(begun: Rewriter, dialect: Dialect) -> Rewriter | None:
    """Only the statements of which something was refused, in another dialect: it has no fewer errors elsewhere."""
    rewriter = Rewriter(begun.source, begun.catalog, begun.target, dialect)
    statements = {begun.statement(node): None for node in begun.failed}
    try:
        expect_gradients(rewriter)
        for statement in statements:
            if statement is not None and not any(around in statements for around in begun.around(statement)):
                rewriter.run(statement)
    except RecursionError:
        return None
    return rewriter


def _finished(
    source: Source, target: Framework, dialect: Dialect, catalog: Catalog | None, begun: Rewriter | None
) -> Rewriter | None:
    """With imports, helpers and comments; begun anew where a name that has to stay is in the way of an import."""
    taken: frozenset[str] = frozenset()
    end = len(source.text.text)
    rewriter = begun
    try:
        for _ in range(_ROUNDS):
            if rewriter is None:
                return None
            switch_on(rewriter)
            rewriter.helpers.write()
            clash = rewrite_imports(rewriter, rewriter.edits.render(0, end))
            if not clash:
                break
            taken |= clash
            rewriter = _begun(source, target, dialect, catalog, taken)
        if rewriter is None:
            return None
        write_comments(rewriter)
        _drop_cell_magics(rewriter)
        sound = not len(rewriter.edits) or try_parse(rewriter.edits.result(source.parsed.text))[0] is not None
    except RecursionError:
        return None
    return rewriter if sound else None


def _drop_cell_magics(rewriter: Rewriter) -> None:
    """``%%mxnet`` sends a cell to MXNet's process: PyTorch code does not go there."""
    if rewriter.target is Framework.PYTORCH:
        source = rewriter.source
        for match in re.finditer(r"^[ \t]*%%mxnet\b[^\r\n]*(?:\r\n|\r|\n|$)", source.text.text, re.MULTILINE):
            if source.parsed.text[match.start() : match.end()].lstrip().startswith("%"):
                continue  # inside a string: no magic was masked there
            rewriter.edits.replace(match.start(), match.end())


def _part(rewriter: Rewriter, extent: Extent) -> Conversion:
    segments = rewriter.edits.render(extent.start, _end(rewriter, extent))
    code = "".join(segment.text for segment in segments)
    text = rewriter.source.text.text[extent.start : extent.end]
    first = rewriter.source.text.place(extent.start)[0]
    diagnostics = tuple(
        _moved(found, extent)
        for found in sorted(rewriter.diagnostics, key=lambda found: (found.line, found.column))
        if extent.holds(found.line)
    )
    links = line_links(segments, rewriter.source.text, first)
    text = text[:-1] if extent.tail else text
    if extent.tail or extent.dedent:
        code = ended_like(text, code)
    code = _dedented(code) if extent.dedent else code
    whole = extent.start == 0 and extent.end == len(rewriter.source.text.text)
    definitions = "\n\n\n".join([*rewriter.helpers.called(code), ""]) if not whole else ""
    if definitions:  # a part stands on its own: what it calls comes with it
        magic = re.match(r"[ \t]*%%[^\r\n]*(?:\r\n|\r|\n)|", code)  # which stays the first line of its cell
        assert magic is not None
        code = magic.group() + definitions.replace("\n", rewriter.newline) + code[magic.end() :]
        links = tuple(_lower(link, definitions.count("\n")) for link in links)
    used = {record: None for segment in segments for record in segment.records}
    uses = bool(segments) and any(not segment.kept for segment in segments)
    return Conversion(
        code=code,
        links=links,
        diagnostics=diagnostics,
        source=rewriter.origin if uses or rewriter.origin in rewriter.source.frameworks else None,
        target=rewriter.target,
        dialect=rewriter.dialect,
        equivalences=tuple(used),
        span=extent.span,
        text=_dedented(text) if extent.dedent else text,
    )


def _end(rewriter: Rewriter, extent: Extent) -> int:
    """Where the part's edits end: behind the line break where its last statement goes with its whole line."""
    starts = rewriter.source.text.starts
    if extent.dedent and extent.high < len(starts) and rewriter.edits.removed_up_to(extent.start, starts[extent.high]):
        return starts[extent.high]
    return extent.end


def _lower(link: LineLink, lines: int) -> LineLink:
    return msgspec.structs.replace(link, target_start=link.target_start + lines, target_end=link.target_end + lines)


def _moved(found: Diagnostic, extent: Extent) -> Diagnostic:
    """Lines of a notebook's cell, not of all cells together."""
    return Diagnostic(
        found.severity,
        found.line - extent.first_line + 1,
        found.column,
        found.code,
        found.message,
        found.suggestion,
        extent.cell,
    )


def _broken(source: Source, extent: Extent, target: Framework, dialect: Dialect) -> Conversion:
    problem = source.problem
    assert problem is not None
    message = f"This is not Python yet: {problem.message}. Nothing was converted."
    found = Diagnostic(Severity.ERROR, problem.line, problem.column, "syntax-error", message, cell=extent.cell)
    return _same(source, extent, target, dialect, found)


def _unchanged(source: Source, extent: Extent, target: Framework, dialect: Dialect) -> Conversion:
    message = "The conversion would not be sound Python, so nothing was converted; convert a smaller part."
    return _same(
        source, extent, target, dialect, Diagnostic(Severity.ERROR, 1, 0, "not-converted", message, cell=extent.cell)
    )


def _same(source: Source, extent: Extent, target: Framework, dialect: Dialect, *found: Diagnostic) -> Conversion:
    lines = source.original
    text = lines.text
    if extent.dedent:
        text = text[lines.offset(extent.span.start_line, 0) : lines.line_end(extent.span.end_line)]
    return Conversion(
        code=text,
        diagnostics=found,
        target=target,
        dialect=dialect,
        span=extent.span,
        text=text,
        source=target.other if target.other in source.frameworks else None,
    )


def _other_side(source: Source, extent: Extent) -> Framework:
    """The framework that the part, else the document, does not use."""
    if isinstance(extent.cell, int) and extent.magic == "mxnet":
        return Framework.PYTORCH
    used = source.frameworks
    if len(used) == 1:
        return used[0].other
    if len(used) == 2:
        to_torch = rewritten(source, Framework.PYTORCH, Dialect.ND)
        if to_torch is not None and any(
            not segment.kept for segment in to_torch.edits.render(extent.start, extent.end)
        ):
            return Framework.PYTORCH
    return Framework.MXNET


def _dedented(text: str) -> str:
    """Without the indentation that all lines share; text with strings over several lines stays as it is."""
    if any(token.lexeme is Lexeme.STRING and "\n" in text[token.start : token.end] for token in scan(text)):
        return text
    indents = [re.match(r"[ \t]*", line).group() for line in text.split("\n") if line.strip()]  # type: ignore[union-attr]  # it matches any text
    common = min(indents, key=len, default="")
    if not common or not all(indent.startswith(common) for indent in indents):
        return text
    return re.sub(rf"^{re.escape(common)}", "", text, flags=re.MULTILINE)
