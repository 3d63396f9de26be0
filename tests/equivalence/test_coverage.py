"""Every public name of both libraries has an answer, and the answer was executed."""

from __future__ import annotations

from diptych.checking.coverage import State, coverage, families
from diptych.equivalence.catalog import load

FOUND = coverage()


def test_every_public_name_has_a_record() -> None:
    assert FOUND.names(State.MISSING) == []


def test_what_is_mapped_without_a_proof_needs_a_gpu_and_says_so() -> None:
    assert FOUND.names(State.UNPROVEN) == ["torch.Tensor.cuda"]
    assert [bool(record.unproven) for record in load().named("torch.Tensor.cuda")] == [True]


def test_at_least_a_thousand_pytorch_names_are_proven() -> None:
    proven = [name for name in FOUND.names(State.PROVEN) if name.startswith("torch")]
    assert len(proven) >= 1000
    assert families(proven) >= 500


def test_forms_and_aliases_of_one_thing_count_once() -> None:
    forms = [
        "torch.absolute",
        "torch.abs",
        "torch.Tensor.abs",
        "torch.Tensor.abs_",
        "torch.abs_",
        "torch.Tensor.absolute_",
    ]
    assert families(forms) == 1
    assert families([*forms, "torch.exp", "torch.nn.ReLU", "torch.nn.functional.relu"]) == 4
