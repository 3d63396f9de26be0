"""Runs inside a framework's own interpreter: the ``>>>`` examples in the docstrings of the names it is given.

Started as a file; reads a JSON list of dotted names from standard input and answers with one JSON object, the text of
each name's examples (the lines behind ``>>>`` and ``...``, in order). Names without examples are left out.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import re
import sys
from typing import Any

_LINE = re.compile(r"^[ \t]*(?:>>>|\.\.\.)(?: (.*)|)$")


def main() -> None:
    """Answer one request."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    importlib.import_module("diptych.runtime").enable_shims()
    found = {name: examples(resolve(name)) for name in json.load(sys.stdin)}
    channel.write(json.dumps({name: text for name, text in found.items() if text}))
    channel.flush()


def resolve(name: str) -> Any:
    """What a dotted name stands for; None where it does not resolve."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            thing: Any = importlib.import_module(".".join(parts[:count]))
        except ImportError:
            continue
        for part in parts[count:]:
            thing = getattr(thing, part, None)
        return thing
    return None


def examples(thing: Any) -> str:
    """The example lines of a docstring, as printed."""
    doc = getattr(thing, "__doc__", None)
    if not isinstance(doc, str):
        return ""
    lines = [match[1] or "" for match in map(_LINE.match, inspect.cleandoc(doc).splitlines()) if match]
    return "\n".join(lines).strip("\n")


if __name__ == "__main__":
    main()
