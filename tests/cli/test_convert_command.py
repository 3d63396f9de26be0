"""`diptych convert FILE`: to standard output, to a file, from standard input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .command import diptych, on_a_terminal

TEXT = "import torch\n\nx = torch.ones(5, 3)  # kept\n"
EXAMPLE = Path(__file__).parents[2] / "examples" / "mnist_mlp_torch.py"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.py"
    path.write_text(TEXT)
    return path


def test_to_standard_output(script: Path) -> None:
    done = diptych("convert", str(script))
    assert done.returncode == 0
    assert "nd.ones((5, 3))  # kept\n" in done.stdout
    assert done.stderr == ""
    assert script.read_text() == TEXT


def test_from_standard_input_and_back_again() -> None:
    there = diptych("convert", "-", "--to", "mxnet", stdin=TEXT)
    back = diptych("convert", "-", "--to", "pytorch", stdin=there.stdout)
    assert "torch.ones(5, 3)  # kept\n" in back.stdout


def test_to_a_file(script: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.py"
    done = diptych("convert", str(script), "-o", str(target))
    assert (done.returncode, done.stdout) == (0, "")
    assert target.read_text() == diptych("convert", str(script)).stdout


def test_line_ends_and_encoding_survive(tmp_path: Path) -> None:
    script, target = tmp_path / "windows.py", tmp_path / "out.py"
    script.write_bytes("import torch\r\nx = torch.ones(5, 3)  # 张量\r\n".encode())
    diptych("convert", str(script), "-o", str(target))
    written = target.read_bytes()
    assert "# 张量\r\n".encode() in written
    assert b"\n" not in written.replace(b"\r\n", b"")


def test_json_is_one_document(script: Path) -> None:
    conversion = json.loads(diptych("convert", str(script), "--json").stdout)
    assert conversion["source"] == "pytorch"
    assert "nd.ones((5, 3))" in conversion["code"]


def test_a_syntax_error_is_told_with_its_place_and_nothing_is_written(tmp_path: Path) -> None:
    script, target = tmp_path / "broken.py", tmp_path / "out.py"
    script.write_text("import torch\nx = torch.ones(\n")
    done = diptych("convert", str(script), "-o", str(target))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{script}:2:" in done.stderr
    assert "[syntax-error]" in done.stderr
    assert not target.exists()


def test_what_can_not_be_converted_is_told_and_is_exit_code_1(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import torch\nx = torch.ones(2, 3)\ny = torch.jit.script(x)\n")
    done = diptych("convert", str(script), "--to", "mxnet")
    assert done.returncode == 1
    assert "nd.ones((2, 3))" in done.stdout
    assert "torch.jit.script(x)" in done.stdout
    assert f"{script}:3:4: error" in done.stderr


def test_a_text_of_neither_framework_is_left_as_it_is() -> None:
    done = diptych("convert", "-", stdin="print(1)\n")
    assert (done.returncode, done.stdout) == (0, "print(1)\n")
    assert "neither" in done.stderr


def test_the_whole_training_script_converts() -> None:
    done = diptych("convert", str(EXAMPLE), "--to", "mxnet")
    assert done.returncode == 0
    compile(done.stdout, "converted.py", "exec")
    assert "gluon.Trainer" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("convert",), 2),
        (("convert", "x.py", "--to", "keras"), 2),
        (("convert", "no_such_book.ipynb"), 1),
        (("convert", "script.py", "--dry-run"), 2),
        (("convert", "."), 2),
        (("convert", ".", "-o", "inside"), 2),
        (("convert", ".", "--jobs", "0"), 2),
        (("convert", "no_such_file.py"), 1),
        (("no-such-command",), 2),
        ((), 2),
    ],
)
def test_wrong_usage_says_what_to_do(arguments: tuple[str, ...], code: int) -> None:
    done = diptych(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    script = tmp_path / "picture.py"
    script.write_bytes(b"\x89PNG\r\n\xff\xfe")
    done = diptych("convert", str(script))
    assert done.returncode == 1
    assert "encoding" in done.stderr


def test_a_reader_that_has_enough_is_no_error() -> None:
    shell = f"{sys.executable} -m diptych.cli.main equivalences --json | head -n 1"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[\n", "")


def test_a_notebook_is_converted_to_a_file_or_to_standard_output(tmp_path: Path) -> None:
    book, target = EXAMPLE.with_name("ten_minutes.ipynb"), tmp_path / "out.ipynb"
    done = diptych("convert", str(book), "--to", "mxnet", "-o", str(target))
    assert (done.returncode, done.stdout) == (0, "")
    assert "cell 12:3:0: info" in done.stderr
    assert "gluon.Trainer" in target.read_text()
    printed = diptych("convert", str(book), "--to", "mxnet")
    assert json.loads(printed.stdout) == json.loads(target.read_text())


def test_a_broken_notebook_is_told(tmp_path: Path) -> None:
    book = tmp_path / "book.ipynb"
    book.write_text("{}")
    done = diptych("convert", str(book))
    assert (done.returncode, done.stdout) == (1, "")
    assert "nbformat" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_directory_is_converted_into_another_with_a_report(tmp_path: Path, script: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    script.rename(source / "script.py")
    done = diptych("convert", str(source), "-o", str(out))
    assert done.returncode == 0
    assert "mapped by name: 1 / 1 (100 %)\nexecuted: not executed\n" in done.stdout
    assert "nd.ones((5, 3))" in (out / "script.py").read_text()
    assert {path.name for path in (out / "diptych-report").iterdir()} >= {"index.html", "report.md", "report.json"}
    told = json.loads(diptych("convert", str(source), "-o", str(out), "--json").stdout)
    assert told["counts"] == {"converted": 1}
    assert told == json.loads((out / "diptych-report/report.json").read_text())


def test_a_directory_in_which_something_stays_is_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text("import torch\ny = torch.jit.script(1)\n")
    done = diptych("convert", str(tmp_path), "--dry-run")
    assert done.returncode == 1
    assert "script.py:2:4: error" in done.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name != "lock"] == ["script.py"]


def test_a_directory_has_a_bar_on_a_terminal(tmp_path: Path, script: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    script.rename(source / "script.py")
    assert "converting" in on_a_terminal("convert", str(source), "-o", str(tmp_path / "out"))


@pytest.mark.frameworks
def test_a_directory_is_executed_where_that_is_asked_for(tmp_path: Path, script: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    script.rename(source / "script.py")
    (source / "failing.py").write_text(TEXT + "raise ValueError('mine')\n")
    done = diptych("convert", str(source), "-o", str(out), "--check", timeout=300)
    assert done.returncode == 1
    assert "executed: 1 / 2 (50 %)\nequal in value: 1 / 2 (50 %)\n" in done.stdout
    assert "failing.py: " in done.stderr
    assert "mine" in done.stderr
    again = diptych("convert", str(source), "-o", str(out), "--check", timeout=20)
    assert again.stdout == done.stdout
