"""Interpreters on this machine and environments made from them, kept in the user's cache between test runs."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CACHE = Path(platformdirs.user_cache_dir("diptych", appauthor=False)) / "test-environments"
ROOT = Path(__file__).resolve().parents[2]
WHEEL: tuple[str, ...] = tuple(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])
MXNET = ("graphviz<0.9", "requests")
NUMPY = {"3.10": "numpy==1.26.*", "3.12": "numpy>=2", "3.13": "numpy>=2"}


@dataclass(frozen=True)
class Environment:
    """A virtual environment."""

    folder: Path

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    def run(self, *arguments: str, cwd: Path | None = None, **variables: str) -> str:
        """What `python ARGUMENTS` prints; fails with its error output. Nothing of this checkout is on its path."""
        environment = {**os.environ, "OMP_NUM_THREADS": "1", **variables}
        environment.pop("PYTHONPATH", None)
        done = subprocess.run(
            [self.python, *arguments],
            cwd=cwd or self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def install(self, *arguments: str) -> None:
        """Run this interpreter's pip on the environment, which has none of its own."""
        pip = [sys.executable, "-m", "pip", "--python", self.python, "--disable-pip-version-check", "--quiet"]
        done = subprocess.run([*pip, "install", *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def other_interpreters() -> dict[str, str]:
    """Paths of the other supported interpreters that are installed here, by version."""
    return {version: path for version in NUMPY if (path := _interpreter(version))}


def _interpreter(version: str) -> str | None:
    return next((path for path in _places(version) if _is_version(path, version)), None)


def _places(version: str) -> Iterator[str]:
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield on_path
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for folder in sorted((root / "versions").glob(f"{version}.*"), reverse=True):
        yield str(folder / "bin" / "python")


def _is_version(path: str, version: str) -> bool:
    question = [path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        answer = subprocess.run(question, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.strip() == version  # a pyenv shim without that version prints an error instead


@contextlib.contextmanager
def one_session_at_a_time() -> Iterator[None]:
    """The environments are shared; another test session waits."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def environment(python: str, label: str, requirements: tuple[str, ...], mxnet: bool = False) -> Environment:
    """The environment of that content, made on first use; an unfinished one is never taken for it."""
    key = hashlib.sha256(repr((os.path.realpath(python), requirements, mxnet)).encode()).hexdigest()[:12]
    made = Environment(CACHE / f"{label}-{key}")
    if not (made.folder / "complete").exists():
        for outdated in CACHE.glob(f"{label}-*"):
            shutil.rmtree(outdated)
        subprocess.run([python, "-m", "venv", "--without-pip", str(made.folder)], check=True)
        made.install(*requirements)
        if mxnet:
            made.install("--no-deps", "mxnet==1.9.1")
        (made.folder / "complete").touch()
    return made
