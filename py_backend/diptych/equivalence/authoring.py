"""The short forms in which records are written, spelled out before they are decoded.

- A text ``"English | 中文"`` stands for both languages.
- A spelling may be its name alone, with braces for several: ``"torch.{abs,absolute}"``. Form, signatures (one spelling
  for each overload), what it gives and the documentation's address come from the libraries' surface and its patterns.
- ``to_mxnet`` and ``to_torch`` may be one table, or a text: that of PyTorch, or of np. ``mx`` in a table stands for
  both dialects. ``when``, ``ignore`` and ``only`` may be words in one text.
- ``torch_cases`` and ``mxnet_cases`` are lists of calls, or of tables with ``calls``.
- ``kind`` and ``params`` follow from the writings where they are left out.
- ``gives`` may be a table: what a use of either side's spellings is.
"""

from __future__ import annotations

import re
from typing import Any

from diptych.equivalence.derived import derived_kind, derived_params
from diptych.equivalence.documentation import address
from diptych.equivalence.surface import Surface

Table = dict[str, Any]
_TEXTS = ("title", "returns", "reason", "workaround", "unproven")
_LISTS = ("differences", "notes")


def spelled_out(table: Table, surface: Surface) -> Table:
    """A record's table with every short form written out."""
    record = dict(table)
    for key in _TEXTS:
        if isinstance(record.get(key), str):
            record[key] = _text(record[key])
    for key in _LISTS:
        if isinstance(record.get(key), list):
            record[key] = [_text(item) if isinstance(item, str) else item for item in record[key]]
    gives = record.pop("gives") if isinstance(record.get("gives"), dict) else {}
    for side in ("torch", "mxnet"):
        record[side] = [spelling for item in _as_list(record.get(side)) for spelling in _spellings(item, surface)]
        if side in gives:
            record[side] = [{**spelling, "gives": gives[side]} for spelling in record[side]]
    for side, usual in (("to_mxnet", "np"), ("to_torch", "torch")):
        record[side] = [_writing(item, usual, record) for item in _as_list(record.get(side))]
    record.pop("ignore", None)  # the writings have it
    record["cases"] = [
        *record.get("cases", []),
        *_cases(record.pop("torch_cases", []), "pytorch"),
        *_cases(record.pop("mxnet_cases", []), "mxnet"),
    ]
    if "kind" not in record:
        record["kind"] = derived_kind(record)
    if "params" not in record and (record["to_mxnet"] or record["to_torch"]):
        record["params"] = derived_params(record, surface)
    return record


def braces(text: str) -> list[str]:
    """``a{b,c}d`` -> ``abd``, ``acd``."""
    found = re.search(r"\{([^{}]*)\}", text)
    if found is None:
        return [text]
    return [
        each for option in found[1].split(",") for each in braces(text[: found.start()] + option + text[found.end() :])
    ]


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: str) -> Table:
    english, bar, chinese = value.partition(" | ")
    return {"en": english.strip(), "zh": chinese.strip() if bar else english.strip()}


def _spellings(item: str | Table, surface: Surface) -> list[Table]:
    if not isinstance(item, str):
        known = [{**spelling, **item} for spelling in _spelling(item["name"], surface)]
        if "dialects" not in item and item["name"].startswith("mxnet.nd."):  # np's arrays inherit from nd's
            known = [{key: value for key, value in each.items() if key != "dialects"} for each in known]
        return known[:1] if "signature" in item else known
    return [spelling for name in braces(item) for spelling in _spelling(name, surface)]


def _named(name: str) -> Table:
    """What a name says by itself: where it is documented, and the dialect."""
    spelling: Table = {"name": name, "url": address(name)}
    if name.startswith("mxnet.nd."):
        spelling["dialects"] = ["nd"]
    elif name.startswith(("mxnet.np.", "mxnet.npx.")):
        spelling["dialects"] = ["np"]
    return spelling


def _spelling(name: str, surface: Surface) -> list[Table]:
    known = surface.get(name)
    spelling = _named(name)
    if known is None:
        return [spelling]
    spelling |= {"form": known.form, "gives": known.gives}
    gives, signatures = known.gives.split("|"), known.signatures or ("",)
    if len(gives) != len(signatures):
        gives = (gives if len(gives) == 1 else [""]) * len(signatures)
    return [{**spelling, "signature": text, "gives": what} for text, what in zip(signatures, gives, strict=True)]


def _writing(item: str | Table, usual: str, record: Table) -> Table:
    writing: Table = {usual: item} if isinstance(item, str) else dict(item)
    if "mx" in writing:
        text = writing.pop("mx")
        writing = {"np": text, "nd": text, **writing}
    for key in ("np", "nd", "torch"):
        if key in writing:
            writing[key] = re.sub(r"(?<=[(\[]) | (?=[)\]])", "", re.sub(r"\s*\n\s*", " ", writing[key].strip()))
    for key in ("when", "ignore", "only"):
        if isinstance(writing.get(key), str):
            writing[key] = writing[key].split()
    if "only" in writing:
        writing["only"] = [name for item in writing["only"] for name in braces(item)]
    ignored = list(writing.get("ignore", []))
    writing["ignore"] = [*ignored, *(name for name in record.get("ignore", "").split() if name not in ignored)]
    return writing


def _cases(items: list[str | Table], side: str) -> list[Table]:
    plain = [item for item in items if isinstance(item, str)]
    cases: list[Table] = [{"calls": plain, "side": side}] if plain else []
    for item in items:
        if isinstance(item, str):
            continue
        calls = [item["calls"]] if isinstance(item["calls"], str) else item["calls"]
        cases.append({**item, "calls": calls, "side": side})
    return cases
