"""The catalog finds records by id, by any public path, and by words of either language."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych.equivalence import Catalog, load
from diptych.equivalence.aliases import ALIASES, canonical
from diptych.equivalence.compiler import RECORDS, RecordError, compiled_of, digest, parse
from diptych.equivalence.index import index_of, read_index, write_index
from diptych.equivalence.model import ProofResult, ProofState
from diptych.equivalence.signature import parameters

CATALOG = load()
MINIMAL = '[[record]]\nid = "a"\nkind = "exact"\ntitle = { en = "A", zh = "甲" }\n'


@pytest.mark.parametrize(
    ("path", "id"),
    [
        ("torch.nn.Linear", "linear"),
        ("torch.nn.modules.linear.Linear", "linear"),
        ("torch.utils.data.DataLoader", "dataloader"),
        ("torch.utils.data.dataloader.DataLoader", "dataloader"),
        ("mxnet.gluon.data.DataLoader", "dataloader"),
        ("mxnet.nd.ones", "ones"),
        ("mxnet.ndarray.ones", "ones"),
        ("mx.nd.ones", "ones"),
        ("mx.np.ones", "ones"),
        ("mxnet.numpy.ones", "ones"),
        ("mx.gluon.nn.Block", "module"),
        ("mxnet.gluon.data.vision.MNIST", "mnist"),
        ("torch.optim.SGD.zero_grad", "zero-grad"),
        ("torch.nn.Sequential.parameters", "parameters"),
        ("mxnet.gluon.nn.Sequential.collect_params", "parameters"),
        ("mxnet.gluon.data.vision.datasets.MNIST.transform_first", "transform-first"),
        ("mxnet.np.ndarray.detach", "detach"),
        ("mx.context.cpu", "device"),
    ],
)
def test_every_public_path_of_an_api_finds_its_record(path: str, id: str) -> None:
    assert id in [record.id for record in CATALOG.named(path)]


def test_one_spelling_may_belong_to_several_records() -> None:
    assert {record.id for record in CATALOG.named("torch.Tensor.to")} == {"astype", "to-device"}


@given(st.text())
def test_an_unknown_path_has_no_records(path: str) -> None:
    assert CATALOG.named("unknown." + path) == ()


@given(st.sampled_from(sorted(ALIASES)), st.sampled_from(["", ".x", ".x.y"]))
def test_a_canonical_path_is_its_own(alias: str, tail: str) -> None:
    assert canonical(canonical(alias + tail)) == canonical(alias + tail)


def test_every_spelling_is_written_with_its_canonical_path() -> None:
    for record in CATALOG:
        for spelling in (*record.torch, *record.mxnet):
            assert canonical(spelling.name) == spelling.name


@pytest.mark.parametrize(
    ("query", "id"),
    [
        ("Linear", "linear"),
        ("dense", "linear"),
        ("nn.linear", "linear"),
        ("mx.nd.ones", "ones"),
        ("全连接", "linear"),
        ("交叉熵", "cross-entropy-loss"),
        ("zero_grad", "zero-grad"),
        ("asscalar", "item"),
        ("learning rate SGD", "sgd"),
        ("installation", "install"),
    ],
)
def test_search_puts_the_record_that_is_meant_among_the_first_two(query: str, id: str) -> None:
    assert id in [record.id for record in CATALOG.search(query)[:2]]


def test_search_for_nothing_lists_the_records_and_for_nonsense_none() -> None:
    assert CATALOG.search("", limit=3) == CATALOG.records[:3]
    assert CATALOG.search("qwertyuiop") == ()


@given(st.text(), st.integers(min_value=0, max_value=5))
def test_search_takes_any_text_and_keeps_the_limit(query: str, limit: int) -> None:
    assert len(CATALOG.search(query, limit)) <= limit


def test_a_record_that_changed_since_it_was_proven_is_not_proven() -> None:
    record = parse(MINIMAL).records[0]
    proof = ProofResult(id="a", state=ProofState.PROVEN, digest=digest(record), max_difference=0.0)
    changed = msgspec.structs.replace(record, rule="other")
    assert Catalog(index_of(compiled_of((record,))), (proof,)).proof("a") == proof
    unproven = Catalog(index_of(compiled_of((changed,))), (proof,)).proof("a")
    assert unproven is not None
    assert unproven.state is ProofState.NONE
    assert Catalog(index_of(compiled_of((record,)))).proof("unknown") is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (MINIMAL + "colour = 1\n", "colour"),
        (MINIMAL.replace("exact", "nearly"), "nearly"),
        (MINIMAL.replace(', zh = "甲"', ""), "zh"),
        (MINIMAL + 'to_mxnet = "np.abs({self"\n', "brace"),
        ("[[record]\n", "not valid TOML"),
    ],
)
def test_a_record_that_does_not_fit_the_schema_is_refused_by_name(text: str, complaint: str) -> None:
    with pytest.raises(RecordError, match=complaint) as error:
        parse(text, "some.toml")
    assert "some.toml" in str(error.value)


def test_two_records_with_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(MINIMAL, encoding="utf-8")
    (tmp_path / "two.toml").write_text(MINIMAL, encoding="utf-8")
    with pytest.raises(RecordError, match="share an id: a"):
        read_index(tmp_path, tmp_path / "index.json")


def test_the_index_is_used_while_it_fits_the_records_and_never_after(tmp_path: Path) -> None:
    source, index = tmp_path / "one.toml", tmp_path / "index.json"
    source.write_text(MINIMAL, encoding="utf-8")
    assert write_index(tmp_path, index) == 1
    assert read_index(tmp_path, index) == read_index(tmp_path, tmp_path / "none.json")
    source.write_text(MINIMAL.replace('"A"', '"B"'), encoding="utf-8")
    assert Catalog(read_index(tmp_path, index)).records[0].title.en == "B"
    index.write_text("{}", encoding="utf-8")
    assert Catalog(read_index(tmp_path, index)).records[0].title.en == "B"


@pytest.mark.slow
def test_a_thousand_records_load_in_thirty_milliseconds(tmp_path: Path) -> None:
    shipped = "".join(path.read_text(encoding="utf-8") for path in sorted(RECORDS.glob("*.toml")))
    shipped = re.sub(r"^theme = .*$", "", shipped, flags=re.MULTILINE)
    for copy in range(1000 // len(CATALOG) + 1):
        text = re.sub(r'^(\[\[(?:record|helper)\]\]\n(?:id|name) = ")', rf"\g<1>c{copy}-", shipped, flags=re.MULTILINE)
        (tmp_path / f"{copy}.toml").write_text(text, encoding="utf-8")
    index = tmp_path / "index.json"
    assert write_index(tmp_path, index) >= 1000
    best = min(_seconds(lambda: Catalog(read_index(tmp_path, index))) for _ in range(5))
    assert best <= 0.030


def _seconds(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def test_signatures_are_taken_apart_in_order() -> None:
    record = CATALOG.get("ones")
    assert record is not None
    arguments = parameters(record.torch[0])
    assert [argument.name for argument in arguments[:3]] == ["size", "out", "dtype"]
    assert arguments[0].passing.value == "variadic"
    assert arguments[1].default == "None"
