"""`diptych lookup FILE:LINE:COL`, `diptych equivalences`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .command import diptych, on_a_terminal

TEXT = "from torch import nn\nlayer = nn.Linear(28 * 28, 256)\n"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.py"
    path.write_text(TEXT)
    return path


def test_it_prints_the_counterpart_and_the_users_own_call(model: Path) -> None:
    done = diptych("lookup", f"{model}:2:11")
    assert done.returncode == 0
    assert "torch.nn.Linear" in done.stdout
    assert "mxnet.gluon.nn.Dense" in done.stdout
    assert "nn.Dense(256, in_units=28 * 28, flatten=False)" in done.stdout
    assert done.stderr == ""


def test_json_is_one_document(model: Path) -> None:
    done = diptych("lookup", f"{model}:2:11", "--json")
    found = json.loads(done.stdout)
    assert found["symbol"] == "torch.nn.Linear"
    assert found["converted_call"] == "nn.Dense(256, in_units=28 * 28, flatten=False)"


def test_it_reads_standard_input() -> None:
    done = diptych("lookup", ":2:11", stdin=TEXT)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "torch.nn.Linear")


def test_notes_are_told_in_chinese_on_a_chinese_machine(model: Path) -> None:
    english = diptych("lookup", f"{model}:2:11").stdout
    chinese = diptych("lookup", f"{model}:2:11", LANG="zh_CN.UTF-8").stdout
    assert chinese == diptych("lookup", f"{model}:2:11", "--language", "zh").stdout
    assert chinese != english
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)


def test_nothing_known_there_is_exit_code_1(model: Path) -> None:
    done = diptych("lookup", f"{model}:2:0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Nothing" in done.stderr
    assert json.loads(diptych("lookup", f"{model}:2:0", "--json").stdout) is None


@pytest.mark.parametrize("place", ["model.py", "model.py:2", "model.py:0:0", "model.py:two:1", "::", "book.ipynb:1:0"])
def test_what_is_no_place_is_wrong_usage(place: str) -> None:
    done = diptych("lookup", place)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = diptych("lookup", f"{tmp_path / 'none.py'}:1:0")
    assert done.returncode == 1
    assert "can't be read" in done.stderr


def test_it_is_plain_when_piped_and_rich_on_a_terminal(model: Path) -> None:
    assert "\x1b" not in diptych("lookup", f"{model}:2:11").stdout
    assert "\x1b[1m" in on_a_terminal("lookup", f"{model}:2:11")


def test_searching_records() -> None:
    done = diptych("equivalences", "cross", "entropy")
    assert done.returncode == 0
    assert "torch.nn.CrossEntropyLoss" in done.stdout
    found = json.loads(diptych("equivalences", "nn.Linear", "--json").stdout)
    assert found[0]["torch"][0] == "torch.nn.Linear"
    assert found[0]["proof"]["state"] == "proven"
    assert set(found[0]["proof"]) == {"state", "max_difference", "versions"}


def test_every_record_is_one_line_when_piped() -> None:
    lines = diptych("equivalences").stdout.splitlines()
    total = len(json.loads(diptych("equivalences", "--json").stdout))
    assert len(lines) == total + 1


def test_a_search_without_result_is_exit_code_1() -> None:
    done = diptych("equivalences", "no such thing anywhere")
    assert (done.returncode, done.stdout) == (1, "")
