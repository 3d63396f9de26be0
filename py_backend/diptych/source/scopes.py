"""Who binds which name where. Built scope by scope, when first asked: a hover needs few of them.

Within a scope a use sees the bindings that can reach it: the last one before it that surely ran, the conditional ones
after that, and those that a loop carries round.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum

import msgspec

from diptych.source.compat import MATCH, MATCH_CAPTURES

Place = tuple[int, int]
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class BindingKind(str, Enum):
    """The ways to bind a name."""

    IMPORT = "import"
    ASSIGN = "assign"
    AUGMENT = "augment"
    LOOP = "loop"
    WITH = "with"
    FUNCTION = "function"
    CLASS = "class"
    PARAMETER = "parameter"
    OTHER = "other"  # except ... as, match, del, walrus in a place we do not follow


class Binding(msgspec.Struct, frozen=True, eq=False):
    """One place that gives ``name`` a value.

    ``index`` are the steps from ``value`` (or from one item of it, for loops) into a tuple target; ``place`` is where
    the name begins to hold it; ``suites`` are the line ranges of the conditional blocks around, ``loops`` of the
    loops."""

    name: str
    kind: BindingKind
    node: ast.AST
    place: Place
    value: ast.expr | None = None
    index: tuple[int, ...] = ()
    path: str = ""  # imports: what was imported
    suites: tuple[tuple[int, int], ...] = ()
    loops: tuple[tuple[int, int], ...] = ()
    block: tuple[ast.stmt, ...] = ()  # the statements of the block that binds it
    scope: Scope | None = None


class Scope:
    """A module, class, function, lambda or comprehension. ``node`` is the module's tree for the module."""

    def __init__(self, node: ast.AST, parent: Scope | None, walrus: bool = False) -> None:
        self.node = node
        self.parent = parent
        self.walrus = walrus  # whether the text has any `:=`: only then are expressions searched for them
        self._bindings: dict[str, list[Binding]] | None = None
        self.outer: set[str] = set()  # declared global or nonlocal here
        self._children: dict[int, Scope] = {}

    @property
    def is_class(self) -> bool:
        """Whether this is the body of a class: its names are not seen from its methods."""
        return isinstance(self.node, ast.ClassDef)

    @property
    def is_module(self) -> bool:
        """Whether this is the outermost scope."""
        return self.parent is None

    @property
    def bindings(self) -> dict[str, list[Binding]]:
        """The bindings of each name, in document order."""
        if self._bindings is None:
            self._bindings = {}
            _Collector(self, self._bindings).run()
        return self._bindings

    def child(self, node: ast.AST) -> Scope:
        """The scope that ``node`` opens inside this one."""
        scope = self._children.get(id(node))
        if scope is None:
            scope = self._children[id(node)] = Scope(node, self, self.walrus)
        return scope

    def resolve(self, name: str, place: Place) -> tuple[Scope | None, list[Binding]]:
        """The scope that owns ``name`` for a use at ``place``, and the bindings that can reach it."""
        scope: Scope | None = self
        nested = False
        while scope is not None:
            found = scope.bindings.get(name)
            if name in scope.outer:
                found = None
            if found and not (nested and scope.is_class):
                if nested and not isinstance(self.node, _COMPREHENSIONS):
                    return scope, found
                return scope, reaching(found, place)
            if not isinstance(scope.node, _COMPREHENSIONS):
                nested = True
            scope = scope.parent
        return None, []


def reaching(bindings: list[Binding], place: Place) -> list[Binding]:
    """The bindings a use at ``place`` may see; all of them when none comes before it."""
    found: list[Binding] = []
    for binding in reversed(bindings):
        if binding.place > place:
            if any(first <= place[0] <= last and first <= binding.place[0] <= last for first, last in binding.loops):
                found.append(binding)
            continue
        found.append(binding)
        if all(first <= place[0] <= last for first, last in binding.suites):
            return found
    return found or bindings


class _Collector:
    """Walks the statements of one scope, not those of the scopes inside it."""

    def __init__(self, scope: Scope, bindings: dict[str, list[Binding]]) -> None:
        self.scope = scope
        self.bindings = bindings
        self.suites: tuple[tuple[int, int], ...] = ()
        self.loops: tuple[tuple[int, int], ...] = ()
        self.block: tuple[ast.stmt, ...] = ()

    def run(self) -> None:
        node = self.scope.node
        if isinstance(node, (*_FUNCTIONS, ast.Lambda)):
            self._parameters(node.args)
        if isinstance(node, _COMPREHENSIONS):
            for generator in node.generators:
                place = (generator.target.lineno, generator.target.col_offset)
                self._target(generator.target, BindingKind.LOOP, node, generator.iter, place=(0, place[1]))
        elif isinstance(node, ast.Lambda):
            self._walruses(node.body)
        else:
            self._block(getattr(node, "body", []))
        for name in self.bindings:
            self.bindings[name].sort(key=lambda binding: binding.place)

    def _add(self, name: str, kind: BindingKind, node: ast.AST, place: Place, **more: object) -> None:
        around = {"suites": self.suites, "loops": self.loops, "block": self.block, "scope": self.scope}
        binding = Binding(name, kind, node, place, **around, **more)  # type: ignore[arg-type]  # the remaining fields by name
        self.bindings.setdefault(name, []).append(binding)

    def _block(self, statements: list[ast.stmt]) -> None:
        outer = self.block
        self.block = tuple(statements)
        for statement in statements:
            self._statement(statement)
        self.block = outer

    def _conditional(self, statements: list[ast.stmt], loop: ast.stmt | None = None) -> None:
        if not statements:
            return
        suites, loops = self.suites, self.loops
        self.suites = (*suites, _lines(statements[0], statements[-1]))
        if loop is not None:
            self.loops = (*loops, _lines(loop, loop))
        self._block(statements)
        self.suites, self.loops = suites, loops

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._target(target, BindingKind.ASSIGN, node, node.value, place=_end(node))
            self._walruses(node.value)
        elif isinstance(node, ast.AnnAssign):
            self._target(node.target, BindingKind.ASSIGN, node, node.value, place=_end(node))
        elif isinstance(node, ast.AugAssign):
            self._target(node.target, BindingKind.AUGMENT, node, node.value, place=_end(node))
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self._for(node)
        elif isinstance(node, ast.While):
            self._walruses(node.test)
            self._conditional(node.body, node)
            self._conditional(node.orelse)
        elif isinstance(node, ast.If):
            self._walruses(node.test)
            self._conditional(node.body)
            self._conditional(node.orelse)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if item.optional_vars is not None:
                    place = _end(item.optional_vars)
                    self._target(item.optional_vars, BindingKind.WITH, node, item.context_expr, place=place)
            self._block(node.body)
        elif isinstance(node, _FUNCTIONS):
            self._add(node.name, BindingKind.FUNCTION, node, (node.lineno, node.col_offset))
        elif isinstance(node, ast.ClassDef):
            self._add(node.name, BindingKind.CLASS, node, (node.lineno, node.col_offset))
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            self.scope.outer.update(node.names)
        elif isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            self._try(node)  # type: ignore[arg-type]  # TryStar has the fields of Try
        elif MATCH is not None and isinstance(node, MATCH):
            self._match(node)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                self._target(target, BindingKind.OTHER, node, None, place=_end(node))
        elif isinstance(node, (ast.Expr, ast.Return)) and node.value is not None:
            self._walruses(node.value)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        suites, loops = self.suites, self.loops
        self.suites = (*suites, (node.lineno, _lines(node, node.body[-1])[1]))
        self.loops = (*loops, _lines(node, node))
        self._target(node.target, BindingKind.LOOP, node, node.iter, place=_end(node.target))
        self._block(node.body)
        self.suites, self.loops = suites, loops
        self._conditional(node.orelse)

    def _try(self, node: ast.Try) -> None:
        self._conditional(node.body)
        for handler in node.handlers:
            if handler.name:
                self._add(handler.name, BindingKind.OTHER, handler, (handler.lineno, handler.col_offset))
            self._conditional(handler.body)
        self._conditional(node.orelse)
        self._block(node.finalbody)

    def _match(self, node: ast.AST) -> None:
        for case in getattr(node, "cases", []):
            for pattern in ast.walk(case.pattern):
                if isinstance(pattern, MATCH_CAPTURES):
                    name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                    if name:
                        self._add(
                            name,
                            BindingKind.OTHER,
                            pattern,
                            (getattr(pattern, "lineno", 0), getattr(pattern, "col_offset", 0)),
                        )
            self._conditional(case.body)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        place = _end(node)
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                path = alias.name if alias.asname else name
                self._add(name, BindingKind.IMPORT, node, place, path=path)
            return
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name != "*":
                self._add(alias.asname or alias.name, BindingKind.IMPORT, node, place, path=f"{module}.{alias.name}")

    def _parameters(self, args: ast.arguments) -> None:
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        every += [arg for arg in (args.vararg, args.kwarg) if arg is not None]
        for arg in every:
            self._add(arg.arg, BindingKind.PARAMETER, arg, (0, 0))

    def _target(  # noqa: PLR0917  (recursive over its own arguments)
        self,
        target: ast.expr,
        kind: BindingKind,
        node: ast.AST,
        value: ast.expr | None,
        place: Place,
        index: tuple[int, ...] = (),
    ) -> None:
        if isinstance(target, ast.Name):
            self._add(target.id, kind, node, place, value=value, index=index)
        elif isinstance(target, (ast.Tuple, ast.List)):
            starred = any(isinstance(element, ast.Starred) for element in target.elts)
            for number, element in enumerate(target.elts):
                known = not starred and value is not None
                self._target(element, kind, node, value if known else None, place, (*index, number))
        elif isinstance(target, ast.Starred):
            self._target(target.value, kind, node, None, place, index)

    def _walruses(self, expression: ast.expr) -> None:
        if not self.scope.walrus:
            return
        for node in _named_expressions(expression):
            self._target(node.target, BindingKind.ASSIGN, node, node.value, place=_end(node))


def _named_expressions(expression: ast.expr) -> Iterator[ast.NamedExpr]:
    if isinstance(expression, (ast.Name, ast.Constant, ast.Attribute)):
        return
    for node in ast.walk(expression):
        if isinstance(node, ast.NamedExpr):
            yield node


def _end(node: ast.stmt | ast.expr) -> Place:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


def _lines(first: ast.stmt, last: ast.stmt) -> tuple[int, int]:
    return first.lineno, last.end_lineno or last.lineno


def children(node: ast.AST, scope: Scope) -> list[tuple[ast.AST, Scope]]:
    """The nodes right below, each with the scope it is evaluated in."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        inner = scope.child(node)
        body = {id(item) for item in node.body}
        return [(child, inner if id(child) in body else scope) for child in ast.iter_child_nodes(node)]
    if isinstance(node, ast.Lambda):
        return [(node.args, scope), (node.body, scope.child(node))]
    if isinstance(node, _COMPREHENSIONS):
        inner = scope.child(node)
        return [(child, inner) for child in ast.iter_child_nodes(node)]
    return [(child, scope) for child in ast.iter_child_nodes(node)]
