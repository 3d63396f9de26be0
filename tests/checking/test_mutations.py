"""Breaks of records that their proofs have to notice."""

from __future__ import annotations

import pytest

from diptych.checking.mutations import judge, mutants, sample
from diptych.equivalence.compiler import parse, read

RECORD = """
[[record]]
id = "spread"
title = "Spread | 幅度"
torch = [{ name = "torch.spread", signature = "(input, dim=None, keepdim=False)" }]
to_mxnet = { np = "np.sum({input} - 3, axis={dim}{, keepdims={keepdim}}).astype('int64')" }
"""


def test_a_break_is_what_a_careless_author_could_write() -> None:
    texts = [mutant.record.to_mxnet[0].np for mutant in mutants(parse(RECORD).records[0])]
    assert texts == [
        "np.sum({dim} - 3, axis={input}{, keepdims={keepdim}}).astype('int64')",
        "np.sum({input} - 3{, keepdims={keepdim}}).astype('int64')",
        "np.sum({input} - 3, axis={dim}).astype('int64')",
        "np.sum({input} - 3, axis={dim}{, keepdims={keepdim}})",
        "np.sum({input} - 4, axis={dim}{, keepdims={keepdim}}).astype('int64')",
    ]


def test_an_argument_left_out_is_ignored_not_refused() -> None:
    left_out = [mutant.record.to_mxnet[0].ignore for mutant in mutants(parse(RECORD).records[0])]
    assert left_out[1:3] == [("dim",), ("keepdim",)]


def test_arguments_that_may_change_places_are_not_swapped() -> None:
    text = RECORD.replace("np.sum({input} - 3, axis={dim}", "np.sum(np.abs({input} - {dim})")
    assert not any("swapped" in mutant.what for mutant in mutants(parse(text).records[0]))


def test_a_draw_is_repeatable_and_spread_over_the_records() -> None:
    compiled = read()
    drawn = sample(compiled, 40, seed=7)
    assert drawn == sample(compiled, 40, seed=7)
    assert len({mutant.record.id for mutant in drawn}) == 40


@pytest.mark.frameworks
def test_the_proofs_notice_at_least_95_of_100_breaks() -> None:
    compiled = read()
    verdict = judge(compiled, sample(compiled, 150, seed=2026))
    assert verdict.caught >= 0.95, [f"{mutant.record.id}: {mutant.what}" for mutant in verdict.survivors]
