"""The analysis of a document: one unit of names (a module, or the cells of a notebook that share a process)."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import pairwise

from diptych.equivalence.model import Framework
from diptych.source.inference import Inference
from diptych.source.magics import cell_magic
from diptych.source.model import CellType, Document, Module, Notebook
from diptych.source.nodes import Nodes
from diptych.source.repair import Parsed, Problem, parse
from diptych.source.scopes import Scope
from diptych.source.text import Text
from diptych.source.types import Plain, Type

_SCOPED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_PLACELESS = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
# An empty line lies between two cells: an edit up to the line behind a cell's last never meets the next cell.
BETWEEN_CELLS = "\n\n"
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Source:
    """Text, tree, scopes and types of one unit. Everything beyond the tree is worked out when asked for.

    ``text`` is what the user wrote, repaired where it does not parse; ``parsed.text`` the same at the same offsets,
    magics masked. ``original`` is the text of the module or the active cell, untouched."""

    def __init__(
        self,
        text: str,
        parsed: Parsed,
        original: str,
        *,
        first_line: int = 1,
        last_line: int | None = None,
        cells: tuple[int, ...] = (0,),
    ) -> None:
        self.text = Text(text)
        self._cells = cells  # where each cell begins
        self.original = Text(original)
        self.parsed = parsed
        self.tree = parsed.tree
        self.first_line = first_line  # of the part the document's active cell makes up
        self.last_line = last_line if last_line is not None else len(self.text.starts)
        self.inference = Inference(self.calls_of)
        self.scope = Scope(self.tree, None, walrus=":=" in text)

    @staticmethod
    def of(document: Document) -> Source:
        """The analysis of a module, or of the cells of a notebook that run in the active cell's process."""
        if isinstance(document, Module):
            return _of_text(document.text)
        return _of_cells(*_cells_with_active(document))

    @property
    def problem(self) -> Problem | None:
        """Why the text is not Python as it stands, None where it is."""
        return self.parsed.problem

    def type_of(self, node: ast.expr, scope: Scope) -> Type | None:
        """The light type of an expression; None is unknown."""
        try:
            return self.inference.type_of(node, scope)
        except RecursionError:
            return None

    def cell_at(self, offset: int) -> int:
        """Which of the unit's cells (from 0) holds an offset; a module is one."""
        return max(bisect_right(self._cells, offset) - 1, 0)

    def path_to(self, offset: int) -> list[ast.AST]:
        """The nodes around an offset of the text, outermost first."""
        line, _ = self.text.place(offset)
        column = len(self.text.text[self.text.starts[line - 1] : offset].encode(errors="surrogatepass"))
        path: list[ast.AST] = [self.tree]
        while (inner := _child_at(path[-1], line, column)) is not None:
            path.append(inner)
        return path

    def scope_at(self, path: list[ast.AST]) -> Scope:
        """The scope in which the last node of ``path`` is evaluated."""
        scope = self.scope
        for node, inner in pairwise(path):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                scope = scope.child(node) if inner in node.body else scope
            elif isinstance(node, (ast.Lambda, *_COMPREHENSIONS)):
                scope = scope.child(node)
        return scope

    @cached_property
    def nodes(self) -> Nodes:
        """Every node of the tree with what is around it."""
        return Nodes(self.tree, self.scope)

    @cached_property
    def typed(self) -> list[ast.AST]:
        """The nodes that conversion may have to do with, in the order of the text: statements, calls, attributes (that
        nothing is known of what they are of is said), and expressions with something in them of which more is known
        than that it is Python's own."""
        nodes = self.nodes
        found: set[ast.AST] = set()
        for node in nodes.ordered:
            if isinstance(node, ast.expr) and node not in found and self._is_typed(node):
                current: ast.AST | None = node
                while isinstance(current, ast.expr) and current not in found:
                    found.add(current)
                    current = nodes.around(current)
        return [
            node for node in nodes.ordered if node in found or isinstance(node, (ast.stmt, ast.Call, ast.Attribute))
        ]

    def _is_typed(self, node: ast.expr) -> bool:
        scope = self.nodes.scope_of(node)
        known = self.type_of(node, scope) if scope is not None else None
        return known is not None and (known is Plain.SIZE or not isinstance(known, Plain))

    def reads_of(self, name: str) -> Iterator[ast.Name]:
        """Every place that reads ``name`` as a name, in any scope."""
        return (node for node in self.nodes.named(name) if not isinstance(node.ctx, ast.Store))

    def calls_of(self, function: str) -> list[tuple[ast.Call, Scope]] | None:
        """Every call of a function of the module; None where it is used in another way than called."""
        found = []
        for node in self.reads_of(function):
            call, scope = self.nodes.around(node), self.nodes.scope_of(node)
            if not isinstance(call, ast.Call) or call.func is not node or scope is None:
                return None
            found.append((call, scope))
        return found

    @cached_property
    def frameworks(self) -> tuple[Framework, ...]:
        """The frameworks that the unit imports, the first imported first."""
        found: dict[Framework, None] = {}
        for node in self.imports:
            paths = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for path in paths:
                if (framework := _framework(path)) is not None:
                    found[framework] = None
        return tuple(found)

    @cached_property
    def imports(self) -> list[ast.Import | ast.ImportFrom]:
        """Every import statement, in document order."""
        return [node for node in statements(self.tree) if isinstance(node, (ast.Import, ast.ImportFrom))]


def statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Every statement below ``tree``, in document order; expressions are not searched."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            yield node
        inner: list[ast.AST] = []
        for field in ("body", "handlers", "orelse", "finalbody", "cases"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                inner += block
        stack += reversed(inner)


def _framework(path: str) -> Framework | None:
    root = path.split(".", 1)[0]
    return {"torch": Framework.PYTORCH, "torchvision": Framework.PYTORCH, "mxnet": Framework.MXNET}.get(root)


def _child_at(node: ast.AST, line: int, column: int) -> ast.AST | None:
    """The node right below ``node`` that covers a place; of two that meet there, the one that begins."""
    touching: ast.AST | None = None
    for child in ast.iter_child_nodes(node):
        place = _place(child)
        if place is None:
            inner = None if isinstance(child, _PLACELESS) else _child_at(child, line, column)
            if inner is not None:  # arguments, with items, clauses of a comprehension carry no place themselves
                return inner
            continue
        first, begins, last, ends = place
        if not first <= line <= last:
            if isinstance(child, _SCOPED) and _decorated(child, line):
                return child
            continue
        if (line == first and column < begins) or (line == last and column > ends):
            continue
        if line == last and column == ends:
            touching = child
            continue
        return child
    return touching


def _place(node: ast.AST) -> tuple[int, int, int, int] | None:
    if isinstance(node, (ast.expr, ast.stmt, ast.keyword, ast.alias, ast.arg, ast.ExceptHandler)):
        return node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return None


def _decorated(node: ast.AST, line: int) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(item.lineno <= line <= item.end_lineno for item in decorators)


@lru_cache(maxsize=32)
def _of_text(text: str) -> Source:
    parsed = parse(text)
    return Source(text if parsed.problem is None else parsed.text, parsed, text)


def _cells_with_active(notebook: Notebook) -> tuple[tuple[str, ...], int]:
    """The texts of the code cells that share the active cell's process, and the active one's place among them."""
    active = notebook.cells[notebook.active] if 0 <= notebook.active < len(notebook.cells) else None
    process = process_of(active.text) if active is not None else ""
    texts: list[str] = []
    place = 0
    for number, cell in enumerate(notebook.cells):
        if number == notebook.active:
            place = len(texts)
        if number == notebook.active or (cell.type is CellType.CODE and process_of(cell.text) == process):
            texts.append(cell.text if cell.type is CellType.CODE else "")
    return tuple(texts) or ("",), place


def process_of(text: str) -> str:
    """Which process a code cell runs in: "mxnet" for that of ``%%mxnet`` cells, "" for the kernel's own."""
    return "mxnet" if cell_magic(text) == "mxnet" else ""


@lru_cache(maxsize=32)
def _of_cells(texts: tuple[str, ...], active: int) -> Source:
    parsed = [parse(text) for text in texts]
    joined = BETWEEN_CELLS.join(part.text for part in parsed)
    firsts, starts, line = [], [0], 1
    for text in texts:
        firsts.append(line)
        starts.append(starts[-1] + len(text) + len(BETWEEN_CELLS))
        line += len(Text(text + BETWEEN_CELLS).starts) - 1
    whole = parse(joined)
    problem = parsed[active].problem
    last = firsts[active] + len(Text(texts[active]).starts) - 1
    shown = BETWEEN_CELLS.join(
        text if part.problem is None else part.text for text, part in zip(texts, parsed, strict=True)
    )
    shown = shown if len(shown) == len(whole.text) else whole.text
    return Source(
        shown,
        Parsed(whole.text, whole.tree, problem),
        texts[active],
        first_line=firsts[active],
        last_line=last,
        cells=tuple(starts[:-1]),
    )
