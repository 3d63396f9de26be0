"""Where the official documentation of a name is, by the sites' patterns."""

from __future__ import annotations

_TORCH = "https://pytorch.org/docs/stable"
_VISION = "https://pytorch.org/vision/stable/generated"
_MXNET = "https://mxnet.apache.org/versions/1.9.1/api/python/docs/api"
# Longest prefix first; {name} is the canonical path, {old} the path with `ndarray` for `nd`.
_PATTERNS = (
    ("torchvision.", _VISION + "/{name}.html"),
    ("torch.cuda.", _TORCH + "/generated/{name}.html"),
    ("torch.", _TORCH + "/generated/{name}.html"),
    ("mxnet.nd.NDArray", _MXNET + "/ndarray/ndarray.html#{old}"),
    ("mxnet.nd.random.", _MXNET + "/ndarray/random/index.html#{old}"),
    ("mxnet.nd.linalg.", _MXNET + "/ndarray/linalg/index.html#{old}"),
    ("mxnet.nd.contrib.", _MXNET + "/ndarray/contrib/index.html#{old}"),
    ("mxnet.nd.image.", _MXNET + "/ndarray/image/index.html#{old}"),
    ("mxnet.nd.sparse.", _MXNET + "/ndarray/sparse/index.html#{old}"),
    ("mxnet.nd.", _MXNET + "/ndarray/ndarray.html#{old}"),
    ("mxnet.np.ndarray", _MXNET + "/np/arrays.ndarray.html"),
    ("mxnet.np.", _MXNET + "/np/generated/{name}.html"),
    ("mxnet.npx.", _MXNET + "/npx/generated/{name}.html"),
    ("mxnet.gluon.nn.", _MXNET + "/gluon/nn/index.html#{name}"),
    ("mxnet.gluon.rnn.", _MXNET + "/gluon/rnn/index.html#{name}"),
    ("mxnet.gluon.loss.", _MXNET + "/gluon/loss/index.html#{name}"),
    ("mxnet.gluon.data.vision.", _MXNET + "/gluon/data/vision/index.html#{name}"),
    ("mxnet.gluon.data.", _MXNET + "/gluon/data/index.html#{name}"),
    ("mxnet.gluon.", _MXNET + "/gluon/index.html#{name}"),
    ("mxnet.", _MXNET + "/{package}/index.html#{name}"),
)


def address(name: str) -> str:
    """The page of a canonical path; empty where no pattern fits."""
    old = name.replace("mxnet.nd.", "mxnet.ndarray.", 1)
    package = name.split(".")[1] if name.count(".") > 1 else "mxnet"
    pattern = next((text for prefix, text in _PATTERNS if name.startswith(prefix)), "")
    return pattern.format(name=name, old=old, package=package)
