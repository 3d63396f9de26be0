"""The list of public names is what the installed libraries say, and every record speaks of names that are in it."""

from __future__ import annotations

import msgspec
import pytest

from diptych.checking.surface import SURFACE, Name, counts, surface, write
from diptych.equivalence import load
from diptych.equivalence.aliases import canonical
from diptych.equivalence.model import Form, Kind
from diptych.equivalence.signature import parse

NAMES = msgspec.json.decode(SURFACE.read_bytes(), type=dict[str, Name])


@pytest.mark.frameworks
def test_the_surface_is_what_the_installed_libraries_have() -> None:
    assert SURFACE.read_text(encoding="utf-8") == write(surface())


def test_names_are_canonical_and_signatures_are_python() -> None:
    for path, name in NAMES.items():
        assert canonical(path) == path
        for signature in name.signatures:
            parse(signature)


def test_an_alias_names_a_counted_name() -> None:
    aliased = [name.apart.removeprefix("alias of ") for name in NAMES.values() if name.apart.startswith("alias of ")]
    assert [path for path in aliased if path not in NAMES or NAMES[path].apart] == []


def test_every_name_of_the_records_is_counted_or_was_executed() -> None:
    catalog, missing = load(), []
    for record in catalog:
        proof = catalog.proof(record.id)
        for spelling in (*record.torch, *record.mxnet):
            known = NAMES.get(spelling.name)
            counted = known is not None and (not known.apart or record.kind is Kind.NONE)
            executed = proof is not None and canonical(spelling.name) in proof.names
            if not counted and not executed and spelling.form not in (Form.COMMAND, Form.STATEMENT):
                missing.append(spelling.name)
    assert missing == []


@pytest.mark.parametrize(
    ("path", "form", "signature", "gives"),
    [
        ("torch.nn.Linear", "class", "(in_features, out_features, bias=True, device=None, dtype=None)", "module"),
        (
            "torch.topk",
            "function",
            "(input, k, dim=-1, largest=True, sorted=True, *, out=None)",
            "tensors:values,indices",
        ),
        ("torch.Tensor.sum", "method", "(dim=None, keepdim=False, *, dtype=None)", "tensor"),
        ("torch.Tensor.__iadd__", "operator", "(other)", "tensor"),
        ("mxnet.nd.NDArray.sum", "method", "(axis=None, keepdims=False, exclude=False)", "tensor"),
        ("mxnet.np.linalg.svd", "function", "(a)", "tensors:0,1,2"),
        ("mxnet.gluon.Trainer.step", "method", "(batch_size, ignore_stale_grad=False)", ""),
    ],
)
def test_a_name_has_its_form_signature_and_result(path: str, form: str, signature: str, gives: str) -> None:
    name = NAMES[path]
    assert (name.form, name.signatures[0], name.gives, name.apart) == (form, signature, gives, "")


def test_counts_are_given_by_namespace() -> None:
    table = counts({"a.b": Name("function", (), "", ""), "a.c": Name("function", (), "", "alias of a.b")})
    assert [row.split() for row in table.splitlines()] == [["counted", "alias"], ["a", "1", "1"], ["all", "1", "1"]]
