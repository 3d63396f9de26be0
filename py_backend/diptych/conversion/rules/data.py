"""``MNIST(root, transform=f)`` <-> ``MNIST(root).transform_first(f)``."""

from __future__ import annotations

import ast

from diptych.conversion.arguments import Crossing, NotMapped, Written, bind, carry, spelling_of
from diptych.conversion.edits import Part
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Dialect, Framework
from diptych.source.calls import constant
from diptych.source.knowledge import words
from diptych.source.types import Api, Instance, Tensor, UserClass, UserFunction

_TORCH = ("root", "train", "transform", "target_transform", "download")
_MXNET = ("root", "train", "transform")
_FOLDER = ("root", "transform", "target_transform", "loader", "is_valid_file", "allow_empty")
# What both sides have: the name here, the arguments there and here in their order.
_SETS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "MNIST": ("MNIST", _TORCH, _MXNET),
    "FashionMNIST": ("FashionMNIST", _TORCH, _MXNET),
    "CIFAR10": ("CIFAR10", _TORCH, _MXNET),
    "CIFAR100": ("CIFAR100", _TORCH, ("root", "fine_label", "train", "transform")),
    "ImageFolder": ("ImageFolderDataset", _FOLDER, ("root", "flag", "transform")),
}
_TO_TORCH = {name: torch for torch, (name, _, _) in _SETS.items()}
_KNOWN = frozenset(("root", "train", "transform", "target_transform", "download"))


def _bound(rewriter: Rewriter, node: ast.Call, names: tuple[str, ...]) -> dict[str, ast.expr] | None:
    """The arguments by name; None where the text does not say."""
    if any(isinstance(item, ast.Starred) for item in node.args) or any(item.arg is None for item in node.keywords):
        return None
    found = dict(zip(names, node.args, strict=False))
    found |= {item.arg: item.value for item in node.keywords if item.arg}
    if len(node.args) > len(names) or set(found) - set(names):
        return None
    return found


def _own_function(rewriter: Rewriter, node: ast.expr | None) -> bool:
    """Whether a transformation is a function of the document's: it gets PIL images there, arrays here."""
    return node is not None and (
        isinstance(node, ast.Lambda) or isinstance(rewriter.type_of(node), (UserFunction, UserClass))
    )


def _none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


@on_call(*(f"torchvision.datasets.{name}" for name in _SETS))
def to_gluon(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To MXNet: the transformation is applied to the first of (image, label), that of the label to the second."""
    torch = use.path.rpartition(".")[2]
    name, takes, _ = _SETS[torch]
    bound = _bound(rewriter, node, takes)
    own = bound is not None and _own_function(rewriter, bound.get("transform"))
    if bound is None or own or any(not _none(value) for key, value in bound.items() if key not in _KNOWN):
        message = f"`{use.path}` stays as it was: an argument of it has no counterpart in MXNet."
        rewriter.fail(
            node, "unmapped-argument", message, "Apply it with `.transform(...)`.", "an argument without counterpart"
        )
        rewriter.claim(node.func)
        return True
    parts: list[Part] = [rewriter.names.spell(f"mxnet.gluon.data.vision.datasets.{name}", rewriter.scope_of(node)), "("]
    given: list[list[Part]] = []
    if "root" in bound:
        given.append(["root=", rewriter.range(bound["root"])])
    if "train" in takes:
        given.append(["train=", rewriter.range(bound["train"]) if "train" in bound else "True"])
    given += [["fine_label=True"]] if torch == "CIFAR100" else []
    for number, argument in enumerate(given):
        parts += [", "] * bool(number) + argument
    parts += [")"]
    if not _none(bound.get("transform")):
        parts += [".transform_first(", rewriter.range(bound["transform"]), ")"]
    if not _none(bound.get("target_transform")):
        function = rewriter.range(bound["target_transform"])
        simple = isinstance(bound["target_transform"], (ast.Name, ast.Attribute))
        called: list[Part] = [function] if simple else ["(", function, ")"]
        parts += [".transform(lambda image, label: (image, ", *called, "(label)))"]
    rewriter.claim(node.func)
    rewriter.replace(node, *parts, record=rewriter.record_for(use.path))
    if constant(bound.get("download")) is not True and "download" in bound:
        rewriter.inform(node, "download", "Gluon's data sets download what is missing, whatever `download` says.")
    return True


@on_call("mxnet.gluon.data.Dataset.transform_first")
def to_torchvision(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: the transformation goes into the constructor."""
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    owner = rewriter.use(inner.func) if isinstance(inner, ast.Call) else None
    if not of_images(rewriter, node):
        return False  # the record says how
    transform = node.args[0] if node.args else next((item.value for item in node.keywords if item.arg == "fn"), None)
    lazy = next((item.value for item in node.keywords if item.arg == "lazy"), None)
    if not isinstance(inner, ast.Call) or owner is None or transform is None or len(node.args) > 1:
        return _refused(rewriter, node)
    if _own_function(rewriter, transform):
        return _refused(rewriter, node)
    if lazy is not None and constant(lazy) is not True:
        return _refused(rewriter, node)
    rewriter.claim_only(node.func)
    rewriter.claim_only(inner)
    rewriter.claim(inner.func)
    return _construct(rewriter, node, inner, owner, transform)


def of_images(rewriter: Rewriter, node: ast.Call) -> bool:
    """Whether a data set's method is called on one of images, whose samples are PIL images in PyTorch."""
    owner = rewriter.type_of(node.func.value) if isinstance(node.func, ast.Attribute) else None
    return not isinstance(owner, Instance) or ".vision." in owner.path


@on_call("mxnet.gluon.data.Dataset.transform", "mxnet.gluon.data.Dataset.filter")
def of_samples(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: a function of a sample means another thing where samples are PIL images there."""
    return of_images(rewriter, node) and _refused(rewriter, node)


@on_call(*(f"mxnet.gluon.data.vision.datasets.{name}" for name in _TO_TORCH))
def plain(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: a set without transformation."""
    rewriter.claim(node.func)
    return _construct(rewriter, node, node, use, None)


def _construct(rewriter: Rewriter, whole: ast.Call, inner: ast.Call, use: Use, transform: ast.expr | None) -> bool:
    name = _TO_TORCH.get(use.path.rpartition(".")[2])
    bound = _bound(rewriter, inner, _SETS[name][2]) if name is not None else None
    if name is None or bound is None or not _none(bound.get("transform")) or not _same_labels(name, bound):
        return _refused(rewriter, whole)
    folder = name == "ImageFolder"
    parts: list[Part] = [rewriter.names.spell(f"torchvision.datasets.{name}", rewriter.scope_of(whole)), "("]
    parts += [rewriter.range(bound["root"])] if "root" in bound else ["'data'"]
    if not folder:
        parts += [", train=", rewriter.range(bound["train"]) if "train" in bound else "True", ", download=True"]
    parts += [", transform=", rewriter.range(transform)] if transform is not None else []
    rewriter.replace(whole, *parts, ")", record=rewriter.record_for(f"torchvision.datasets.{name}"))
    if "root" not in bound:
        rewriter.inform(
            whole, "root", "PyTorch needs a folder for the files: `'data'`. Gluon keeps them in its own cache."
        )
    return True


def _same_labels(name: str, bound: dict[str, ast.expr]) -> bool:
    """PyTorch has CIFAR-100's fine labels only, and reads a folder's images in colour."""
    if name == "CIFAR100":
        return constant(bound.get("fine_label")) is True
    return name != "ImageFolder" or ("root" in bound and constant(bound.get("flag", ast.Constant(1))) == 1)


def _refused(rewriter: Rewriter, node: ast.Call) -> bool:
    message = (
        "This chain of transformations has no counterpart that is known: torchvision takes one in the constructor."
    )
    rewriter.fail(node, "unmapped-argument", message, comment="transformations that can't be told")
    rewriter.claim(node)
    return True


_LAST_BATCH = {"torch.utils.data.DataLoader": "drop_last", "mxnet.gluon.data.DataLoader": "last_batch"}


@on_call(*_LAST_BATCH)
def loader(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``drop_last=True`` <-> ``last_batch='discard'``, and batches of a sampler; the record does the rest."""
    record = rewriter.record_for(use.path)
    own = spelling_of(record, rewriter.origin, use.path) if record is not None else None
    target = rewriter.target_spelling(record) if record is not None else None
    if record is None or own is None or target is None:
        return False
    to_mxnet = use.path.startswith("torch")
    try:
        bound = bind(rewriter, node, own)
        if not {"drop_last", "last_batch", "batch_sampler"} & set(bound.values):
            return False
        last = bound.values.pop(_LAST_BATCH[use.path], None)
        made_up = not _none(bound.node("batch_sampler"))
        arguments = carry(Crossing(rewriter, record, own, target, node), bound)
        if made_up:  # which says the size of a batch itself
            arguments = [item for item in arguments if item.parts != ("1",)]
        if last is not None:
            dropped = constant(last[0][0])
            if dropped not in (True, False, "discard", "keep", None) or not isinstance(last[0][0], ast.Constant):
                raise NotMapped(f"`{_LAST_BATCH[use.path]}={rewriter.text(last[0][1])}` has no counterpart")
            if dropped in (True, "discard"):
                keyword, value = ("last_batch", "'discard'") if to_mxnet else ("drop_last", "True")
                arguments.append(Written(keyword, (value,)))
    except NotMapped as reason:
        rewriter.fail(node, "unmapped-argument", f"`{use.path}` stays as it was: {reason}.", comment=str(reason))
        rewriter.claim(node.func)
        return True
    rewriter.rewrite_call(node, record, rewriter.names.spell(target.name, rewriter.scope_of(node)), arguments)
    return True


@on_call("torch.utils.data.TensorDataset", "mxnet.gluon.data.ArrayDataset")
def of_one_array(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """A sample of one array is a tuple of one in PyTorch, the array's own in MXNet."""
    if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
        return False
    array, place = node.args[0], rewriter.range(node.args[0])
    found = rewriter.type_of(array)
    rank = found.rank if isinstance(found, Tensor) else None
    if rewriter.target is Framework.PYTORCH:
        parts: list[Part] = [rewriter.helpers.name("rows_of") or "", "(", place, ")"]
    elif rewriter.dialect is Dialect.NP or (rank is not None and rank > 1):
        parts = [rewriter.helpers.name("side_by_side") or "", "(", place, ")"]
    else:
        message = "A data set of one array has tuples of one in PyTorch; in MXNet's nd that depends on its dimensions."
        rewriter.fail(node, "unmapped-argument", message, comment="how many dimensions the array has can't be told")
        rewriter.claim(node.func)
        return True
    rewriter.claim(node.func)
    rewriter.replace(node, *parts, record=rewriter.record_for(use.path))
    return True


_OF_IMAGES = ("torchvision.transforms.", "mxnet.gluon.data.vision.transforms.")
# What reads or moves the places of an image: channels come last in PIL's images and Gluon's arrays, first in tensors.
_PLACED = words(
    """
    AugMix AutoAugment CenterCrop ColorJitter CropResize FiveCrop Grayscale Pad PILToTensor RandomApply
    RandomBrightness RandomChoice RandomColorJitter RandomContrast RandomCrop RandomFlipLeftRight
    RandomFlipTopBottom RandomGrayscale RandomHorizontalFlip RandomHue RandomInvert RandomLighting RandomOrder
    RandomPosterize RandomResizedCrop RandomSaturation RandomSolarize RandomVerticalFlip Resize TenCrop
    """
)
_FIRST = frozenset(("ToTensor", "PILToTensor"))  # makes channels come first


@on_call(*(f"{owner}{name}" for owner in _OF_IMAGES for name in sorted(_PLACED)))
def on_an_image(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """Refuses what may be called on a tensor: its channels come first, those of Gluon's images last."""
    name = use.path.rpartition(".")[2]
    if name in _FIRST or _before_tensors(rewriter, node):
        return False
    message = (
        f"`{use.path}` is carried over before a `ToTensor()` of the same list: there images have their channels last "
        "on both sides. Elsewhere it may meet a tensor, whose channels come first."
    )
    advice = "Put it into the `Compose` that ends with `ToTensor()`."
    rewriter.fail(node, "unmapped-argument", message, advice, comment="what kind of image this gets can't be told")
    rewriter.claim(node)
    return True


def _before_tensors(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether something after ``node``, in a list around it, makes a tensor."""
    inner: ast.AST = node
    outer = rewriter.parent(inner)
    while isinstance(outer, (ast.List, ast.Tuple, ast.Call, ast.keyword)):
        if isinstance(outer, (ast.List, ast.Tuple)) and inner in outer.elts:
            places = [_named(rewriter, item) in _FIRST for item in outer.elts]
            place = outer.elts.index(inner)
            if any(places[place + 1 :]):
                return not any(places[:place])
        if isinstance(outer, ast.Call) and outer.func is inner:
            return False
        inserted = isinstance(outer, ast.Call) and isinstance(outer.func, ast.Attribute) and outer.func.attr == "insert"
        if inserted and isinstance(outer, ast.Call) and constant(outer.args[0]) == 0 and outer.args[1:] == [inner]:
            return True  # in front of all the others
        inner, outer = outer, rewriter.parent(outer)
    if not isinstance(outer, ast.Assign) or len(outer.targets) != 1 or not isinstance(outer.targets[0], ast.Name):
        return False
    name = outer.targets[0].id
    uses = rewriter.source.nodes.named(name)
    read = [item for item in uses if isinstance(item.ctx, ast.Load)]
    return bool(read) and len(read) == len(uses) - 1 and all(_before_tensors(rewriter, item) for item in read)


def _named(rewriter: Rewriter, item: ast.expr) -> str:
    use = rewriter.use(item.func) if isinstance(item, ast.Call) else None
    return use.path.rpartition(".")[2] if use is not None and use.path.startswith(_OF_IMAGES) else ""


@on_node(ast.Subscript)
def generic(rewriter: Rewriter, node: ast.Subscript) -> bool:
    """``class Numbers(Dataset[int])``: Gluon's classes say nothing of what they hold."""
    found, parent = rewriter.type_of(node.value), rewriter.parent(node)
    if not isinstance(found, Api) or not isinstance(parent, ast.ClassDef) or rewriter.target is not Framework.MXNET:
        return False
    if found.path not in ("torch.utils.data.Dataset", "torch.utils.data.Sampler"):
        return False
    rewriter.claim(node.slice)
    rewriter.replace(node, rewriter.range(node.value))
    return False
