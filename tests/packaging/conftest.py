"""The built wheel, and environments in which it is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from environments import (
    MXNET,
    NUMPY,
    ROOT,
    WHEEL,
    Environment,
    environment,
    one_session_at_a_time,
    other_interpreters,
)

INTERPRETERS = other_interpreters()


@pytest.fixture(scope="session", autouse=True)
def _alone() -> Iterator[None]:
    with one_session_at_a_time():
        yield


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources so that nothing is left in the checkout."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "package.json", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    ignored = shutil.ignore_patterns("__pycache__", "node_modules")
    shutil.copytree(ROOT / "py_backend", source / "py_backend", ignore=ignored)
    shutil.copytree(ROOT / "examples", source / "examples", ignore=shutil.ignore_patterns(".ipynb_checkpoints", "data"))
    (source / "extension" / "jupyterlab").mkdir(parents=True)
    shutil.copy(ROOT / "extension" / "jupyterlab" / "install.json", source / "extension" / "jupyterlab")
    # before the panel is built the wheel holds everything else
    (source / "py_backend" / "diptych" / "labextension").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(source / "dist"), "."]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next((source / "dist").glob("diptych-*.whl"))


def with_wheel(made: Environment, wheel: Path) -> Environment:
    made.install("--no-deps", "--force-reinstall", str(wheel))
    return made


@pytest.fixture(scope="session")
def clean(wheel: Path) -> Environment:
    """This interpreter's version with the wheel and its dependencies, and no framework."""
    return with_wheel(environment(sys.executable, "clean", WHEEL), wheel)


@pytest.fixture(scope="session", params=sorted(INTERPRETERS))
def elsewhere(request: pytest.FixtureRequest, wheel: Path) -> Environment:
    """Each other interpreter found on this machine, with the wheel, a NumPy of its time, and MXNet."""
    version = request.param
    requirements = (*WHEEL, *MXNET, NUMPY[version])
    return with_wheel(environment(INTERPRETERS[version], f"mxnet-{version}", requirements, mxnet=True), wheel)
