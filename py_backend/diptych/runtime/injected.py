"""Modules of ours that run in a kernel in which Diptych need not be installed: their text goes along with the code."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

_BOOTSTRAP = """
def _diptych(package, texts, entry, job, mime_type):
    import sys, types
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = []
    for name, text in texts.items():
        module = types.ModuleType(package + "." + name)
        module.__package__ = package
        sys.modules[module.__name__] = module
        setattr(sys.modules[package], name, module)
        exec(compile(text, "<diptych/" + name + ".py>", "exec"), module.__dict__)
    program = sys.modules[package + "." + entry]
    display = get_ipython().display_pub
    program.run(program.Job(**job), lambda event: display.publish({mime_type: event}))
"""


def injected(folder: str, package: str, modules: tuple[str, ...], job: dict[str, Any], mime_type: str) -> str:
    """Source that runs the last of ``modules`` (its ``run`` with its ``Job``) in an IPython kernel.

    ``folder`` is the package they lie in, ``package`` what they are called there; each imports only those before it.
    The events that ``run`` is handed a function for are published as display data of ``mime_type``."""
    place = resources.files(folder)
    texts = {name: (place / f"{name}.py").read_text(encoding="utf-8") for name in modules}
    told = json.dumps([package, texts, modules[-1], job, mime_type])
    return f"{_BOOTSTRAP}\n_diptych(*__import__('json').loads({told!r}))\n"
