"""One conversion under way: the driver that visits the tree, and what rules may ask and write."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from diptych.conversion.arguments import Written
from diptych.conversion.edits import Edits, Part, Range
from diptych.conversion.helpers import Helpers
from diptych.conversion.layout import slots
from diptych.conversion.model import Diagnostic, Severity
from diptych.conversion.names import Names
from diptych.conversion.profiles import Taken
from diptych.conversion.registry import node_rules
from diptych.conversion.uses import Use, use_of
from diptych.equivalence.catalog import Catalog
from diptych.equivalence.model import Dialect, Equivalence, Framework, Spelling
from diptych.source.nodes import Nodes, inside, placed_inside
from diptych.source.scopes import Scope
from diptych.source.source import Source
from diptych.source.types import Type

Node = ast.expr | ast.stmt | ast.keyword | ast.alias | ast.arg


class Rewriter:
    """Rules read ``source``, ask for types, parents and scopes, and write edits, names and diagnostics."""

    def __init__(
        self, source: Source, catalog: Catalog, target: Framework, dialect: Dialect, taken: frozenset[str] = frozenset()
    ) -> None:
        self.source = source
        self.catalog = catalog
        self.target = target
        self.origin = target.other
        self.dialect = dialect
        self.edits = Edits(source.text.text)
        self.names = Names(source, target, taken)
        self.helpers = Helpers(self)
        self.diagnostics: list[Diagnostic] = []
        self.failed: list[ast.AST] = []  # what stayed as it was
        self.comments: dict[int, list[str]] = {}  # offset of a node's start -> what could not be converted there
        self.records: dict[str, None] = {}
        self.taken: list[Taken] = []  # how each use was written
        self.memory: dict[object, object] = {}  # plans that rules of one conversion share
        self._types = source.inference.known
        self._claimed: set[ast.AST] = set()
        self._next_group = 0
        self._records: dict[str, Equivalence | None] = {}
        self._slots: dict[ast.Call, tuple[list[Range], int]] = {}

    # --- the driver

    def run(self, node: ast.AST) -> None:
        """Applies the rules to ``node`` and everything inside it, the outer first."""
        rules, claimed = node_rules(), self._claimed
        for inner in self.source.typed if node is self.source.tree else placed_inside(node):
            if inner in claimed:
                continue
            for rule in rules.get(type(inner), ()):
                if rule(self, inner):
                    break

    # --- questions

    @cached_property
    def _nodes(self) -> Nodes:
        return self.source.nodes

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node right around ``node``."""
        return self._nodes.around(node)

    def scope_of(self, node: ast.AST) -> Scope:
        """The scope in which ``node`` is evaluated."""
        return self._nodes.scope_of(node) or self.source.scope

    def type_of(self, node: ast.expr) -> Type | None:
        """The light type of ``node``; None is unknown."""
        if node in self._types:  # asked for most often
            return self._types[node]
        return self.source.type_of(node, self.scope_of(node))

    def use(self, node: ast.expr) -> Use | None:
        """The use of a framework that ``node`` is, None where nothing says so."""
        return use_of(self.source, node, self.scope_of(node))

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The innermost statement around ``node``."""
        current: ast.AST | None = node
        while current is not None and not isinstance(current, ast.stmt):
            current = self.parent(current)
        return current

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around ``node``, the innermost first."""
        while (outer := self.parent(node)) is not None:
            yield outer
            node = outer

    def suite(self, statement: ast.stmt) -> list[ast.stmt]:
        """The block of statements that ``statement`` stands in."""
        parent = self.parent(statement)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(parent, field, None)
            if isinstance(block, list) and any(item is statement for item in block):
                return block
        return [statement]

    def record_for(self, path: str) -> Equivalence | None:
        """The record that speaks of ``path``; of several, one that can be written on the other side."""
        if path not in self._records:
            records = self.catalog.named(path)
            written = next((record for record in records if self.writes(record)), None)
            self._records[path] = written or (records[0] if records else None)
        return self._records[path]

    def writes(self, record: Equivalence) -> bool:
        """Whether this side has a way to write the record's uses in the dialect of this conversion."""
        if record.rule or (self.target_spelling(record) and not record.writings(self.target)):
            return True
        return any(writing.text(self.target, self.dialect) for writing in record.writings(self.target))

    def target_spelling(self, record: Equivalence) -> Spelling | None:
        """How the other side writes it in the dialect of this conversion."""
        fits = [
            spelling
            for spelling in record.spellings(self.target)
            if self.target is Framework.PYTORCH or self.dialect in spelling.dialects
        ]
        return next((spelling for spelling in fits if spelling.preferred), fits[0] if fits else None)

    def condition(self, name: str, node: ast.AST) -> bool:
        """Whether a condition of the records (``omit_when``) is known to hold at ``node``."""
        from diptych.conversion.conditions import holds  # noqa: PLC0415  (conditions ask the rewriter)

        return holds(self, name, node)

    # --- text

    def range(self, node: Node) -> Range:
        """The offsets of ``node`` in the source."""
        return Range(*self.source.text.range(node))

    def text(self, node: Node | Range) -> str:
        """The text of a node or range as the user wrote it."""
        place = node if isinstance(node, Range) else self.range(node)
        return self.source.text.text[place.start : place.end]

    def slots(self, call: ast.Call) -> tuple[list[Range], int]:
        """The range of each argument, keyword and parentheses included, and the offset of the closing parenthesis."""
        if call not in self._slots:
            self._slots[call] = slots(call, self.source.text)
        return self._slots[call]

    def value_start(self, keyword: ast.keyword, slot: Range) -> int:
        """Where the value of ``name=value`` begins, parentheses included."""
        text = self.source.text.text
        position = text.index("=", slot.start) + 1
        while text[position].isspace():
            position += 1
        return position

    @cached_property
    def newline(self) -> str:
        """The line break that the text uses."""
        text = self.source.text.text
        end = text.find("\n")
        if end < 0:
            return "\r" if "\r" in text else "\n"
        return "\r\n" if end and text[end - 1] == "\r" else "\n"

    # --- writing

    def claim(self, node: ast.AST) -> None:
        """No other rule looks at ``node`` or at anything inside it."""
        self._claimed.update(inside(node))

    def claim_only(self, node: ast.AST) -> None:
        """No other rule looks at ``node``; what is inside it is still visited."""
        self._claimed.add(node)

    def replace(
        self, node: Node | Range, *parts: Part, record: Equivalence | None = None, group: int | None = None
    ) -> None:
        """Writes ``parts`` in the place of ``node``."""
        place = node if isinstance(node, Range) else self.range(node)
        if record is not None:
            self.records[record.id] = None
        self.edits.replace(place.start, place.end, *parts, records=(record.id,) if record else (), group=group)

    def rewrite_call(self, call: ast.Call, record: Equivalence | None, function: str, arguments: list[Written]) -> None:
        """Writes another function and other arguments, each argument in the place of one that was there."""
        if isinstance(call.func, ast.Attribute) and function.startswith("."):
            place = self.range(call.func)
            self.replace(Range(place.end - len(call.func.attr), place.end), function[1:], record=record)
            self.claim_only(call.func)
        else:
            self.replace(call.func, function, record=record)
            self.claim(call.func)
        self.rewrite_arguments(call, record, arguments)

    def rewrite_arguments(self, call: ast.Call, record: Equivalence | None, arguments: list[Written]) -> None:
        """Writes other arguments; comments and line breaks between them stay."""
        places, closing = self.slots(call)
        self._next_group += 1
        group = self._next_group
        kept = places[: len(arguments)]
        for place, argument in zip(places, arguments, strict=False):
            parts = argument.all_parts()
            if parts != (place,):
                last = argument is arguments[len(kept) - 1] and len(arguments) > len(places)
                more = _joined(arguments[len(places) :]) if last else ()
                self.replace(place, *parts, *more, record=record, group=group)
            elif argument is arguments[len(kept) - 1] and len(arguments) > len(places):
                self.replace(place, place, *_joined(arguments[len(places) :]), record=record, group=group)
        if not places and arguments:
            self.replace(Range(closing, closing), *_joined(arguments)[1:], record=record)
        self._drop_slots(places, len(arguments), closing, record, group)

    def _drop_slots(self, places: list[Range], keep: int, closing: int, record: Equivalence | None, group: int) -> None:
        if len(places) <= keep:
            return
        text = self.source.text.text
        start = places[keep - 1].end if keep else places[0].start
        between = text[places[-1].end : closing]
        comma = places[-1].end + between.index(",") + 1 if "," in between.split("#")[0] and not keep else places[-1].end
        self.replace(Range(start, comma), record=record, group=group)

    # --- diagnostics

    def fail(self, node: ast.AST, code: str, message: str, suggestion: str = "", comment: str = "") -> None:
        """What ``node`` says stays as it was: an error, and a comment in the result."""
        self._diagnose(Severity.ERROR, node, code, message, suggestion)
        self.failed.append(node)
        place = self.range(node) if isinstance(node, (ast.expr, ast.stmt)) else Range(0, 0)
        self.comments.setdefault(place.start, []).append(comment or message)

    def warn(self, node: ast.AST, code: str, message: str, suggestion: str = "") -> None:
        """Converted, but worth a look."""
        self._diagnose(Severity.WARNING, node, code, message, suggestion)

    def inform(self, node: ast.AST, code: str, message: str, suggestion: str = "") -> None:
        """Good to know."""
        self._diagnose(Severity.INFO, node, code, message, suggestion)

    def _diagnose(self, severity: Severity, node: ast.AST, code: str, message: str, suggestion: str) -> None:
        offset = self.range(node).start if isinstance(node, (ast.expr, ast.stmt, ast.keyword, ast.arg)) else 0
        found = Diagnostic(severity, *self.source.text.place(offset), code, message, suggestion)
        if found not in self.diagnostics:
            self.diagnostics.append(found)


def _joined(arguments: list[Written]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for argument in arguments:
        parts += [", ", *argument.all_parts()]
    return tuple(parts)
