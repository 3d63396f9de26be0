"""Draws the snippets of the corpus and writes ``sources.json``; done once, before the first conversion.

    python benchmarks/corpus/draw.py SCRIPTS.json

``SCRIPTS.json`` names the scripts that were read, in the order in which they were drawn.
"""

from __future__ import annotations

import importlib.metadata
import json
import random
import sys
from pathlib import Path

import msgspec
from sources import LIST, Listing, Source, cache_folder, digest, documented

from diptych.equivalence.model import Framework

SEED = "diptych-corpus-1"
COUNT = {Framework.PYTORCH: 350, Framework.MXNET: 300}
RULE = (
    "Snippets: every public name of torch, torchvision and mxnet (equivalence/surface.json) whose docstring holds "
    "`>>>` lines, each text once; of the sorted names `random.Random(f'{SEED}:{framework}').sample(names, COUNT)`, "
    f"SEED = {SEED!r}, COUNT = 350 (PyTorch), 300 (MXNet). A snippet is all example lines of one docstring.",
    "Scripts: the sorted listing of tutorial files of yunjey/pytorch-tutorial, pytorch/tutorials (basics, blitz, "
    "examples_*, introyt), gilbertfrancois/mxnet-cookbook, d2l-ai/d2l-zh (preliminaries, one text a framework) and "
    "apache/mxnet (docs tutorials, example/gluon), shuffled with the same seed; `drawn` is the place in that order. "
    "The first thirty of each were read; in the list are those that import only the framework, NumPy and the standard "
    "library, are at most 16,000 characters long, need no data but MNIST, and are Python 3 for the framework of today. "
    "Where these were too few (MXNet), five later ones were taken as well.",
    "Comments, docstrings and prose are no part of a text; of a notebook it is the code of its cells.",
)


def main() -> None:
    """Write the list."""
    scripts = json.loads(Path(sys.argv[1]).read_text())
    sources = [source for framework in Framework for source in snippets(framework)]
    for entry in scripts["scripts"]:
        text = (cache_folder() / entry["name"]).read_text()
        sources.append(msgspec.convert({**entry, "kind": "script", "sha256": digest(text)}, Source))
    found = Listing(RULE, tuple(scripts["passed_over"]), tuple(sources))
    LIST.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")


def snippets(framework: Framework) -> list[Source]:
    """The drawn docstrings of one framework."""
    found = documented(framework)
    drawn = random.Random(f"{SEED}:{framework.value}").sample(sorted(found), COUNT[framework])
    return [
        Source(name, framework, "snippet", digest(found[name]), version=_version(name), drawn=place)
        for place, name in enumerate(drawn)
    ]


def _version(name: str) -> str:
    package = name.partition(".")[0]
    return f"{package} {importlib.metadata.version(package)}"


if __name__ == "__main__":
    main()
