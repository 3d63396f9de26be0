"""GET scripts, POST parameters: the code that runs, and what a form can set in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(("framework", "name"), [("pytorch", "mnist_mlp_torch.py"), ("mxnet", "mnist_mlp_mxnet.py")])
async def test_the_script_is_the_shipped_example_to_the_letter(api: Any, framework: str, name: str) -> None:
    answer = await api("GET", f"scripts/{framework}")
    assert answer.status == 200
    assert answer.json["script"]["text"] == (EXAMPLES / name).read_text(encoding="utf-8")
    values = {parameter["name"]: parameter["value"] for parameter in answer.json["parameters"]}
    assert {"epochs": 5, "batch_size": 128, "learning_rate": 0.1}.items() <= values.items()
    assert answer.json["reason"] == ""


async def test_an_unknown_framework_is_refused_with_those_that_exist(api: Any) -> None:
    answer = await api("GET", "scripts/theano")
    assert (answer.status, answer.json["code"]) == (404, "unknown_framework")
    assert "pytorch" in answer.json["message"]
    assert "mxnet" in answer.json["message"]


async def test_the_parameters_of_an_edited_script_follow_its_text(api: Any) -> None:
    text = '# %% tags=["parameters"]\nepochs = 7\nname = "mine"\n# %%\nother = 3\n'
    answer = await api("POST", "parameters", json={"text": text})
    assert answer.json == {
        "parameters": [
            {"name": "epochs", "default": "7", "value": 7},
            {"name": "name", "default": '"mine"', "value": "mine"},
        ],
        "reason": "",
    }


@pytest.mark.parametrize(
    ("text", "told"), [("epochs = 7\n", 'tags=["parameters"]'), ("a =\n", "line 1"), ("\0", "Python")]
)
async def test_a_script_without_parameters_says_why(api: Any, text: str, told: str) -> None:
    answer = await api("POST", "parameters", json={"text": text})
    assert (answer.status, answer.json["parameters"]) == (200, [])
    assert told in answer.json["reason"]
