"""The import hook: modules of MXNet and torchvision are loaded as ever, with the shims around them."""

from __future__ import annotations

import sys
import types
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader

from . import mnist_datasets, mxnet_modules, torchvision_modules
from .errors import ShimError


def armed() -> bool:
    """Whether the shims are on in this process, from whichever copy of their source."""
    return any(getattr(finder, "diptych_shims", False) for finder in sys.meta_path)


def arm(locate: mnist_datasets.Locate) -> None:
    """Switch the shims on; imports nothing, and a second call changes nothing.

    ``locate`` gives the folder of MNIST's files when a dataset is first made. Frameworks that are already imported
    and work get the datasets alone. Raises ``ShimError`` if MXNet was imported before and failed half way: the
    modules that it left behind can't be mended."""
    if armed():
        return
    if "mxnet" not in sys.modules and any(name.startswith("mxnet.") for name in sys.modules):
        raise ShimError(
            "MXNet was imported before the shims were switched on, and failed half way. Restart this Python process "
            "(in a notebook: restart the kernel) and switch the shims on first, by `%load_ext diptych` or "
            "`diptych.runtime.enable_shims()`."
        )
    sys.meta_path.insert(0, ShimFinder(locate))
    for name, patch in mnist_datasets.PATCHES.items():
        if name in sys.modules:
            patch(sys.modules[name], locate)


class ShimFinder(MetaPathFinder):
    """Finds what Python's own path finder finds, and wraps the loader of the two packages' modules."""

    diptych_shims = True

    def __init__(self, locate: mnist_datasets.Locate) -> None:
        self.locate = locate

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a module of MXNet or torchvision; None, so that others look, for every other name."""
        loader_type = _LOADERS.get(fullname.partition(".")[0])
        if loader_type is None:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            loader = loader_type(spec.loader.name, spec.loader.path)
            loader.locate = self.locate
            spec.loader = loader
        return spec


class _ShimLoader(SourceFileLoader):
    locate: mnist_datasets.Locate

    def exec_module(self, module: types.ModuleType) -> None:
        super().exec_module(module)
        patch = mnist_datasets.PATCHES.get(module.__name__)
        if patch is not None:
            patch(module, self.locate)


class _MxnetLoader(_ShimLoader):
    def exec_module(self, module: types.ModuleType) -> None:
        vars(module)["__builtins__"] = mxnet_modules.scoped_builtins()
        super().exec_module(module)
        mend = mxnet_modules.MENDED.get(module.__name__)
        if mend is not None:
            mend(module)

    def get_code(self, fullname: str) -> types.CodeType | None:
        replacement = mxnet_modules.REWRITTEN.get(fullname)
        source = self.get_source(fullname) if replacement else None
        if replacement is None or source is None:
            return super().get_code(fullname)
        # compiled here, so that the changed text never gets into the bytecode cache that all processes share
        return compile(source.replace(*replacement), self.path, "exec", dont_inherit=True)


class _TorchvisionLoader(_ShimLoader):
    def exec_module(self, module: types.ModuleType) -> None:
        # here torchvision.extension has tried to load its library already
        if module.__name__ == "torchvision._meta_registrations":
            torchvision_modules.declare_missing_operators()
        super().exec_module(module)


_LOADERS: dict[str, type[_ShimLoader]] = {"mxnet": _MxnetLoader, "torchvision": _TorchvisionLoader}
