"""The list of the corpus: where each snippet and script comes from, and the digest of its code.

The code itself is not in the repository. Snippets are taken from the docstrings of the installed libraries; scripts lie
in a cache folder (``--cache``, ``DIPTYCH_CORPUS``, else ``~/.cache/diptych-corpus/scripts``).
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from diptych.equivalence.model import Framework
from diptych.equivalence.surface import surface

LIST = Path(__file__).with_name("sources.json")
_DOCSTRINGS = Path(__file__).with_name("docstrings.py")
ROOTS = {Framework.PYTORCH: "torch", Framework.MXNET: "mxnet"}


class Source(msgspec.Struct, frozen=True):
    """One entry. A snippet is named by the documented object; a script by its file in the cache."""

    name: str
    framework: Framework
    kind: str  # "snippet" | "script"
    sha256: str  # of the code without comments, docstrings and blank lines (``digest``)
    version: str = ""  # of the library whose docstring it is
    repository: str = ""
    path: str = ""
    commit: str = ""
    drawn: int = -1  # a script's place in the drawn order of its frame


class Listing(msgspec.Struct, frozen=True):
    """The whole list, with the rule by which it was drawn."""

    rule: tuple[str, ...]
    passed_over: tuple[str, ...]  # scripts that were drawn and read and are not in the list, and why
    sources: tuple[Source, ...]


def listing() -> Listing:
    """The committed list."""
    return msgspec.json.decode(LIST.read_bytes(), type=Listing)


def cache_folder(chosen: Path | None = None) -> Path:
    """Where the scripts lie."""
    if chosen is not None:
        return chosen
    if "DIPTYCH_CORPUS" in os.environ:
        return Path(os.environ["DIPTYCH_CORPUS"])
    return Path.home() / ".cache" / "diptych-corpus" / "scripts"


def documented(framework: Framework) -> dict[str, str]:
    """The examples of every documented name, one text under one name (the first in order)."""
    names = sorted(name for name in surface() if name.startswith(ROOTS[framework]))
    done = subprocess.run(
        [sys.executable, str(_DOCSTRINGS)], input=json.dumps(names), capture_output=True, text=True, check=True
    )
    texts: dict[str, str] = json.loads(done.stdout)
    first: dict[str, str] = {}
    for name in sorted(texts):
        first.setdefault(texts[name], name)
    return {name: text for text, name in sorted(first.items(), key=lambda item: item[1])}


def digest(text: str) -> str:
    """The SHA-256 of the code as Python reads it; of the text itself where it is no Python."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return hashlib.sha256(text.encode()).hexdigest()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and _has_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return hashlib.sha256(ast.unparse(tree).encode()).hexdigest()


def _has_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> bool:
    return ast.get_docstring(node) is not None


def texts(sources: Iterable[Source], folder: Path) -> dict[Source, str]:
    """The code of each source that is at hand. Raises ``ValueError`` where it is not what was listed."""
    sources = list(sources)
    examples = {framework: documented(framework) for framework in {source.framework for source in sources}}
    found: dict[Source, str] = {}
    for source in sources:
        file = folder / source.name
        if source.kind == "script" and not file.exists():
            continue
        text = file.read_text() if source.kind == "script" else examples[source.framework].get(source.name, "")
        if digest(text) != source.sha256:
            raise ValueError(f"{source.name} is not the text that was listed; another version of the library?")
        found[source] = text
    return found
