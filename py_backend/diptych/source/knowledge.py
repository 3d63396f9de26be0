"""What the frameworks' public names are and give: the facts that light types rest on.

Neither framework is imported here. A name that is not listed is of unknown type.
"""

from __future__ import annotations

from diptych.equivalence.model import Dialect, Framework
from diptych.source.types import Family, Items, Repeated, Role, Tensor, Type, framework_of

FRAMEWORK_ROOTS = ("torch", "torchvision", "mxnet")


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# Functions of `torch` and `mxnet.nd`/`mxnet.np` that give one tensor.
CREATE = words(
    """
    ones zeros empty full eye arange linspace logspace rand randn randint randperm tensor as_tensor from_numpy
    array ones_like zeros_like empty_like full_like rand_like randn_like normal uniform
    """
)
COMPUTE = words(
    """
    abs add sub subtract mul multiply div divide true_divide pow power neg negative exp expm1 log log1p log2
    log10 sqrt rsqrt sin cos tan tanh sinh cosh arcsin arccos arctan asin acos atan atan2 sigmoid relu softmax
    log_softmax matmul mm bmm dot batch_dot einsum sum mean prod std var norm argmax argmin cumsum clamp clip
    where cat concat concatenate stack reshape flatten squeeze unsqueeze expand_dims transpose permute swapaxes
    t tile repeat flip sign round floor ceil maximum minimum eq ne lt le gt ge equal not_equal lesser
    lesser_equal greater greater_equal logical_and logical_or logical_not gather scatter take one_hot pick erf
    erfinv square diag tril triu broadcast_to clone detach softmax_cross_entropy cross_entropy mse_loss nll_loss
    dropout linear conv2d max_pool2d avg_pool2d batch_norm layer_norm gelu elu leaky_relu
    """
)
PREDICATES = words(
    """
    eq ne lt le gt ge equal not_equal lesser lesser_equal greater greater_equal isnan isinf isfinite logical_and
    logical_or logical_not
    """
)
INTEGER_RESULTS = frozenset(["argmax", "argmin", "argsort", "randint", "randperm"])
RANK_ZERO = words(
    """
    sum mean prod max min norm std var all any
    """
)  # without a dimension to reduce over

# Methods of tensors that give a tensor again.
TENSOR_METHODS = COMPUTE | words(
    """
    view view_as reshape reshape_like type_as to cpu cuda float double half long int bool short byte contiguous
    detach clone copy copyto as_in_context as_in_ctx astype as_nd_ndarray as_np_ndarray requires_grad_ max min
    all any T expand expand_as add_ sub_ mul_ div_ zero_ fill_ copy_ clamp_ index_select masked_fill slice
    slice_axis asnumpy_nd sum_to_size data grad
    """
)
KEEP_RANK = words(
    """
    to cpu cuda float double half long int bool contiguous detach clone copy copyto as_in_context as_in_ctx
    astype abs neg exp log log1p sqrt sin cos tanh sigmoid relu softmax log_softmax clamp clip round floor ceil
    sign square requires_grad_ data grad dropout
    """
)
NUMBER_METHODS = words(
    """
    item asscalar dim ndimension numel nelement tolist
    """
)
SIZE_ATTRIBUTES = frozenset(("shape",))

RANK_PRESERVING_LAYERS = words(
    """
    Linear Dense ReLU Sigmoid Tanh GELU ELU LeakyReLU Softmax LogSoftmax Dropout Identity Activation LayerNorm
    BatchNorm1d BatchNorm BatchNorm2d Conv1d Conv2d Conv2D MaxPool2d AvgPool2d MaxPool2D AvgPool2D LazyLinear
    """
)

IMAGE_SETS = frozenset(["MNIST", "FashionMNIST", "KMNIST", "CIFAR10", "CIFAR100"])

_DTYPES = {
    Family.FLOAT: ["float", "float16", "float32", "float64", "double", "half", "bfloat16"],
    Family.INTEGER: ["int", "int8", "int16", "int32", "int64", "uint8", "long", "short"],
    Family.BOOLEAN: ["bool", "bool_"],
}
FAMILY_OF_DTYPE = {name: family for family, names in _DTYPES.items() for name in names}

_SHORT = {"double": "float64", "half": "float16", "long": "int64", "short": "int16", "bool_": "bool"}
_NAME_OF_DTYPE = {
    Framework.PYTORCH: {**_SHORT, "float": "float32", "int": "int32"},
    Framework.MXNET: {**_SHORT, "float": "float64", "int": "int64"},  # as NumPy reads them
}


# `x.type(torch.FloatTensor)`, or the name of the class in a string
OF_CLASS = {
    "FloatTensor": "float32",
    "DoubleTensor": "float64",
    "HalfTensor": "float16",
    "LongTensor": "int64",
    "IntTensor": "int32",
    "CharTensor": "int8",
    "ByteTensor": "uint8",
    "BoolTensor": "bool",
}


def dtype_named(word: str, framework: Framework) -> str | None:
    """The NumPy name of the dtype that a framework calls ``word``; None where it is none."""
    if framework is Framework.PYTORCH and word.removeprefix("torch.") in OF_CLASS:
        return OF_CLASS[word.removeprefix("torch.")]
    return _NAME_OF_DTYPE[framework].get(word, word) if word in FAMILY_OF_DTYPE else None


_MODULE_FUNCTIONS = ("torch.nn.functional.", "torch.nn.init.", "torch.nn.utils.", "torch.nn.parameter.")


def tensor_function(path: str) -> bool:
    """Whether calling ``path`` gives one tensor."""
    owner, _, name = path.rpartition(".")
    if owner in ("torch", "torch.nn.functional", "torch.special"):
        return name in CREATE or name in COMPUTE or name in PREDICATES
    if owner in ("mxnet.nd", "mxnet.np", "mxnet.npx", "mxnet.nd.random", "mxnet.np.random", "mxnet.random"):
        return name in CREATE or name in COMPUTE or name in PREDICATES
    return False


def dialect_of(path: str) -> Dialect | None:
    """The dialect an MXNet name belongs to, where it belongs to one only."""
    if path.startswith(("mxnet.nd.", "mxnet.random.")):
        return Dialect.ND
    return Dialect.NP if path.startswith(("mxnet.np.", "mxnet.npx.")) else None


def role_of_class(path: str) -> Role | None:
    """What instances of the class ``path`` are for; None where ``path`` is no class we know."""
    owner, _, name = path.rpartition(".")
    if path in ("torch.device", "mxnet.cpu", "mxnet.gpu", "mxnet.Context", "mxnet.current_context"):
        return Role.DEVICE
    if not name[:1].isupper() or framework_of(path) is None:
        return None
    if (owner == "torch.nn" and name.endswith("Loss")) or owner == "mxnet.gluon.loss":
        return Role.LOSS
    if owner in ("torch.nn", "mxnet.gluon.nn", "mxnet.gluon.rnn") and name != "Parameter":
        return Role.MODULE
    if path in ("mxnet.gluon.Block", "mxnet.gluon.HybridBlock"):
        return Role.MODULE
    if owner == "torch.optim" or path == "mxnet.gluon.Trainer":
        return Role.OPTIMIZER
    if owner in ("torch.optim.lr_scheduler", "mxnet.metric", "mxnet.initializer"):
        return Role.OTHER
    if path in ("torch.utils.data.DataLoader", "mxnet.gluon.data.DataLoader"):
        return Role.LOADER
    if owner in ("torchvision.datasets", "torch.utils.data", "mxnet.gluon.data", "mxnet.gluon.data.vision.datasets"):
        return Role.DATASET
    if owner in ("torchvision.transforms", "mxnet.gluon.data.vision.transforms"):
        return Role.TRANSFORM
    return None


def with_states(path: str, arguments: int, found: Tensor) -> Type:
    """What a layer gives when it is called: a recurrent one its states beside the result."""
    name, tensor = path.rpartition(".")[2], found.having(rank=None)
    if path.startswith("torch.nn."):
        if name in ("GRU", "RNN", "LSTMCell", "MultiheadAttention"):
            return Items((tensor, tensor))
        return Items((tensor, Items((tensor, tensor)))) if name == "LSTM" else found
    if path.startswith("mxnet.gluon.rnn."):
        return Items((tensor, Repeated(tensor))) if arguments > 1 else found
    return found


def functional_module(path: str) -> bool:
    """Whether ``path`` is a function although it lives beside classes."""
    return path.startswith(_MODULE_FUNCTIONS)


def framework_root(path: str) -> Framework | None:
    """The framework of an imported module, None for any other module."""
    return framework_of(path)
