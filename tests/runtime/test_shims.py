"""The import shims: modules of MXNet and torchvision see them, nothing else does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def run_python(code: str, *options: str) -> str:
    """What a fresh interpreter prints; its error output on failure."""
    done = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_enabling_imports_nothing_and_touches_no_module() -> None:
    printed = run_python(
        "import sys\n"
        "from diptych.runtime import enable_shims\n"
        "enable_shims(); enable_shims()\n"
        "heavy = {'numpy', 'torch', 'torchvision', 'mxnet', 'distutils', 'msgspec', 'IPython'}\n"
        "print(sorted(heavy & set(sys.modules)), sum(getattr(f, 'diptych_shims', False) for f in sys.meta_path))"
    )
    assert printed == "[] 1\n"


def test_a_half_imported_mxnet_is_refused_with_advice() -> None:
    printed = run_python(
        "import sys, types\n"
        "sys.modules['mxnet.base'] = types.ModuleType('mxnet.base')\n"
        "from diptych.runtime import ShimError, enable_shims\n"
        "try: enable_shims()\n"
        "except ShimError as error: print(error)"
    )
    assert "restart the kernel" in printed
    assert "%load_ext diptych" in printed


@pytest.mark.frameworks
def test_numpy_and_distutils_stay_as_they_are_for_everyone_else() -> None:
    printed = run_python(
        "import warnings; warnings.simplefilter('ignore')\n"
        "import sys, numpy\n"
        "import numpy.testing\n"  # MXNet imports this submodule, as anyone may
        "before = set(vars(numpy)); had = 'distutils' in sys.modules\n"
        "from diptych.runtime import enable_shims\n"
        "enable_shims()\n"
        "import mxnet as mx\n"
        "assert mx.nd.ones((2,)).sum().asscalar() == 2\n"
        "print(sorted(set(vars(numpy)) - before), ('distutils' in sys.modules) == had)"
    )
    assert printed == "[] True\n"


def test_a_script_runs_as_main_with_its_own_arguments_folder_and_file(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "neighbour.py").write_text("name = 'neighbour'\n")
    script = tmp_path / "scripts" / "script.py"
    script.write_text(
        "import os, pickle, sys, neighbour\n"
        "class Thing: pass\n"
        "pickle.dumps(Thing())\n"
        "print(__name__, __file__, sys.argv, os.getcwd(), neighbour.name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "diptych.runtime", "scripts/script.py", "--epochs", "2"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == f"__main__ scripts/script.py ['scripts/script.py', '--epochs', '2'] {tmp_path} neighbour\n", (
        done.stderr
    )


def test_a_script_that_is_not_there_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "diptych.runtime", "absent.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("absent.py: no such file.")
