"""``python -m diptych.runtime SCRIPT [ARGUMENTS]``: run a script as Python would, with the import shims on."""

from __future__ import annotations

import io
import os
import sys
import types

from diptych.runtime import enable_shims

_USAGE = "usage: python -m diptych.runtime SCRIPT [ARGUMENTS]"


def run_script(path: str, arguments: list[str]) -> None:
    """Run the script as ``__main__`` with its own arguments, ``__file__`` and import path; the working directory
    stays. Raises ``OSError`` if it can't be read, and whatever it raises."""
    with io.open_code(os.path.abspath(path)) as stream:
        source = stream.read()
    main = types.ModuleType("__main__")
    main.__file__ = path
    vars(main)["__builtins__"] = __builtins__
    sys.modules["__main__"] = main  # pickle and multiprocessing look names up there
    sys.argv = [path, *arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(path))
    exec(compile(source, path, "exec", dont_inherit=True), vars(main))


def main(arguments: list[str]) -> None:
    """Run the script named first, with the rest as its arguments."""
    if not arguments or arguments[0] in ("-h", "--help"):
        sys.exit(_USAGE)
    script, *rest = arguments
    if not os.path.isfile(script):
        sys.exit(f"{script}: no such file. {_USAGE}")
    enable_shims()
    run_script(script, rest)


if __name__ == "__main__":
    main(sys.argv[1:])
