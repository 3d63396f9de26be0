"""The arrays that the cases of records use by name, as each side makes them."""

from __future__ import annotations

from diptych.equivalence.model import Dialect, Framework

# name -> nested lists, dtype. Values avoid ties, poles and rounding halves, so that a difference is a real one.
SMALL: dict[str, tuple[object, str]] = {
    "x": ([[1.5, -2.25, 3.75], [0.5, 4.125, -0.625]], "float32"),
    "y": ([[2.5, 1.25, -0.75], [-3.5, 0.375, 1.625]], "float32"),
    "p": ([[0.5, 1.25, 2.75], [3.5, 0.375, 1.625]], "float32"),  # positive
    "u": ([[0.125, 0.25, 0.875], [0.625, 0.5625, 0.375]], "float32"),  # between 0 and 1
    "v": ([1.5, -0.5, 2.25], "float32"),
    "q": ([0.75, 2.5, -1.25], "float32"),
    "w": ([[1.0, 2.0], [-0.5, 1.5], [0.25, -3.0]], "float32"),
    "m": ([[4.0, 1.0, 0.5], [-1.0, 3.0, 0.25], [0.75, -0.5, 5.0]], "float32"),  # regular
    "h": ([[4.0, 1.0, 0.5], [1.0, 3.0, 0.25], [0.5, 0.25, 5.0]], "float32"),  # symmetric, positive definite
    "t": (
        [
            [[0.5, -1.5, 2.25, 3.0], [1.25, 0.75, -2.5, 0.25], [4.5, -0.75, 1.0, 2.0]],
            [[-0.5, 1.75, 0.375, -3.25], [2.5, -1.0, 0.625, 1.5], [0.875, 3.5, -4.0, 0.125]],
        ],
        "float32",
    ),
    "i": ([[3, -1, 4], [1, 5, -9]], "int64"),
    "j": ([[2, 7, 1], [8, 2, 6]], "int64"),  # positive
    "k": ([2, 0, 1], "int64"),  # indices below 3
    "l": ([1, 0], "int64"),  # indices below 2
    "n": ([[3, -1, 4], [1, 5, -9]], "int32"),
    "b": ([[True, False, True], [False, False, True]], "bool"),
    "c": ([[True, True, False], [False, True, True]], "bool"),
    "s": (2.5, "float32"),  # 0-dim; (1,) in nd
    "d": ([[1.5, -2.25, 3.75], [0.5, 4.125, -0.625]], "float64"),
}
# name -> shape: float32 values between -1 and 1 that differ from place to place.
LARGE: dict[str, tuple[int, ...]] = {
    "e": (0, 3),  # no elements
    "f": (2, 3, 6),  # batch, channels, width
    "g": (2, 3, 6, 6),  # batch, channels, height, width
    "z": (2, 3, 4, 5, 6),  # batch, channels, depth, height, width
    "a": (5, 4),
}
NAMES = (*SMALL, *LARGE)
VALUES = """
import numpy
def values(*shape):
    count = int(numpy.prod(shape))
    return (numpy.sin(numpy.arange(count) * 1.7 + 0.3) * 0.9).astype("float32").reshape(shape)
def picture(height, width, path="images/one/1.png"):
    import os
    from PIL import Image
    os.makedirs(os.path.dirname(path), exist_ok=True)
    Image.fromarray((values(height, width, 3) * 130 + 128).astype("uint8")).save(path)
    return path
"""


def define(name: str, framework: Framework, dialect: Dialect) -> str:
    """The statement that makes the input ``name``."""
    if name in LARGE:
        shape = LARGE[name]
        if framework is Framework.PYTORCH:
            return f"{name} = torch.tensor(values{shape}, dtype=torch.float32).reshape{shape}"
        package = "np" if dialect is Dialect.NP else "nd"
        return f"{name} = {package}.array(values{shape}, dtype='float32').reshape({shape})"
    data, dtype = SMALL[name]
    if framework is Framework.PYTORCH:
        return f"{name} = torch.tensor({data}{'' if dtype in _BY_DATA else f', dtype=torch.{dtype}'})"
    if dialect is Dialect.ND:
        data = [data] if name == "s" else data
        return f"{name} = nd.array({data}, dtype='{'float32' if dtype == 'bool' else dtype}')"
    return f"{name} = np.array({data}{'' if dtype == 'float32' else f', dtype={dtype!r}'})"


_BY_DATA = ("float32", "int64", "bool")  # what PyTorch makes of such data by itself
