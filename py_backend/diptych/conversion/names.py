"""How the result spells a public path, and the imports it needs for that."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diptych.equivalence.aliases import canonical
from diptych.equivalence.model import Framework
from diptych.equivalence.template import ROOTS
from diptych.source.scopes import BindingKind, Scope
from diptych.source.source import Source
from diptych.source.types import framework_of

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter


@dataclass(frozen=True)
class Import:
    """``from module import name as alias``, or ``import module as alias`` where ``name`` is empty."""

    module: str
    name: str
    alias: str

    @property
    def path(self) -> str:
        """The public path that the name is bound to."""
        return f"{self.module}.{self.name}" if self.name else self.module


# What people write. The longest path that is a prefix of the wanted one is used.
_USUAL = {
    Framework.MXNET: (
        Import("mxnet", "", "mx"),
        Import("mxnet", "autograd", "autograd"),
        Import("mxnet", "gluon", "gluon"),
        Import("mxnet", "init", "init"),
        Import("mxnet", "nd", "nd"),
        Import("mxnet", "np", "np"),
        Import("mxnet", "npx", "npx"),
        Import("mxnet.gluon", "nn", "nn"),
        Import("mxnet.gluon.data.vision", "datasets", "datasets"),
        Import("mxnet.gluon.data.vision", "transforms", "transforms"),
        Import("numpy", "", "numpy"),
    ),
    Framework.PYTORCH: (
        Import("torch", "", "torch"),
        Import("torch", "nn", "nn"),
        Import("torch.nn.functional", "", "F"),
        Import("torchvision", "datasets", "datasets"),
        Import("torchvision", "transforms", "transforms"),
        Import("numpy", "", "numpy"),
    ),
}
_NEUTRAL = ("numpy", "math", "functools", "itertools")  # packages that both sides' results may import
# Written by their bare name where the source, too, imported the class itself.
_BARE = ("DataLoader", "Dataset", "SGD", "CrossEntropyLoss", "SoftmaxCrossEntropyLoss", "Trainer")


class Names:
    """Chooses spellings for one conversion; ``needed`` are the imports that the result has to have."""

    def __init__(self, source: Source, target: Framework, taken: frozenset[str] = frozenset()) -> None:
        self.target = target
        self.taken = taken | _foreign_names(source)
        self.needed: dict[Import, None] = {}
        self.existing: dict[str, str] = {}  # path -> name it is already bound to
        self._spelled: dict[tuple[str, Scope | None, bool], tuple[str, Import | None]] = {}
        self.bare = _bare_classes(source, target)
        for name, bindings in source.scope.bindings.items():
            for binding in bindings:
                if binding.kind is BindingKind.IMPORT and (
                    framework_of(binding.path) is target or binding.path in _NEUTRAL
                ):
                    self.existing.setdefault(canonical(binding.path), name)

    def spell(self, path: str, scope: Scope | None = None, bare: bool = False) -> str:
        """``path`` as the result writes it, its import noted as needed."""
        known = self._spelled.get((path, scope, bare))
        if known is None:
            known = self._spelled[path, scope, bare] = self._spell(canonical(path), scope, bare)
        text, needed = known
        if needed is not None:
            self.needed[needed] = None
        return text

    def _spell(self, path: str, scope: Scope | None, bare: bool) -> tuple[str, Import | None]:
        """The text, and the import that it needs."""
        for end in _prefixes(path):
            if end in self.existing and not self._hidden(self.existing[end], scope):
                return self.existing[end] + path[len(end) :], None
        owner, _, name = path.rpartition(".")
        if (bare or name in self.bare) and self._free(name, scope):
            return name, Import(_module_of(owner), name, name)
        for usual in sorted(_USUAL[self.target], key=lambda item: -len(item.path)):
            prefix = canonical(usual.path)
            if (path == prefix or path.startswith(prefix + ".")) and self._free(usual.alias, scope):
                return usual.alias + path[len(prefix) :], usual
        root = path.split(".", 1)[0]
        alias = f"{root}_" if not self._free(root, scope) else root
        return alias + path[len(root) :], Import(root, "", alias)

    def _free(self, name: str, scope: Scope | None) -> bool:
        return name not in self.taken and not self._hidden(name, scope)

    @staticmethod
    def _hidden(name: str, scope: Scope | None) -> bool:
        """Whether ``name`` is bound by something between ``scope`` and the module."""
        while scope is not None and not scope.is_module:
            bindings = scope.bindings.get(name, ())
            if any(binding.kind is not BindingKind.IMPORT for binding in bindings):
                return True
            scope = scope.parent
        return False


def _prefixes(path: str) -> list[str]:
    parts = path.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _module_of(owner: str) -> str:
    return owner


def _foreign_names(source: Source) -> frozenset[str]:
    """Names at module level that something other than an import of the two frameworks binds."""
    found = set()
    for name, bindings in source.scope.bindings.items():
        for binding in bindings:
            if binding.kind is not BindingKind.IMPORT or framework_of(binding.path) is None:
                if name == binding.path and binding.path in _NEUTRAL:
                    continue
                found.add(name)
    return frozenset(found)


def _bare_classes(source: Source, target: Framework) -> frozenset[str]:
    origin = target.other
    imported = {
        alias.name
        for node in source.imports
        if isinstance(node, ast.ImportFrom) and node.module and framework_of(node.module) is origin
        for alias in node.names
    }
    pairs = {"CrossEntropyLoss": "SoftmaxCrossEntropyLoss", "SoftmaxCrossEntropyLoss": "CrossEntropyLoss"}
    pairs |= {"SGD": "Trainer", "Trainer": "SGD"}
    return frozenset(pairs.get(name, name) for name in imported if name in _BARE)


def spelled(rewriter: Rewriter, text: str, node: ast.AST | None) -> str:
    """The text of a writing or helper: packages spelled as the result imports them, helpers noted as needed."""
    scope = rewriter.scope_of(node) if node is not None else rewriter.source.scope
    roots = ROOTS[rewriter.target]

    def spell(found: re.Match[str]) -> str:
        root = roots.get(found[1])
        return rewriter.names.spell(f"{root}.{found[2]}", scope) if root is not None else found[0]

    text = _DOTTED.sub(spell, text)
    return _CALLED.sub(lambda found: rewriter.helpers.name(found[0]) or found[0], text)


_DOTTED = re.compile(r"(?<![\w.'\"])([A-Za-z_]\w*)\.([A-Za-z_][\w.]*)")
# A helper is called, is all there is, or has some of its arguments fixed.
_CALLED = re.compile(
    r"(?<![\w.'\"])([A-Za-z_]\w*)(?=\()|^([A-Za-z_]\w*)$|(?<=functools\.partial\()([A-Za-z_]\w*)(?=[,)]|$)"
)
