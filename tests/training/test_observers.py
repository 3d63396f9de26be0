"""The observers' text runs where Diptych is not installed."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from diptych.training import observers
from diptych.training.observers import code
from diptych.training.observers.script import Job

SENT = [path for path in Path(observers.__file__).parent.glob("*.py") if path.name != "__init__.py"]


@pytest.mark.parametrize("path", SENT, ids=lambda path: path.stem)
def test_they_need_the_standard_library_alone_and_no_new_python(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 8))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {name.name.partition(".")[0] for name in node.names} <= sys.stdlib_module_names
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert str(node.module).partition(".")[0] in sys.stdlib_module_names


def test_every_module_is_sent() -> None:
    text = code(Job("print(1)\n"))
    compile(text, "injected", "exec")
    for path in SENT:
        assert f'"{path.stem}":' in text
