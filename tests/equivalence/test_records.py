"""Every record answers what a reader, the converter and the proofs ask of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from diptych.equivalence.catalog import load
from diptych.equivalence.compiler import read
from diptych.equivalence.model import Equivalence, Form, Kind, Text

RECORDS = read().records
every_record = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)

ARTICLE = (
    "install",
    "ones",
    "add",
    "subtract",
    "multiply",
    "divide",
    "power",
    "negative",
    "print",
    "dataloader",
    "mnist",
    "compose",
    "to-tensor",
    "normalize",
    "transform-first",
    "sequential",
    "linear",
    "relu-layer",
    "lazy-linear",
    "name-scope",
    "initialize",
    "module",
    "cross-entropy-loss",
    "sgd",
    "variable",
    "record",
    "zero-grad",
    "step",
    "item",
    "device",
    "to-device",
    "module-to-device",
    "gpu-available",
    "save-parameters",
    "load-parameters",
    "save",
    "load",
    "view",
    "flatten",
    "flatten-layer",
    "parameters",
    "backward",
    "shape",
    "size",
    "to-numpy",
    "tensor",
    "from-numpy",
    "zeros",
    "rand",
    "randn",
    "manual-seed",
    "argmax",
    "equal",
    "sum",
    "mean",
    "astype",
    "float",
    "sequential-append",
    "train-mode",
    "eval-mode",
    "no-grad",
    "dropout",
)


def texts(record: Equivalence) -> Iterator[Text]:
    yield record.title
    yield from record.differences
    yield from record.notes
    yield from (text for text in (record.returns, record.reason, record.workaround, record.unproven) if text)
    yield from (param.note for param in record.params if param.note)


@pytest.mark.parametrize("id", ARTICLE)
def test_everything_that_the_article_shows_has_a_record(id: str) -> None:
    assert load().get(id) is not None


@every_record
def test_each_text_is_written_in_both_languages(record: Equivalence) -> None:
    for text in texts(record):
        assert text.en.strip(), record.id
        assert re.search(r"[\u4e00-\u9fff]", text.zh), f"no Chinese in {text.zh!r}"
        assert not re.search(r"[\u4e00-\u9fff]", text.en), f"Chinese in {text.en!r}"


@every_record
def test_code_in_texts_is_the_same_number_of_times_in_backquotes(record: Equivalence) -> None:
    for text in texts(record):
        assert text.en.count("`") % 2 == 0
        assert text.zh.count("`") % 2 == 0


@every_record
def test_a_record_is_proven_or_says_why_not(record: Equivalence) -> None:
    proven = bool(record.proofs or record.cases)
    assert proven != bool(record.unproven or record.kind is Kind.NONE) or (proven and record.kind is Kind.NONE)


@every_record
def test_a_proof_that_is_not_converted_says_why(record: Equivalence) -> None:
    for proof in record.proofs:
        assert bool(proof.unconverted) == (not (proof.to_mxnet and proof.to_torch))


@every_record
def test_a_record_without_counterpart_says_why_and_what_to_do(record: Equivalence) -> None:
    assert (record.kind is Kind.NONE) == bool(record.reason) == bool(record.workaround)


@every_record
def test_a_record_has_an_example_and_official_links(record: Equivalence) -> None:
    assert record.examples or record.cases or record.kind is Kind.NONE
    assert record.torch or record.mxnet
    for spelling in record.torch:
        assert spelling.url.startswith("https://pytorch.org/")
    for spelling in record.mxnet:
        assert spelling.url.startswith("https://mxnet.apache.org/versions/1.9.1/")


@every_record
def test_a_spelling_lives_on_its_own_side(record: Equivalence) -> None:
    for spelling in record.torch:
        assert spelling.form is Form.COMMAND or spelling.name.startswith(("torch.", "torchvision."))
    for spelling in record.mxnet:
        assert spelling.form is Form.COMMAND or spelling.name.startswith("mxnet.")


@every_record
def test_each_compared_value_is_named_once_and_known(record: Equivalence) -> None:
    for proof in record.proofs:
        assert proof.compare
        assert len(set(proof.compare)) == len(proof.compare)
        assert set(proof.other_dtype) <= set(proof.compare)
