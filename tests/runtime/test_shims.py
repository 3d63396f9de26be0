"""The import shims: modules of MXNet and torchvision see them, nothing else does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych.runtime.shims.mxnet_modules import plain_numbers
from diptych.runtime.shims.versions import Version


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


@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1))
def test_numbers_of_numpy_2_are_written_plainly_for_the_attribute_parser(numbers: list[int]) -> None:
    as_numpy_2_writes_it = "(" + ", ".join(f"np.int64({number})" for number in numbers) + ",)"
    assert plain_numbers(as_numpy_2_writes_it) == "(" + ", ".join(map(str, numbers)) + ",)"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("(np.float32(0.5), np.float64(-1e-05))", "(0.5, -1e-05)"),
        ("[np.True_, np.False_]", "[True, False]"),
        ("numpy.uint8(3)", "3"),
        ("np.bak(1).params", "np.bak(1).params"),  # a file's name
        ("(2, 3)", "(2, 3)"),
    ],
)
def test_only_scalars_of_numpy_are_rewritten(written: str, read: str) -> None:
    assert plain_numbers(written) == read


@given(st.text())
def test_text_without_scalars_of_numpy_stays(text: str) -> None:
    if "np." not in text and "numpy." not in text:
        assert plain_numbers(text) == text


def test_versions_are_ordered_as_numbers() -> None:
    assert Version("1.9") < Version("1.17") <= Version("1.17.0rc1") < "2.5.5"
    assert Version("2.13.0+cpu") == "2.13.0"


@pytest.mark.frameworks
@pytest.mark.parametrize("order", ["before", "after"])
def test_gluon_reads_the_located_files_whichever_came_first(order: str) -> None:
    enable, load = "from diptych.runtime import enable_shims; enable_shims()", "import mxnet"
    first, second = (enable, load) if order == "before" else (load, enable)
    code = "from mxnet.gluon.data.vision import datasets; data = datasets.MNIST(train=False)"
    printed = run_python(f"{first}\n{second}\n{code}\nprint(len(data), data[0][0].shape, data[0][1])", "-W", "ignore")
    assert printed == "10000 (28, 28, 1) 7\n"


@pytest.mark.frameworks
def test_torchvision_reads_the_located_files_whatever_the_root(tmp_path: Path) -> None:
    code = (
        "from diptych.runtime import enable_shims; enable_shims()\n"
        "from torchvision import datasets\n"
        f"for data in (datasets.MNIST({str(tmp_path / 'new')!r}, train=True, download=True),\n"
        f"             datasets.MNIST(root={str(tmp_path / 'new')!r}, train=False)):\n"
        "    print(len(data), data.data.shape, data.targets[:3].tolist())\n"
        "try: datasets.MNIST()\n"
        "except TypeError as error: print('root' in str(error))\n"
    )
    train, test, root = run_python(code).splitlines()
    assert train == "60000 torch.Size([60000, 28, 28]) [5, 0, 4]"
    assert test == "10000 torch.Size([10000, 28, 28]) [7, 2, 1]"
    assert root == "True"
    assert not (tmp_path / "new").exists()


@pytest.mark.frameworks
def test_a_root_with_other_bytes_under_mnists_names_gets_a_warning(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"):
        (raw / name).write_bytes(b"not these")
    code = (
        "import warnings\n"
        "from diptych.runtime import enable_shims; enable_shims()\n"
        "from torchvision import datasets\n"
        "with warnings.catch_warnings(record=True) as told:\n"
        f"    data = datasets.MNIST({str(tmp_path)!r}, train=False)\n"
        "print(len(data), [str(w.message).split(': ')[0] for w in told])\n"
    )
    assert run_python(code, "-W", "always").startswith(f"10000 [\"{raw}/t10k-images-idx3-ubyte is not MNIST's file")


@pytest.mark.frameworks
def test_other_data_sets_of_torchvision_stay_as_they_are(tmp_path: Path) -> None:
    code = (
        "from diptych.runtime import enable_shims; enable_shims()\n"
        "from torchvision import datasets\n"
        "for name, more in (('FashionMNIST', {}), ('KMNIST', {}), ('EMNIST', {'split': 'letters'}), ('QMNIST', {})):\n"
        f"    try: getattr(datasets, name)({str(tmp_path)!r}, **more)\n"
        "    except RuntimeError as error: print(error)\n"
    )
    assert run_python(code) == "Dataset not found. You can use download=True to download it\n" * 4


@pytest.mark.frameworks
@pytest.mark.parametrize(
    "code",
    [
        "from torchvision import datasets; datasets.MNIST('data', train=True, download=True)",
        "from mxnet.gluon.data.vision import datasets; datasets.MNIST(train=True)",
    ],
)
def test_absent_images_are_one_clear_error_in_either_framework(tmp_path: Path, code: str) -> None:
    framework, _, dataset = code.partition("; ")
    program = (
        "from pathlib import Path\n"
        "from diptych.runtime import MnistError, enable_shims\n"
        f"enable_shims(Path({str(tmp_path)!r}))\n"
        f"{framework}\n"
        f"try: {dataset}\n"
        "except MnistError as error: print(error)"
    )
    printed = run_python(program, "-W", "ignore")
    assert "does not hold MNIST: expected the four files" in printed
