"""``%load_ext diptych``: the import shims, and ``%%mxnet`` cells that run in an MXNet process of their own."""

from __future__ import annotations

import atexit
import sys
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.display import clear_output, publish_display_data

from diptych.equivalence.model import Framework
from diptych.runtime import discovery, enable_shims
from diptych.runtime.background import BackgroundProcess
from diptych.runtime.errors import RuntimeUnavailable
from diptych.runtime.messages import Clear, Display, Output, Stream


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Switch the import shims on and register ``%%mxnet`` and ``%mxnet_restart``."""
    enable_shims()
    magics = MxnetMagics(shell)
    shell.register_magics(magics)
    atexit.register(magics.end)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """End the MXNet process; the shims stay, because what was imported with them does."""
    magics = shell.magics_manager.registry.get(MxnetMagics.__name__)
    if isinstance(magics, MxnetMagics):
        magics.end()


@magics_class
class MxnetMagics(Magics):
    """Cells in a process of their own, which starts with the first one and lives as long as the notebook's kernel."""

    _process: BackgroundProcess | None = None

    @cell_magic
    def mxnet(self, line: str, cell: str) -> None:
        """Run this cell in the MXNet process. Its outputs, plots and errors appear here, its variables stay there."""
        if line.strip():
            raise ValueError(f"%%mxnet takes nothing on its line, but was given: {line.strip()}")
        self._started().execute(cell, relay)

    @line_magic
    def mxnet_restart(self, line: str) -> None:
        """End the MXNet process; its variables are lost. The next %%mxnet cell starts a new one."""
        self.end()

    def end(self) -> None:
        """End the MXNet process if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()

    def _started(self) -> BackgroundProcess:
        if self._process is not None and not self._process.is_alive():
            self.end()  # the cell in which it died said so
        if self._process is None:
            runtime = discovery.find(Framework.MXNET)
            if runtime.problem:
                raise RuntimeUnavailable(f"%%mxnet finds no MXNet. {runtime.problem}\n{runtime.remedy}")
            self._process = BackgroundProcess(runtime)
        return self._process


def relay(output: Output) -> None:
    """Show an output of the other process as this cell's own; errors come as the exception that ends the cell."""
    if isinstance(output, Stream):
        stream = sys.stderr if output.name == "stderr" else sys.stdout
        stream.write(output.text)
        stream.flush()
    elif isinstance(output, Display):
        transient: dict[str, Any] = {"display_id": output.display_id} if output.display_id else {}
        publish_display_data(  # type: ignore[no-untyped-call]  # IPython leaves it untyped
            dict(output.data), dict(output.metadata), transient=transient, update=output.update
        )
    elif isinstance(output, Clear):
        clear_output(wait=output.wait)  # type: ignore[no-untyped-call]  # IPython leaves it untyped
