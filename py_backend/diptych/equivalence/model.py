"""What an equivalence is: the record that relates PyTorch spellings to MXNet spellings.

Every other part derives from it: the hover, the panel, the converter in both directions, the signature lint and the
execution proof. The records are written as TOML in ``records/`` and decoded into these types; unknown keys are errors.

Conventions: names use the canonical path of ``aliases.py`` (``mxnet.nd.ones``, not ``mxnet.ndarray.ones``). Every
``Spelling.signature`` reads as Python between ``def f`` and ``:``, without types and without a method's receiver; it
has the library's own names, order and defaults, and ``signature.parameters(spelling)`` takes it apart. ``params`` has
one row for each of them. A row with ``receiver`` is the tensor itself: an argument of functions, the object of methods.
"""

from __future__ import annotations

from enum import Enum

import msgspec


class Framework(str, Enum):
    """The two sides. The value is what JSON, the command line and file names use."""

    PYTORCH = "pytorch"
    MXNET = "mxnet"

    @property
    def other(self) -> Framework:
        """The opposite side."""
        return Framework.MXNET if self is Framework.PYTORCH else Framework.PYTORCH


class Dialect(str, Enum):
    """MXNet's two array interfaces: classic ``mx.nd``, or ``mx.np``/``mx.npx`` under ``npx.set_np()``."""

    ND = "nd"
    NP = "np"


class Kind(str, Enum):
    """How far the two sides are apart."""

    EXACT = "exact"  # same name, arguments and meaning
    RENAMED = "renamed"  # another name, arguments in place
    ARGUMENTS = "arguments"  # arguments renamed, reordered, transformed or written out
    COMPOSITE = "composite"  # a short composition on the other side
    STRUCTURAL = "structural"  # surrounding code changes shape: a rule in conversion/rules writes it
    NONE = "none"  # no counterpart: `reason` argues why, `workaround` names the nearest thing


class Form(str, Enum):
    """What the spelling is in Python's terms."""

    FUNCTION = "function"
    CLASS = "class"
    METHOD = "method"
    ATTRIBUTE = "attribute"
    OPERATOR = "operator"
    STATEMENT = "statement"
    MODULE = "module"
    COMMAND = "command"  # a shell command, such as installation


class Transform(str, Enum):
    """How an argument's value changes on its way from torch to mxnet. Each names its inverse, or None if one-way."""

    SAME = "same"
    PACK = "pack"  # f(5, 3) -> f((5, 3)); inverse unpack
    DTYPE = "dtype"  # torch.float32 -> 'float32'; inverse maps back
    DEVICE = "device"  # 'cuda:1' -> mx.gpu(1); inverse maps back
    SINGLE = "single"  # (0.13,) -> 0.13; inverse wraps in a tuple
    NEGATE = "negate"  # b -> not b
    COMPLEMENT = "complement"  # m -> 1 - m (batch norm's momentum)
    REVERSED = "reversed"  # (height, width) -> (width, height), and back; the number of a square stays
    FLOATING = "floating"  # an array that has to hold floats -> cast where it does not
    EACH1 = "each1"  # a number for every dimension -> (n,); a tuple stays
    EACH2 = "each2"  # -> (n, n)
    EACH3 = "each3"  # -> (n, n, n)
    EACH4 = "each4"
    EACH6 = "each6"
    OPTIMIZER_OPTIONS = "optimizer_options"  # keyword arguments -> dictionary of the Trainer


class Unmapped(str, Enum):
    """What the converter does with an argument that was passed and has nothing to map to."""

    ERROR = "error"  # leave the call as it was, with an error diagnostic
    WARN = "warn"  # drop it, with a warning diagnostic
    DROP_IF_DEFAULT = "drop-if-default"  # drop it when it equals the default, else as ERROR


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence for people, in English and Chinese. Inline code is in backquotes."""

    en: str
    zh: str


class Spelling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to write it. ``name`` is fully qualified by its public path, e.g. ``torch.nn.Linear``,
    ``torch.Tensor.view``, ``mxnet.gluon.nn.Dense``, ``mxnet.nd.NDArray.reshape``, ``torch.Tensor.__add__``."""

    name: str
    form: Form = Form.FUNCTION
    dialects: tuple[Dialect, ...] = (Dialect.ND, Dialect.NP)  # MXNet only: where this spelling exists
    preferred: bool = True  # written when converting to this side (else only recognised)
    signature: str = ""  # as read by people: "(in_features, out_features, bias=True)"
    url: str = ""  # the official documentation page
    gives: str = ""  # what a use of it is: see `source/results.py`


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the parameter table: an argument of either side, or both.

    Defaults are source text; ``None`` means required. An argument that exists on one side only has the other name None.
    """

    torch: str | None = None
    mxnet: str | None = None
    torch_default: str | None = None
    mxnet_default: str | None = None
    transform: Transform = Transform.SAME
    unmapped: Unmapped = Unmapped.ERROR
    write_mxnet: str | None = None  # source text always written on the MXNet side, e.g. flatten=False
    write_torch: str | None = None
    omit_when: str | None = None  # condition under which write_* is left out: a name known to conversion, e.g. "rank2"
    receiver: bool = False  # the tensor itself: an argument of functions, the object of methods
    note: Text | None = None


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One spelling of both sides that people read side by side; also the first rows of the cheat sheet."""

    torch: str
    mxnet: str
    dialect: Dialect = Dialect.ND


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two snippets, executed each in its own framework; the named top-level values must agree.

    ``setup`` is framework-free Python run first on both sides (NumPy inputs). ``compare`` names the values compared by
    shape, dtype family and value; ``other_dtype`` names those of them whose dtype family differs (``differences`` says
    so). In the nd dialect, which has neither 0-dim nor boolean arrays, (1,) stands for () and 0/1 for a boolean.
    ``fill(network, *arrays)`` is at hand on both sides: it sets the parameters, in order, to NumPy arrays.
    ``rtol``/``atol`` as in ``numpy.testing.assert_allclose``. ``to_mxnet`` and ``to_torch`` say that the converter must
    produce one side from the other (compared by execution, not by text); where one is False, ``unconverted`` says why.
    """

    torch: str
    mxnet: str
    compare: tuple[str, ...]
    setup: str = ""
    dialect: Dialect = Dialect.ND
    rtol: float = 1e-5
    atol: float = 1e-6
    to_mxnet: bool = True  # conversion of `torch` to MXNet must compute the same
    to_torch: bool = True  # conversion of `mxnet` to PyTorch must compute the same
    other_dtype: tuple[str, ...] = ()
    unconverted: str = ""


class Writing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a use of one side's spelling is written on the other; of several the first that applies is taken.

    The text is an expression with the arguments in braces, as ``equivalence/template.py`` describes:
    ``np.sum({self}{, axis={dim}}{, keepdims={keepdim}})``. A writing applies where every condition in ``when`` holds
    (``conversion/demands.py``) and every argument that was passed is in the text, in ``ignore``, in ``when``, or equal
    to its default.
    """

    np: str = ""  # to MXNet's np dialect; empty: not in this dialect
    nd: str = ""
    torch: str = ""
    when: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()  # arguments that change no value (``out=None``, ``inplace``, ``memory_format``)
    only: tuple[str, ...] = ()  # the spellings it holds for; empty: all of that side

    def text(self, target: Framework, dialect: Dialect) -> str:
        """The text for a side and dialect; empty where it has none."""
        if target is Framework.PYTORCH:
            return self.torch
        return self.np if dialect is Dialect.NP else self.nd


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Uses of one side that prove the record: each is executed as it stands, converted, and executed on the other side.

    ``calls`` are expressions or statements over the inputs of ``checking/inputs.py`` (``x``, ``y``, ``i``, ``b``, ...)
    and those that ``setup`` makes. The value of an expression is compared; of statements, every name they assign that
    does not begin with an underscore; of an in-place call, the array it changed. ``styles`` says whether the same call
    with keywords, and with keywords in another order, is proven as well.
    """

    calls: tuple[str, ...]
    side: Framework = Framework.PYTORCH
    dialects: tuple[Dialect, ...] = ()  # empty: those that the record's writings are for
    setup: str = ""  # statements of the side itself, run and converted before each call
    rtol: float = 1e-5
    atol: float = 1e-6
    any_dtype: bool = False  # the dtype family may differ, which `differences` says
    styles: bool = True


class Equivalence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reviewed record. ``torch`` or ``mxnet`` may be empty (kind none, or an idea only one side has)."""

    id: str
    kind: Kind
    title: Text
    torch: tuple[Spelling, ...] = ()
    mxnet: tuple[Spelling, ...] = ()
    params: tuple[Parameter, ...] = ()
    to_mxnet: tuple[Writing, ...] = ()
    to_torch: tuple[Writing, ...] = ()
    gives: str = ""  # what a use is, where introspection can't tell: see `source/results.py`
    returns: Text | None = None
    differences: tuple[Text, ...] = ()  # differing semantics, one sentence or two each
    notes: tuple[Text, ...] = ()  # advice, history, what changed since the article
    reason: Text | None = None  # kind none: why
    workaround: Text | None = None
    rule: str | None = None  # name of the conversion rule that writes it, for composite and structural records
    examples: tuple[Example, ...] = ()
    proofs: tuple[Proof, ...] = ()
    cases: tuple[Case, ...] = ()
    unproven: Text | None = None  # why a record has no proof (e.g. a shell command); shown as "unproven"

    def spellings(self, framework: Framework) -> tuple[Spelling, ...]:
        """The spellings of one side."""
        return self.torch if framework is Framework.PYTORCH else self.mxnet

    def writings(self, target: Framework) -> tuple[Writing, ...]:
        """How uses of the other side are written for ``target``."""
        return self.to_mxnet if target is Framework.MXNET else self.to_torch


class Helper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A function that writings call by its name; it is written into the result once. One text a dialect or side."""

    name: str
    np: str = ""
    nd: str = ""
    torch: str = ""


class ProofState(str, Enum):
    """Whether both sides were executed and agreed, for the record as it is now."""

    PROVEN = "proven"
    NONE = "none"


class ProofResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hover's badge: what execution said of one record. ``digest`` ties it to the record's text."""

    id: str
    state: ProofState
    digest: str
    max_difference: float | None = None
    names: tuple[str, ...] = ()  # the public names that were used in what was executed and agreed
    versions: dict[str, str] = {}  # {"python": ..., "torch": ..., "mxnet": ..., "numpy": ...}
    date: str = ""  # ISO date
