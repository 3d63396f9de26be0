"""What runs inside a framework's own process when both sides are checked. The modules here need the standard library,
NumPy and the framework only: their text is sent to the kernel, where diptych need not be installed."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import resources

from diptych.checking.traced.program import Job
from diptych.runtime import EVENT_MIME

# in the order of their imports
_MODULES = (
    *("streams", "values", "clock", "layers", "steps"),
    *("gluon_weights", "torch_side", "mxnet_side", "program"),
)

_BOOTSTRAP = """
def _diptych(texts, job, mime_type):
    import sys, types
    package = "_diptych_checking"
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = []
    for name, text in texts.items():
        module = types.ModuleType(package + "." + name)
        module.__package__ = package
        sys.modules[module.__name__] = module
        setattr(sys.modules[package], name, module)
        exec(compile(text, "<diptych/" + name + ".py>", "exec"), module.__dict__)
    program = sys.modules[package + ".program"]
    display = get_ipython().display_pub
    program.run(program.Job(**job), lambda event: display.publish({mime_type: event}))
"""


def code(job: Job) -> str:
    """Source that runs ``job`` in an IPython kernel and publishes its events as display data of ``EVENT_MIME``."""
    folder = resources.files(__name__)
    texts = {name: (folder / f"{name}.py").read_text(encoding="utf-8") for name in _MODULES}
    return f"{_BOOTSTRAP}\n_diptych(*__import__('json').loads({json.dumps([texts, asdict(job), EVENT_MIME])!r}))\n"
