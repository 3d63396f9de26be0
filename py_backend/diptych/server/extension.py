"""Where Jupyter Server and JupyterLab find Diptych."""

from __future__ import annotations

import re
from datetime import datetime, timezone

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

    def current_activity(self) -> list[str]:
        """What keeps the server from ending for want of activity: runs and checks, which need no browser to go on.
        Asked regularly; the time without activity begins to count at the last answer that named something."""
        if self.serverapp is None or not self.settings[SETTING].busy:
            return []
        self.serverapp.web_app.settings["diptych_last_activity"] = datetime.now(timezone.utc)
        return ["training runs or checks"]

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
