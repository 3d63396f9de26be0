"""Functions that writings call, written into the result once: behind its imports, under a name that is free."""

from __future__ import annotations

import ast
import builtins
import itertools
import re
from typing import TYPE_CHECKING

from diptych.equivalence.model import Dialect, Framework, Helper
from diptych.source.types import framework_of

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter


class Helpers:
    """The helpers that one conversion uses, in the order in which they are needed."""

    def __init__(self, rewriter: Rewriter) -> None:
        self._rewriter = rewriter
        self._names: dict[str, str] = {}  # the helper's own name -> the name in the result
        self._texts: dict[str, str] = {}  # the name in the result -> its text

    def _known(self, name: str) -> bool:
        """Whether the source uses a name anywhere, as a function's own variable must not hide a helper, or it is one of
        Python's own functions, which other helpers may call."""
        return hasattr(builtins, name) or _uses(self._rewriter.source.text.text, name)

    def called(self, code: str) -> list[str]:
        """The definitions that ``code`` calls and does not hold itself, those that they call first."""
        found: dict[str, None] = {}
        for name, text in self._texts.items():
            if _uses(code, name) and not re.search(rf"^(def|class) {name}\b", code, re.MULTILINE):
                found |= dict.fromkeys([*self.called(text), text])
        return list(found)

    def name(self, name: str) -> str | None:
        """What the result calls the record's helper ``name``; None where no helper has this name."""
        if name in self._names:
            return self._names[name]
        helper = self._rewriter.catalog.helpers.get(name)
        text = self._text(helper) if helper is not None else ""
        return self._add(name, name, text) if text else None

    def add(self, name: str, text: str) -> str:
        """Notes a function whose text defines ``name``; the name it gets."""
        for known, written in self._texts.items():
            if written == _renamed(text, name, known):
                return known
        return self._add(text, name, text)

    def write(self) -> None:
        """Writes the functions behind the last import at the top of the module."""
        if not self._texts:
            return
        rewriter = self._rewriter
        newline = rewriter.newline
        code = "".join(f"{newline}{newline}{text.replace(chr(10), newline)}{newline}" for text in self._texts.values())
        body = rewriter.source.tree.body
        last = _last_import(body, rewriter.origin)
        if last is None:
            offset = rewriter.source.text.starts[body[0].lineno - 1] if body else 0
            rewriter.edits.replace(offset, offset, code.lstrip(newline) + newline + newline)
            return
        # Where the next line starts: the import's own line may go, with all that stands at its end.
        text, line = rewriter.source.text, last.end_lineno or last.lineno
        self._refuse_beside(last, body)
        if line >= len(text.starts):
            end = text.line_end(line)
            rewriter.edits.replace(end, end, newline + code)
            return
        blank = not text.line(line + 1).strip()
        place = text.starts[line]
        rewriter.edits.replace(place, place, code + newline * (1 if blank else 2), first=True)

    def _refuse_beside(self, last: ast.stmt, body: list[ast.stmt]) -> None:
        """What stands on the last import's line runs before the functions are there."""
        rewriter = self._rewriter
        for statement in body:
            if statement.lineno != last.end_lineno or statement.col_offset <= last.col_offset:
                continue
            place = rewriter.range(statement)
            written = "".join(segment.text for segment in rewriter.edits.render(place.start, place.end))
            if self.called(written):
                message = "This uses a function that comes behind the imports: put it on a line of its own."
                rewriter.fail(statement, "helper", message, comment="put this on a line of its own")
                return

    def _text(self, helper: Helper) -> str:
        if self._rewriter.target is Framework.PYTORCH:
            return helper.torch
        return helper.np if self._rewriter.dialect is Dialect.NP else helper.nd

    def _with_bases(self, found: re.Match[str]) -> str:
        """A class's head; helpers that it derives from are written before it."""
        bases = [self.name(base) or base for base in found[2].split(", ")]
        return f"{found[1]}({', '.join(bases)})"

    def _add(self, key: str, name: str, text: str) -> str:
        from diptych.conversion.names import spelled  # noqa: PLC0415  (spelling a text asks for helpers)

        free = name
        number = 2
        while self._known(free) or free in self._texts:
            free, number = f"{name}_{number}", number + 1
        self._names[key] = free
        self._texts[free] = ""  # keeps the place: what it calls itself comes first
        text = _BASES.sub(self._with_bases, text.strip())
        written = spelled(self._rewriter, _renamed(text, name, free), None)
        del self._texts[free]
        self._texts[free] = written
        return free


def came_along(rewriter: Rewriter) -> None:
    """On the way back: says which functions an earlier conversion brought. They are converted as any function is, but
    nothing says what they are given, and PyTorch, or MXNet, may have its own for them."""
    for node in rewriter.source.tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            continue
        helper = rewriter.catalog.helpers.get(re.sub(r"_\d+$", "", node.name))
        if helper is None:
            continue
        texts = (helper.torch,) if rewriter.origin is Framework.PYTORCH else (helper.nd, helper.np)
        if any(text and _same_body(text, node) for text in texts):
            message = f"`{node.name}` seems to have come along with an earlier conversion; look at what it became."
            rewriter.warn(node, "came-along", message, "Write the library's own function where there is one.")


def _same_body(text: str, node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Whether a helper has as many lines, and the same names for what it is given."""
    own = ast.parse(text.strip()).body[0]
    if isinstance(own, ast.FunctionDef) and isinstance(node, ast.FunctionDef):
        return ast.dump(own.args) == ast.dump(node.args) and len(own.body) == len(node.body)
    return isinstance(own, ast.ClassDef) and isinstance(node, ast.ClassDef) and len(own.body) == len(node.body)


_BASES = re.compile(r"(?<=^class )(\w+)\(([^)]+)\)(?=:)", re.MULTILINE)


def _uses(text: str, name: str) -> bool:
    """Whether the word stands in a text, not behind a dot."""
    return name in text and re.search(rf"(?<![\w.]){name}\b", text) is not None


def _renamed(text: str, name: str, other: str) -> str:
    """The text of the function, or class, ``name`` by another name."""
    return re.sub(rf"\b(def|class) {name}\b", rf"\1 {other}", text)


def _last_import(body: list[ast.stmt], origin: Framework) -> ast.stmt | None:
    """The last of the imports that the module begins with, beside its docstring; where the framework is imported only
    later (behind a setting of the environment, a magic), the last of the imports there: classes derive from its own."""
    last = None
    for number, statement in enumerate(body):
        docstring = number == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if isinstance(statement, _IMPORTS):
            last = statement
        elif not docstring:
            break
    first = next((number for number, statement in enumerate(body) if _imports(statement, origin)), None)
    if first is None or (last is not None and last.lineno >= body[first].lineno):
        return last
    following = itertools.takewhile(lambda statement: isinstance(statement, _IMPORTS), body[first:])
    return list(following)[-1]


_IMPORTS = (ast.Import, ast.ImportFrom)


def _imports(statement: ast.stmt, framework: Framework) -> bool:
    if isinstance(statement, ast.Import):
        return any(framework_of(alias.name) is framework for alias in statement.names)
    return isinstance(statement, ast.ImportFrom) and framework_of(statement.module or "") is framework
