"""Runs inside a framework's own interpreter: says what the library itself knows of its names.

Started as a file; it reads one JSON list of dotted names from standard input and answers with one JSON object. Only the
standard library and the framework are imported. For each name it gives ``identity`` (equal for the same object) and
``forms``: every signature that the library has for it, each a list of ``[name, passing, default]``.
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
import textwrap
from typing import Any

Form = list[list[Any]]
_PASSING = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "either",
    inspect.Parameter.VAR_POSITIONAL: "variadic",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_KEYWORD: "options",
}
_stubs: dict[str, list[Form]] = {}


def main() -> None:
    """Answer one request."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with contextlib.suppress(ModuleNotFoundError):
        importlib.import_module("diptych.runtime").enable_shims()
    channel.write(json.dumps({name: describe(name) for name in json.load(sys.stdin)}))
    channel.flush()


def describe(name: str) -> dict[str, Any]:
    """What is known of one dotted name; ``{"missing": reason}`` where it does not resolve."""
    try:
        thing, owner = resolve(name)
    except (ImportError, AttributeError) as error:
        return {"missing": str(error)}
    method = inspect.isclass(owner) and not isinstance(
        inspect.getattr_static(owner, name.rpartition(".")[2]), (staticmethod, classmethod)
    )
    forms = list(library_forms(thing, method))
    if name.startswith("torch") and not any(map(says_something, forms)):
        forms += torch_forms(name, thing, method)
    if name.startswith("mxnet."):
        forms += fluent_forms(name, thing)
    if not forms:
        forms = [form for form, _ in documented(inspect.getdoc(thing) or "", name.rpartition(".")[2])]
    return {"identity": id(thing), "forms": forms}


def resolve(name: str) -> tuple[Any, Any]:
    """The object and what holds it. Raises ``ImportError`` or ``AttributeError``."""
    parts = name.split(".")
    for split in range(len(parts), 0, -1):
        try:
            thing: Any = importlib.import_module(".".join(parts[:split]))
        except ModuleNotFoundError:
            continue
        owner = None
        for part in parts[split:]:
            owner, thing = thing, getattr(thing, part)
        if owner is None and split > 1:  # a module may hide behind a function of its name
            thing = getattr(sys.modules[".".join(parts[: split - 1])], parts[split - 1], thing)
        return thing, owner
    raise ImportError(f"no module named {parts[0]}")


def library_forms(thing: Any, method: bool) -> list[Form]:
    """What ``inspect.signature`` says; nothing where a builtin has no signature."""
    try:
        arguments = list(inspect.signature(thing).parameters.values())
    except (ValueError, TypeError):
        return []
    texts, documented = default_texts(thing), documented_defaults(thing)
    form = []
    for argument in arguments[1:] if method else arguments:
        default = argument.default
        options: list[str] | None = None
        if default is not inspect.Parameter.empty:
            options = default_forms(default, texts.get(argument.name, []))
            if inspect.ismodule(default):
                options.append(default.__name__)
            if type(default).__name__ == "_NullType":
                options = documented.get(argument.name, ["None"])
        form.append([argument.name, _PASSING[argument.kind], options])
    return [form, *([generated] if (generated := without_plumbing(form)) else [])]


def default_forms(default: Any, written: list[str]) -> list[str]:
    """Texts that mean a default, the one that people would write first; ``written`` is the source's."""
    options = [repr(default), *written]
    if isinstance(default, str) and os.path.isabs(default):
        options = [*written, repr(default)]  # a folder of this machine
    if inspect.isclass(default):
        options.insert(1 if default.__module__ == "numpy" else len(options), repr(default.__name__))
    return options


def without_plumbing(form: Form) -> Form | None:
    """A generated operator ends with ``out=None, name=None, **kwargs``, which belong to no operator in particular."""
    return form[:-3] if [argument[0] for argument in form[-3:]] == ["out", "name", "kwargs"] else None


def default_texts(thing: Any) -> dict[str, list[str]]:
    """Defaults as the library's source writes them."""
    with contextlib.suppress(OSError, TypeError, SyntaxError, AttributeError):
        function = thing.__init__ if inspect.isclass(thing) else thing
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        if isinstance(tree, ast.FunctionDef):
            return {name: options for name, _, options in stub_form(tree, method=False) if options}
    return {}


def documented_defaults(thing: Any) -> dict[str, list[str]]:
    """``axis : Shape or None, optional, default=None`` in the docstring of a generated operator."""
    found = re.findall(r"^\s*(\w+) : (.*?)default=(.+?)\s*$", getattr(thing, "__doc__", None) or "", re.MULTILINE)
    return {name: default_options(kind, value) for name, kind, value in found}


def default_options(kind: str, value: str) -> list[str]:
    """Texts that mean a documented default, the one that people would write first: of strings only are quotes part."""
    unquoted = value.strip("'")
    if re.match(r"[-.\d(\[]", unquoted):
        with contextlib.suppress(SyntaxError):
            value, unquoted = unquoted, ast.unparse(ast.parse(unquoted))
    options = [unquoted, value] if unquoted == "None" or re.match(r"[-.\d(\[]", unquoted) else [value, unquoted]
    switch = {"0": "False", "1": "True"}.get(value)
    if switch is None:
        return options
    return [switch, *options] if "boolean" in kind else [*options, switch]


def fluent_forms(name: str, thing: Any) -> list[Form]:
    """``NDArray.sum(*args, **kwargs)`` is the operator of that name with the array as first argument."""
    if not re.search(r"[Cc]onvenience fluent method for", getattr(thing, "__doc__", None) or ""):
        return []
    operator = name.rpartition(".")[2]
    return [form[1:] for form in library_forms(resolve(f"mxnet.nd.{operator}")[0], method=False)]


def says_something(form: Form) -> bool:
    """False for ``(*args, **kwargs)``, which a decorator leaves of a signature."""
    return [passing for _, passing, _ in form] != ["variadic", "options"]


def torch_forms(name: str, thing: Any, method: bool) -> list[Form]:
    """PyTorch's builtins have none of their own: the stubs, the table of overridable functions and docstrings have."""
    forms = list(stubs().get(name, []))
    override = importlib.import_module("torch.overrides").get_testing_overrides().get(thing)
    if override is not None:
        forms += library_forms(override, method)
    return forms + [form for form, _ in documented(inspect.getdoc(thing) or "", name.rpartition(".")[2])]


def documented(doc: str, name: str) -> list[tuple[Form, str]]:
    """The signatures that a docstring writes out (``name(a, b=1) -> Tensor`` or ``.. function:: name(a)``), each with
    what it says of the result."""
    found: list[tuple[Form, str]] = []
    lines = [line for line in doc.strip().splitlines()[:1] if re.match(rf"[\w.]*\b{re.escape(name)}\(", line)]
    lines += re.findall(r"^\s*\.\. (?:function|method):: *(.+)$", doc, re.MULTILINE)
    for line in (re.sub(r"(\*\w+), \*,", r"\1,", line) for line in lines):  # ``zeros(*size, *, out=None)``
        written = re.match(rf"(?:[\w.]+\.)?{re.escape(name)}(\(.*?\))\s*(?:->\s*(.+?)\s*)?$", line.strip())
        if written:
            with contextlib.suppress(SyntaxError):
                parsed = ast.parse(f"def f{written[1]}: ...").body[0]
                if isinstance(parsed, ast.FunctionDef):
                    found.append((stub_form(parsed, method=False), written[2] or ""))
    return found


def stubs() -> dict[str, list[Form]]:
    """The overloads in the wheel's stubs, with what their docstrings begin with."""
    if not _stubs:
        for prefix, tree in stub_trees():
            read_stub(prefix, tree)
    return _stubs


def stub_trees() -> list[tuple[str, ast.Module]]:
    """The stubs of PyTorch's builtins, each with the path below which its functions are public."""
    folder = os.path.join(os.path.dirname(sys.modules["torch"].__file__ or ""), "_C")
    trees = []
    for file, prefix in (("_VariableFunctions", "torch"), ("__init__", "torch"), ("_nn", "torch.nn.functional")):
        with open(os.path.join(folder, f"{file}.pyi"), encoding="utf-8") as stub:
            trees.append((prefix, ast.parse(stub.read())))
    return trees


def read_stub(prefix: str, tree: ast.Module) -> None:
    """Every function becomes one below ``prefix``, every method of ``TensorBase`` one of ``torch.Tensor``."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            _stubs.setdefault(f"{prefix}.{node.name}", []).extend(overload_forms(node, method=False))
        if isinstance(node, ast.ClassDef):
            owner = "torch.Tensor" if node.name == "TensorBase" else f"torch.{node.name}"
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    name = owner if method.name == "__init__" else f"{owner}.{method.name}"
                    _stubs.setdefault(name, []).extend(overload_forms(method, method=True))


def overload_forms(node: ast.FunctionDef, method: bool) -> list[Form]:
    """The stub's own arguments, and those of the first line of its docstring."""
    forms = [stub_form(node, method)]
    first = (ast.get_docstring(node) or "").strip().partition("\n")[0]
    documented = re.match(r"(?:torch\.|Tensor\.)?\w+(\(.*\))\s*->", first)
    if documented:
        with contextlib.suppress(SyntaxError):
            parsed = ast.parse(f"def f{documented[1]}: ...").body[0]
            if isinstance(parsed, ast.FunctionDef):
                forms.append(stub_form(parsed, method=False))
    return forms


def stub_form(node: ast.FunctionDef, method: bool) -> Form:
    """The arguments of a function's syntax tree."""
    args = node.args
    plain = [(arg.arg, "positional") for arg in args.posonlyargs] + [(arg.arg, "either") for arg in args.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(args.defaults)) + list(args.defaults)
    form: Form = [[name, how, text(default)] for (name, how), default in zip(plain, defaults, strict=True)]
    if args.vararg:
        form.append([args.vararg.arg, "variadic", None])
    form += [[a.arg, "keyword", text(d)] for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    if args.kwarg:
        form.append([args.kwarg.arg, "options", None])
    return form[1:] if method else form


def text(default: ast.expr | None) -> list[str] | None:
    """A default's source text."""
    return None if default is None else [ast.unparse(default)]


if __name__ == "__main__":
    main()
