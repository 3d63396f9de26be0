"""A hover over HTTP in a 4,000-line file: at most 100 ms the first time, 5 ms on unchanged text."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FIRST, UNCHANGED = 100.0, 5.0  # milliseconds
LINES = 4000
ROUNDS = 20
EXAMPLE = Path(__file__).parents[1] / "examples" / "mnist_mlp_torch.py"


def text_of(lines: int, mark: int) -> str:
    """The example over and over; ``mark`` makes the text a new one."""
    body = EXAMPLE.read_text(encoding="utf-8").splitlines()
    repeated = [line for _ in range(lines // len(body) + 1) for line in body]
    return "\n".join([f"# {mark}", *repeated][:lines]) + "\n"


def main() -> int:
    """Print medians; the exit code is 1 above a limit."""
    token = secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
        command += [f"--ServerApp.port={port}", f"--ServerApp.root_dir={folder}"]
        command += ["--ServerApp.jpserver_extensions={'diptych': True}", "--ServerApp.log_level=ERROR"]
        environment = {**os.environ, "JUPYTER_TOKEN": token, "DIPTYCH_DATA_DIR": folder, "JUPYTER_RUNTIME_DIR": folder}
        server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            first, unchanged, floor = measure(port, token)
        finally:
            server.terminate()
            server.wait(30)
    print(f"hover, {LINES} lines, first time: {first:.1f} ms, limit {FIRST}")
    print(f"hover, {LINES} lines, unchanged:  {unchanged:.1f} ms, limit {UNCHANGED}")
    print(f"(a request that does nothing: {floor:.1f} ms)")
    return int(first > FIRST or unchanged > UNCHANGED)


def measure(port: int, token: str) -> tuple[float, float, float]:
    """Median milliseconds of a hover in new text, in unchanged text, and of reading one record."""
    headers = {"Authorization": f"token {token}"}
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            ask(connection, headers, "GET", "/diptych/equivalences/ones", None)
            break
        except OSError:
            time.sleep(0.2)
    time.sleep(2)  # the records are loaded, and the server has nothing else to do
    firsts, agains, floors = [], [], []
    for number in range(ROUNDS):
        text = text_of(LINES, number)
        rows = enumerate(text.splitlines(), 1)
        line = next(index for index, row in rows if "nn.Linear" in row and index > LINES - 100)
        column = text.splitlines()[line - 1].index("Linear")
        body = json.dumps({"document": {"type": "module", "text": text}, "line": line, "column": column})
        firsts.append(ask(connection, headers, "POST", "/diptych/lookup", body))
        agains.append(ask(connection, headers, "POST", "/diptych/lookup", body))
        floors.append(ask(connection, headers, "GET", "/diptych/equivalences/ones", None))
    return statistics.median(firsts), statistics.median(agains), statistics.median(floors)


def ask(
    connection: http.client.HTTPConnection, headers: dict[str, str], method: str, path: str, body: str | None
) -> float:
    """Milliseconds from the request to the whole answer."""
    begin = time.perf_counter()
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    found = json.loads(answer.read())
    took = (time.perf_counter() - begin) * 1000
    if answer.status != 200 or found.get("lookup", True) is None:
        raise SystemExit(f"{path} answered {answer.status}: {found}")
    return took


if __name__ == "__main__":
    sys.exit(main())
