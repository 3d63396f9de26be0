"""Runs inside a framework's own interpreter: lists what the library's namespaces and classes hold.

Started as a file; it reads the request (``modules``, ``only``, ``classes``, ``extra`` and ``operators`` of
``namespaces.toml``) as JSON from standard input and answers with one JSON object: for each dotted name a fact with
``form``, ``forms`` (as ``inspector.py`` has them), ``documented_forms``, ``returns`` (annotations), ``told`` (what the
docstring says that it returns), and where the thing is at home.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import json
import os
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diptych.checking import inspector
else:
    import inspector

Fact = dict[str, Any]
_returns: dict[str, list[str]] = {}


def main() -> None:
    """Answer one request."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with contextlib.suppress(ModuleNotFoundError):
        importlib.import_module("diptych.runtime").enable_shims()
    channel.write(json.dumps({"facts": facts(json.load(sys.stdin)), "tuples": named_tuples()}))
    channel.flush()


def facts(request: dict[str, Any]) -> dict[str, Fact]:
    """A fact for every name of the request."""
    found: dict[str, Fact] = {}
    for path in [*request["modules"], *request["only"]]:
        module = inspector.resolve(path)[0]
        for name in request["only"].get(path, dir(module)):
            if not name.startswith("__"):
                found[f"{path}.{name}"] = of_module(path, module, name)
    for path in request["classes"]:
        owner = inspector.resolve(path)[0]
        for name in members(owner, request["operators"]):
            found[f"{path}.{name}"] = of_class(path, owner, name, name in request["operators"])
    for path in request["extra"]:
        found[path] = fact("attribute", None)
    return found


def of_module(path: str, module: Any, name: str) -> Fact:
    """What a module's name is."""
    thing = getattr(module, name)
    if inspect.ismodule(thing):
        return {**fact("module", thing), "home": thing.__name__}
    listed = name in getattr(module, "__all__", ())
    form = "class" if inspect.isclass(thing) else "function" if callable(thing) else "attribute"
    if form == "attribute" or name.startswith("_"):
        return {**fact(form, thing), "listed": listed}
    return {**fact(form, thing), **signatures(f"{path}.{name}", thing, method=False), "listed": listed}


def of_class(path: str, owner: Any, name: str, operator: bool) -> Fact:
    """What a class's name is, and which of its bases has it."""
    static = inspect.getattr_static(owner, name, None)
    thing = getattr(owner, name, None)
    full = f"{path}.{name}"
    home = next((base for base in owner.__mro__ if name in vars(base)), owner)
    inherited = f"{home.__module__}.{home.__qualname__}" if home is not owner else ""
    if not callable(thing) or isinstance(static, property):
        found = fact("attribute", static)
        found["returns"] = returns(full, getattr(static, "fget", None))
        return {**found, "inherited": inherited}
    bound = isinstance(static, (staticmethod, classmethod))
    found = {**fact("operator" if operator else "method", thing), "inherited": inherited}
    if path == "torch.Tensor":  # documented as the function, where it is one
        places = [importlib.import_module(place) for place in ("torch", "torch.nn.functional")]
        found["documented"] |= any(inspect.getdoc(getattr(place, name.rstrip("_"), None)) for place in places)
    return found if name.startswith("_") and not operator else {**found, **signatures(full, thing, not bound)}


def members(owner: Any, operators: list[str]) -> Iterator[str]:
    """The names of a class that are not ``object``'s own."""
    for name in sorted({*dir(owner), *inspect.get_annotations(owner)}):
        if name in operators:
            if inspect.getattr_static(owner, name) is not inspect.getattr_static(object, name, None):
                yield name
        elif not name.startswith("__"):
            yield name


def fact(form: str, thing: Any) -> Fact:
    """What every name has."""
    doc = getattr(thing, "__doc__", None)  # a class's own: ``inspect.getdoc`` takes the base's
    documented = form != "attribute" and isinstance(doc, str) and bool(doc.strip())
    home = "" if form == "attribute" else getattr(thing, "__module__", None) or ""
    return {"form": form, "documented": documented, "home": home, "identity": id(thing)}


def signatures(name: str, thing: Any, method: bool) -> Fact:
    """The signatures of a callable and what it returns."""
    doc = inspect.getdoc(thing) or ""
    forms = list(inspector.library_forms(thing, method))
    told = inspector.documented(doc, name.rpartition(".")[2])
    known = any(map(inspector.says_something, forms))
    if name.startswith("torch") and not known:
        forms = (
            inspector.stubs().get(name, []) or [form for form, _ in told] or inspector.torch_forms(name, thing, method)
        )
    if name.startswith("mxnet."):
        forms += inspector.fluent_forms(name, thing)
    section = re.search(r"^Returns\s*\n-+\n\s*(.+)$", doc, re.MULTILINE)
    results = [result for _, result in told if result] + ([section[1].strip()] if section else [])
    return {
        "forms": forms,
        "documented_forms": [] if known else [form for form, _ in told],
        "returns": returns(name, thing),
        "told": results,
        "fluent": "onvenience fluent method for" in doc,
    }


def returns(name: str, thing: Any) -> list[str]:
    """Return annotations: the function's own, else those of the stubs."""
    with contextlib.suppress(ValueError, TypeError):
        annotation = inspect.signature(thing).return_annotation
        if annotation is not inspect.Signature.empty:
            return [annotation.__name__ if inspect.isclass(annotation) else str(annotation)]
    return stub_returns().get(name, []) if name.startswith("torch.") else []


def stub_returns() -> dict[str, list[str]]:
    """The return annotations and attribute types of PyTorch's stubs."""
    if not _returns:
        for prefix, tree in inspector.stub_trees():
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and node.returns:
                    _returns.setdefault(f"{prefix}.{node.name}", []).append(ast.unparse(node.returns))
                if isinstance(node, ast.ClassDef):
                    owner = "torch.Tensor" if node.name == "TensorBase" else f"torch.{node.name}"
                    for name, annotation in class_annotations(node):
                        _returns.setdefault(f"{owner}.{name}", []).append(ast.unparse(annotation))
    return _returns


def class_annotations(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """The types of a class's methods' results and of its attributes."""
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.returns:
            yield part.name, part.returns
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            yield part.target.id, part.annotation


def named_tuples() -> dict[str, list[str]]:
    """The field names of ``torch.return_types``."""
    if "torch" not in sys.modules:
        return {}
    types = importlib.import_module("torch.return_types")
    return {name: list(kind.__match_args__) for name, kind in vars(types).items() if hasattr(kind, "__match_args__")}


if __name__ == "__main__":
    main()
