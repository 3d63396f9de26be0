"""What a call gives, in the surface's words, from return annotations and docstrings."""

from __future__ import annotations

import re

_PLAIN = {
    "Tensor": "tensor",
    "ndarray": "tensor",
    "NDArray": "tensor",
    "LongTensor": "tensor",
    "BoolTensor": "tensor",
    "Parameter": "tensor",
    "_bool": "bool",
    "bool": "bool",
    "_int": "number",
    "_float": "number",
    "int": "number",
    "float": "number",
    "Number": "number",
    "int | float": "number",
    "Size": "size",
    "_size": "size",
    "None": "none",
    "Sequence[Tensor]": "tensors",
    "list of NDArrays": "tensors",
    "list of NDArray": "tensors",
    "list of ndarrays": "tensors",
    "tuple of int": "size",
    "List of Tensors": "tensors",
}
_MODULES = ("torch.nn.", "mxnet.gluon.nn.", "mxnet.gluon.rnn.", "mxnet.gluon.loss.")
_NO_MODULES = ("Buffer", "Parameter", "UninitializedBuffer", "UninitializedParameter")
_OPERATORS = ("mxnet.nd.", "mxnet.np.", "mxnet.npx.")
_NETWORKS = ("torchvision.models.", "mxnet.gluon.model_zoo.vision.")


def gives(
    path: str,
    form: str,
    annotated: tuple[str, ...],
    told: tuple[str, ...],
    *,
    tuples: dict[str, tuple[str, ...]],
    fluent: bool = False,
) -> str:
    """``tensor``, ``tensors:values,indices``, ``bool``...; of overloads that differ each, joined by ``|``."""
    owner, _, name = path.rpartition(".")
    if form == "class":
        return _of_class(path, name)
    if path.startswith(_NETWORKS) and form == "function":
        return "module"
    known = [_one(text, tuples) for text in annotated]
    if "torch.Tensor" in owner:
        known = ["tensor" if text.endswith("Self") else result for text, result in zip(annotated, known, strict=True)]
    if not any(known) and not annotated:
        known = [_one(text, tuples) for text in told]
    if "" in known:
        return ""
    if known:
        return "|".join(dict.fromkeys(known))
    operator = path.startswith(_OPERATORS) and form == "function"
    if fluent or (operator and not told) or (owner == "torch.nn.functional" and form == "function"):
        return "tensor"
    return ""


def _of_class(path: str, name: str) -> str:
    if name in ("Tensor", "NDArray", "ndarray", "Parameter", "CSRNDArray", "RowSparseNDArray"):
        return "tensor" if "gluon" not in path else ""
    owner = path.removesuffix(name)
    return "module" if owner in _MODULES and name not in _NO_MODULES else ""


def _one(text: str, tuples: dict[str, tuple[str, ...]]) -> str:
    """One annotation, or what a docstring's ``Returns`` says."""
    text = re.sub(r"\b(typing|torch|mxnet\.numpy|mx\.np|np)\.(?!return_types)", "", text).strip().strip("'\"`. ")
    described = re.match(r"(?:\w[\w ]*?\s*)?:\s*(.+)$", text)
    text = described[1].strip() if described else text
    if text in _PLAIN:
        return _PLAIN[text]
    if named := re.fullmatch(r"(?:torch\.)?return_types\.(\w+)", text):
        return f"tensors:{','.join(tuples[named[1]])}" if named[1] in tuples else ""
    if fixed := re.fullmatch(r"(?:[Tt]uple\[(.+)\]|\((.+)\))", text):
        parts = [part.strip() for part in (fixed[1] or fixed[2]).split(",")]
        if parts[-1] == "..." and parts[0] == "Tensor":
            return "tensors"
        if all(_PLAIN.get(part) == "tensor" for part in parts):
            return f"tensors:{','.join(map(str, range(len(parts))))}"
        return ""
    if re.fullmatch(r"[Ll]ist\[Tensor\]", text):
        return "tensors"
    if re.match(r"(\w+\.)*(ndarray|NDArray)s?\b(?! or bool)", text):
        return "tensor"
    return ""
