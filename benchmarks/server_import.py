"""What the server extension adds to the import of jupyter_server: at most 60 ms."""

from __future__ import annotations

import statistics
import subprocess
import sys

LIMIT = 60.0  # milliseconds
PAIRS = 10
PROGRAM = """
import time
import jupyter_server.serverapp
begin = time.perf_counter()
{statement}
print((time.perf_counter() - begin) * 1000)
"""


def measure(statement: str) -> float:
    """Milliseconds that ``statement`` takes after jupyter_server, in a fresh process."""
    program = PROGRAM.format(statement=statement)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> int:
    """Print the median; the exit code is 1 above the limit."""
    load = "import diptych\ndiptych._jupyter_server_extension_points()"
    times = [measure(load) for _ in range(PAIRS)]
    median = statistics.median(times)
    print(
        f"extension import after jupyter_server: {median:.1f} ms ({min(times):.1f} to {max(times):.1f}), limit {LIMIT}"
    )
    return int(median > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
