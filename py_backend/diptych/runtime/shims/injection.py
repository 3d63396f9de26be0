"""The shims as text, for a process in which Diptych is not installed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

PACKAGE = "_diptych_shims"
_TEMPLATE = """\
def _arm_diptych_shims(sources, package, folder, message):
    import importlib.abc, importlib.util, sys

    if any(getattr(finder, "diptych_shims", False) for finder in sys.meta_path):
        return

    class Sources(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
        def find_spec(self, fullname, path=None, target=None):
            if fullname not in sources:
                return None
            return importlib.util.spec_from_loader(fullname, self, is_package=fullname == package)

        def get_source(self, fullname):
            return sources[fullname]

    def locate():
        if folder is None:
            raise FileNotFoundError(message)
        return folder

    sys.meta_path.append(Sources())
    importlib.import_module(package).arm(locate)

_arm_diptych_shims({sources!r}, {package!r}, {folder!r}, {message!r})
del _arm_diptych_shims
"""


def source(mnist: Path | None, problem: str = "") -> str:
    """A program of the standard library alone that switches the shims on in the process that runs it; its datasets
    read MNIST in the folder ``mnist``, or raise an error that says ``problem`` if that is None. Running it again
    changes nothing."""
    folder = files(__package__)
    texts = {
        PACKAGE + ("" if entry.name == "__init__.py" else f".{entry.name.removesuffix('.py')}"): entry.read_text(
            "utf-8"
        )
        for entry in folder.iterdir()
        if entry.name.endswith(".py") and entry.name != "injection.py"
    }
    return _TEMPLATE.format(
        sources=texts, package=PACKAGE, folder=str(mnist) if mnist is not None else None, message=problem
    )
