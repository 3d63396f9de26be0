"""Where Jupyter Server and JupyterLab find Diptych."""

from __future__ import annotations

import re

from jupyter_server.extension.application import ExtensionApp

from diptych.server.handlers import HANDLERS, MissingHandler
from diptych.server.routes import PREFIX
from diptych.server.services import SETTING, Services


class DiptychExtension(ExtensionApp):
    """Serves the paths of ``routes.py`` under the server's base URL; ends the runs when the server stops."""

    name = "diptych"

    def initialize_settings(self) -> None:
        """Begin to load the records."""
        self.settings[SETTING] = Services()

    def initialize_handlers(self) -> None:
        """Serve every path, and JSON errors for all others below the prefix."""
        self.handlers.extend((_pattern(path), handler) for path, handler in HANDLERS.items())
        self.handlers.append((rf"/{PREFIX}(?:/.*)?", MissingHandler))

    async def stop_extension(self) -> None:
        """End what is under way."""
        await self.settings[SETTING].close()


def _pattern(path: str) -> str:
    return f"/{PREFIX}/" + re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))


_load_jupyter_server_extension = DiptychExtension._load_jupyter_server_extension


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    return [{"module": "diptych.server.extension", "app": DiptychExtension}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "diptych-jupyterlab"}]
