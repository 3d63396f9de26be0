"""Every record with a proof is executed in both frameworks; a record made wrong fails."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from diptych.checking.model import Step
from diptych.checking.prover import Prover, prove
from diptych.equivalence.catalog import load
from diptych.equivalence.compiler import read
from diptych.equivalence.model import Equivalence, Proof, ProofState

RECORDS = {record.id: record for record in read().records}
pytestmark = pytest.mark.frameworks


@pytest.fixture(scope="module")
def prover() -> Iterator[Prover]:
    with Prover() as prover:
        yield prover


@pytest.mark.parametrize("record", [r for r in RECORDS.values() if r.proofs or r.cases], ids=lambda record: record.id)
def test_both_sides_and_their_conversions_agree(prover: Prover, record: Equivalence) -> None:
    result, failures = prover.prove(record)
    assert [str(failure) for failure in failures] == []
    assert result.state is ProofState.PROVEN


def test_the_table_of_proofs_is_that_of_the_records_as_they_are() -> None:
    catalog = load()
    stale = [
        r.id
        for r in catalog
        if (r.proofs or r.cases) and getattr(catalog.proof(r.id), "state", None) is not ProofState.PROVEN
    ]
    assert stale == [], "run `python -m diptych.checking.prove`"


def test_a_record_without_a_proof_is_never_called_proven(prover: Prover) -> None:
    record = RECORDS.get("install")
    assert record is not None
    result, failures = prover.prove(record)
    assert (result.state, failures) == (ProofState.NONE, ())


def mutated(id: str, number: int, **changes: str) -> Equivalence:
    """The record with pieces of one proof's snippets replaced: ``torch="old->new"``."""
    record = RECORDS.get(id)
    assert record is not None
    proof = record.proofs[number]
    for side, change in changes.items():
        old, new = change.split("->")
        assert old in getattr(proof, side)
        proof = msgspec.structs.replace(proof, **{side: getattr(proof, side).replace(old, new)})
    return msgspec.structs.replace(record, proofs=(proof,))


@pytest.mark.parametrize(
    ("record", "step"),
    [
        pytest.param(mutated("ones", 0, mxnet="(5, 3)->(3, 5)"), Step.VALUES, id="another shape"),
        pytest.param(mutated("linear", 0, mxnet=", flatten=False)->)"), Step.VALUES, id="a bare Dense"),
        pytest.param(mutated("step", 0, mxnet="X.shape[0]->128"), Step.VALUES, id="step of another batch size"),
        pytest.param(mutated("mean", 0, mxnet="mean->sum"), Step.VALUES, id="another function"),
        pytest.param(mutated("tensor", 0, mxnet=', dtype="int64"->'), Step.VALUES, id="another dtype"),
        pytest.param(mutated("zero-grad", 0, mxnet='"add"->"write"'), Step.VALUES, id="overwriting for accumulating"),
        pytest.param(mutated("normalize", 0, mxnet="0.31->0.3081"), Step.VALUES, id="another default"),
        pytest.param(mutated("relu", 0, torch="F.relu->F.rellu"), Step.TORCH, id="a name that PyTorch lacks"),
        pytest.param(mutated("ones", 0, mxnet="(5, 3)->5, 3"), Step.MXNET, id="sizes one by one in MXNet"),
    ],
)
def test_a_record_made_wrong_fails(prover: Prover, record: Equivalence, step: Step) -> None:
    result, failures = prover.prove(record)
    assert step in [failure.step for failure in failures]
    assert result.state is ProofState.NONE


def test_what_is_proven_is_not_run_again_until_it_changes() -> None:
    record = RECORDS.get("zeros")
    assert record is not None
    plain = msgspec.structs.replace(record, proofs=(record.proofs[0],))
    first = prove([plain], conversions=False)
    marked = msgspec.structs.replace(first.results[0], date="1999-12-31")
    assert prove([plain], known=[marked], conversions=False).results == (marked,)
    changed = msgspec.structs.replace(plain, rule="other")
    assert prove([changed], known=[marked], conversions=False).results[0].date != "1999-12-31"
    elsewhere = msgspec.structs.replace(marked, versions={**marked.versions, "torch": "0.3"})
    assert prove([plain], known=[elsewhere], conversions=False).results[0].date != "1999-12-31"


def test_a_snippet_that_never_ends_fails_its_record_only() -> None:
    endless = Equivalence(
        id="endless",
        kind=RECORDS["ones"].kind,
        title=RECORDS["ones"].title,
        proofs=(Proof(torch="while True: pass", mxnet="a = 1", compare=("a",)),),
    )
    sound = msgspec.structs.replace(
        endless,
        id="sound",
        proofs=(Proof(torch="a = 1", mxnet="a = 1", compare=("a",), to_mxnet=False, to_torch=False),),
    )
    with Prover(seconds=1.0) as prover:
        assert prover.prove(endless)[1][0].step is Step.TORCH
        assert prover.prove(sound)[0].state is ProofState.PROVEN
