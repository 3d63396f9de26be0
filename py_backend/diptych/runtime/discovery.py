"""Finding an interpreter or kernel for each framework."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from diptych.equivalence.model import Framework
from diptych.runtime import remedies
from diptych.runtime.errors import FrameworkError
from diptych.runtime.model import Runtime
from diptych.runtime.probe import Probe, ProbeFailed, probe_interpreter, probe_kernel

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class ConfigurationError(FrameworkError):
    """The user's configuration file can't be read."""


@dataclass(frozen=True)
class _Candidate:
    """Where to look; ``named`` says where the user named it, "" for this interpreter."""

    framework: Framework
    interpreter: str = ""
    kernel: str = ""
    named: str = ""


def configuration_file() -> Path:
    """The TOML file in which users name interpreters or kernels::

    [mxnet]
    python = "/opt/mxnet/bin/python"  # or: kernel = "the name of a kernelspec"
    """
    return Path(platformdirs.user_config_dir("diptych", appauthor=False)) / "runtimes.toml"


def discover(fresh: bool = False) -> tuple[Runtime, ...]:
    """Every interpreter and kernel that comes into question for either framework, the preferred one of each first.

    Those are: the one named by ``DIPTYCH_PYTORCH_PYTHON`` or ``DIPTYCH_MXNET_PYTHON`` (a path), by
    ``DIPTYCH_PYTORCH_KERNEL`` or ``DIPTYCH_MXNET_KERNEL`` (a kernelspec), by ``configuration_file()``, and the
    interpreter that runs this. Each is asked in a process of its own, all at once; answers are remembered until the
    interpreter or its packages change (``fresh`` asks anew). Raises ``ConfigurationError``."""
    candidates = [candidate for framework in Framework for candidate in _candidates(framework)]
    with ThreadPoolExecutor(max_workers=len(candidates)) as pool:
        return tuple(pool.map(lambda candidate: _examine(candidate, fresh), candidates))


def find(framework: Framework, fresh: bool = False) -> Runtime:
    """The runtime to use: the one that the user named, working or not, else the interpreter that runs this.

    It has a ``problem`` and a ``remedy`` where the framework can't be used. Raises ``ConfigurationError``."""
    return _examine(next(_candidates(framework)), fresh)


def _candidates(framework: Framework) -> Iterator[_Candidate]:
    for kind in ("python", "kernel"):
        variable = f"DIPTYCH_{framework.name}_{kind.upper()}"
        if os.environ.get(variable):
            yield _named(framework, kind, os.environ[variable], variable)
    for kind, value in _configured(framework).items():
        yield _named(framework, kind, value, str(configuration_file()))
    yield _Candidate(framework, interpreter=sys.executable)


def _named(framework: Framework, kind: str, value: str, place: str) -> _Candidate:
    if kind == "kernel":
        return _Candidate(framework, kernel=value, named=place)
    return _Candidate(framework, interpreter=os.path.expanduser(value), named=place)


def _configured(framework: Framework) -> dict[str, str]:
    path = configuration_file()
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} can't be read: {error}. Mend it or remove it.") from error
    section = document.get(framework.value, {})
    if not isinstance(section, dict) or not all(
        key in ("python", "kernel") and isinstance(value, str) for key, value in section.items()
    ):
        raise ConfigurationError(f'{path}: [{framework.value}] takes `python = "PATH"` or `kernel = "NAME"` alone.')
    return section


def _examine(candidate: _Candidate, fresh: bool) -> Runtime:
    try:
        if candidate.kernel:
            probe = probe_kernel(candidate.framework, candidate.kernel, fresh)
        else:
            probe = probe_interpreter(candidate.framework, candidate.interpreter, fresh)
    except ProbeFailed as error:
        where = candidate.named or "this environment"
        return Runtime(
            candidate.framework,
            interpreter=candidate.interpreter,
            kernel=candidate.kernel,
            problem=str(error),
            remedy=f"Name a working interpreter in {where}."
            if candidate.named
            else remedies.reinstall(candidate.framework),
        )
    return _runtime(candidate, probe)


def _runtime(candidate: _Candidate, probe: Probe) -> Runtime:
    problem, remedy = remedies.of(probe, candidate.kernel)
    return Runtime(
        candidate.framework,
        interpreter="" if candidate.kernel else candidate.interpreter,
        kernel=candidate.kernel,
        python=probe.python,
        version=probe.version,
        numpy=probe.numpy,
        libraries=probe.libraries,
        devices=probe.devices,
        problem=problem,
        remedy=remedy,
    )
