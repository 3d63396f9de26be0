"""Commands load what they need and no more; each explains itself."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

from .command import diptych

HEAVY = ("torch", "mxnet", "numpy", "jupyter_server", "jupyterlab", "jupyter_client", "tornado", "rich")
COMMANDS = ("lookup", "convert", "check", "run", "compare", "equivalences", "doctor", "lab")


def modules_after(*arguments: str) -> set[str]:
    program = (
        "import sys\n"
        "from diptych.cli.main import main\n"
        f"try:\n    main({list(arguments)!r})\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, input="import torch"
    )
    return set(done.stderr.split())


def test_help_loads_nothing_heavy() -> None:
    assert not modules_after("--help") & set(HEAVY)


@pytest.mark.parametrize("command", [("lookup", ":1:8", "--json"), ("convert", "-", "--json")])
def test_lookup_and_convert_load_no_server_and_no_framework(command: tuple[str, ...]) -> None:
    assert not modules_after(*command) & set(HEAVY)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_with_examples(command: str) -> None:
    done = diptych(command, "--help")
    assert done.returncode == 0
    assert "examples:" in done.stdout
    assert "--json" in done.stdout


def test_the_version_is_the_packages() -> None:
    assert diptych("--version").stdout == f"diptych {version('diptych')}\n"
