"""How the optimizers correspond: which of MXNet's computes the same as one of PyTorch's, with which options.

Where none does, both sides can be given a rule of their own: ``Stepwise`` is an optimizer of one function."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from diptych.conversion.arguments import NotMapped
from diptych.conversion.edits import Part
from diptych.source.calls import constant

Value = tuple[Part, ...]
_SMALL = 1e-7


@dataclass(frozen=True)
class Passed:
    """An argument or option that was passed: its expression, and how it is written in the result."""

    node: ast.expr
    parts: Value


Given = dict[str, Passed]


@dataclass(frozen=True)
class Choice:
    """The optimizer of the other side: MXNet's name (or PyTorch's class), or the helper that ``rule`` names."""

    name: str
    options: tuple[tuple[str, Value], ...]
    rule: bool = False


def is_default(given: Given, name: str, *defaults: object) -> bool:
    """Whether an argument is not passed, or passed as the literal that it is by default."""
    passed = given.get(name)
    if passed is None:
        return True
    literal = isinstance(passed.node, ast.Constant)
    return literal and any(_same(constant(passed.node), default) for default in defaults)


def _same(value: object, default: object) -> bool:
    return value == default and isinstance(value, bool) == isinstance(default, bool)


def _number(given: Given, name: str) -> float | None:
    passed = given.get(name)
    value = constant(passed.node) if passed is not None else None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _renamed(given: Given, *names: tuple[str, str, str | None]) -> list[tuple[str, Value]]:
    """(own name, other name, what is written where it is not passed, or None for nothing) -> options."""
    found: list[tuple[str, Value]] = []
    for own, other, otherwise in names:
        if own in given:
            found.append((other, given[own].parts))
        elif otherwise is not None:
            found.append((other, (otherwise,)))
    return found


def _squared(given: Given, name: str, other: str, otherwise: str) -> tuple[str, Value]:
    """An epsilon that is added outside of the root there and inside here."""
    if name not in given:
        return other, (otherwise,)
    passed = given[name]
    atom = isinstance(passed.node, (ast.Name, ast.Constant))
    return other, (*passed.parts, " ** 2") if atom else ("(", *passed.parts, ") ** 2")


def _pair(given: Given, name: str, *others: str) -> list[tuple[str, Value]]:
    """``betas=(a, b)`` -> two options."""
    passed = given.get(name)
    if passed is None:
        return []
    if isinstance(passed.node, (ast.Tuple, ast.List)):
        if len(passed.node.elts) != len(others) or passed.node.elts != [
            item for item in passed.node.elts if not isinstance(item, ast.Starred)
        ]:
            raise NotMapped(f"`{name}` holds other than {len(others)} values")
        return [(other, (ast.unparse(item),)) for other, item in zip(others, passed.node.elts, strict=True)]
    if isinstance(passed.node, ast.Name):
        return [(other, (*passed.parts, f"[{place}]")) for place, other in enumerate(others)]
    raise NotMapped(f"which values `{name}` holds can't be told")


def _stepwise(rule: str, given: Given, rate: str, names: str = "", **renamed: str) -> Choice:
    """An optimizer by a rule of its own."""
    every = [("lr", "learning_rate", rate), ("weight_decay", "wd", None)]
    every += [(name, renamed.get(name, name), None) for name in names.split()]
    return Choice(rule, tuple(_renamed(given, *every)), rule=True)


# --- PyTorch -> MXNet. ``steady`` says that nothing changes the learning rate.


def _sgd(given: Given, *, steady: bool) -> Choice:
    plain = is_default(given, "momentum", 0)
    nesterov = given.get("nesterov")
    if nesterov is not None and constant(nesterov.node) not in (True, False):
        raise NotMapped("whether `nesterov` holds can't be told")
    nag = not is_default(given, "nesterov", False)
    if plain or (steady and is_default(given, "dampening", 0) and not (nag and "weight_decay" in given)):
        names = (("lr", "learning_rate", "0.001"), ("momentum", "momentum", None), ("weight_decay", "wd", None))
        return Choice("nag" if nag else "sgd", tuple(_renamed(given, *names)))
    return _stepwise("sgd_step", given, "0.001", "momentum dampening nesterov")


def _adam(given: Given, *, steady: bool) -> Choice:
    decoupled = not is_default(given, "decoupled_weight_decay", False)
    if decoupled:
        return _adamw(given, steady=steady)
    if is_default(given, "amsgrad", False) and ("eps" not in given or (_number(given, "eps") or 1.0) <= _SMALL):
        options = _renamed(given, ("lr", "learning_rate", None)) + _pair(given, "betas", "beta1", "beta2")
        options += _renamed(given, ("eps", "epsilon", None), ("weight_decay", "wd", None))
        return Choice("adam", tuple(options))
    return _stepwise("adam_step", given, "0.001", "betas eps amsgrad")


def _adamw(given: Given, *, steady: bool) -> Choice:
    written = (("lr", "learning_rate", "0.001"), ("weight_decay", "decay", "0.01"))
    rest = tuple((name, name, None) for name in ("betas", "eps", "amsgrad"))
    return Choice("adam_step", tuple(_renamed(given, *written, *rest)), rule=True)


def _rmsprop(given: Given, *, steady: bool) -> Choice:
    plain = is_default(given, "momentum", 0)
    centered = given.get("centered")
    if (plain or (steady and centered is not None and constant(centered.node) is True)) and (
        centered is None or constant(centered.node) in (True, False)
    ):
        options = _renamed(given, ("lr", "learning_rate", "0.01"), ("alpha", "gamma1", "0.99"))
        options += [_squared(given, "eps", "epsilon", "1e-16")]
        if centered is not None and constant(centered.node) is True:
            options += [("centered", ("True",)), *_renamed(given, ("momentum", "gamma2", "0.0"))]
        return Choice("rmsprop", tuple(options + _renamed(given, ("weight_decay", "wd", None))))
    return _stepwise("rmsprop_step", given, "0.01", "alpha eps momentum centered")


def _adagrad(given: Given, *, steady: bool) -> Choice:
    if all(is_default(given, name, 0) for name in ("lr_decay", "weight_decay", "initial_accumulator_value")):
        options = _renamed(given, ("lr", "learning_rate", "0.01"))
        return Choice("adagrad", (*options, _squared(given, "eps", "eps", "1e-20")))
    return _stepwise(
        "adagrad_step", given, "0.01", "lr_decay initial_accumulator_value eps", initial_accumulator_value="initial"
    )


def _adadelta(given: Given, *, steady: bool) -> Choice:
    if steady and is_default(given, "lr", 1) and is_default(given, "weight_decay", 0):
        return Choice("adadelta", tuple(_renamed(given, ("rho", "rho", None), ("eps", "epsilon", "1e-06"))))
    return _stepwise("adadelta_step", given, "1.0", "rho eps")


def _by(rule: str, rate: str, names: str) -> Callable[..., Choice]:
    def choose(given: Given, *, steady: bool) -> Choice:
        if "decoupled_weight_decay" in given:
            if constant(given["decoupled_weight_decay"].node) is True:
                found = _stepwise(rule, {k: v for k, v in given.items() if k != "weight_decay"}, rate, names)
                return Choice(rule, (*found.options, *_renamed(given, ("weight_decay", "decay", None))), rule=True)
            if not is_default(given, "decoupled_weight_decay", False):
                raise NotMapped("whether `decoupled_weight_decay` holds can't be told")
        return _stepwise(rule, given, rate, names)

    return choose


def _asgd(given: Given, *, steady: bool) -> Choice:
    if not steady:
        raise NotMapped("the learning rate is changed, and PyTorch takes the rate of the step before")
    return _stepwise("asgd_step", given, "0.01", "lambd alpha")


TO_MXNET: dict[str, Callable[..., Choice]] = {
    "torch.optim.SGD": _sgd,
    "torch.optim.Adam": _adam,
    "torch.optim.AdamW": _adamw,
    "torch.optim.RMSprop": _rmsprop,
    "torch.optim.Adagrad": _adagrad,
    "torch.optim.Adadelta": _adadelta,
    "torch.optim.Adamax": _by("adamax_step", "0.002", "betas eps"),
    "torch.optim.NAdam": _by("nadam_step", "0.002", "betas eps momentum_decay"),
    "torch.optim.RAdam": _by("radam_step", "0.001", "betas eps"),
    "torch.optim.Rprop": _by("rprop_step", "0.01", "etas step_sizes"),
    "torch.optim.ASGD": _asgd,
}
# What computes the same, or nothing that can be seen: the names, and the values that they may have.
NEUTRAL: dict[str, tuple[object, ...]] = {
    "maximize": (False,),
    "differentiable": (False,),
    "capturable": (False, True),
    "foreach": (None, True, False),
    "fused": (None, True, False),
    "t0": (1e6,),
}

# --- MXNet -> PyTorch


def _of_sgd(given: Given) -> Choice:
    options = _renamed(
        given, ("learning_rate", "lr", "0.01"), ("momentum", "momentum", None), ("wd", "weight_decay", None)
    )
    return Choice("torch.optim.SGD", tuple(options))


def of_momentum(kind: str, given: Given) -> Choice:
    """SGD whose momentum gathers steps at the rate of their time, for a rate that changes."""
    return _rule("gluon_nag" if kind == "nag" else "gluon_momentum", given, "0.01", "momentum wd")


def _of_nag(given: Given) -> Choice:
    if is_default(given, "momentum", 0):
        return _of_sgd({name: passed for name, passed in given.items() if name != "momentum"})
    if is_default(given, "wd", 0):
        found = _of_sgd({name: passed for name, passed in given.items() if name != "wd"})
        return Choice(found.name, (*found.options, ("nesterov", ("True",))))
    return _rule("gluon_nag", given, "0.01", "momentum wd")


def _of_adam(given: Given) -> Choice:
    if "epsilon" in given and (_number(given, "epsilon") or 1.0) > _SMALL:
        return _rule("gluon_adam", given, "0.001", "beta1 beta2 epsilon wd")
    options = _renamed(given, ("learning_rate", "lr", None)) + _betas(given)
    options += _renamed(given, ("epsilon", "eps", None), ("wd", "weight_decay", None))
    return Choice("torch.optim.Adam", tuple(options))


def _betas(given: Given) -> list[tuple[str, Value]]:
    if "beta1" not in given and "beta2" not in given:
        return []
    first, second = (
        given[name].parts if name in given else (default,) for name, default in (("beta1", "0.9"), ("beta2", "0.999"))
    )
    return [("betas", ("(", *first, ", ", *second, ")"))]


def _of_adadelta(given: Given) -> Choice:
    if not is_default(given, "wd", 0):
        return _rule(
            "gluon_adadelta", {k: v for k, v in given.items() if k != "learning_rate"}, "1.0", "rho epsilon wd"
        )
    options = _renamed(given, ("rho", "rho", None), ("epsilon", "eps", "1e-05"))
    return Choice("torch.optim.Adadelta", tuple(options))


def _of_adamax(given: Given) -> Choice:
    options = _renamed(given, ("learning_rate", "lr", None)) + _betas(given)
    return Choice("torch.optim.Adamax", (*options, *_renamed(given, ("wd", "weight_decay", None))))


def _rule(rule: str, given: Given, rate: str, names: str) -> Choice:
    every = [("learning_rate", "lr", rate), *((name, name, None) for name in names.split())]
    return Choice(rule, tuple(_renamed(given, *every)), rule=True)


def _of(rule: str, rate: str, names: str) -> Callable[[Given], Choice]:
    def choose(given: Given) -> Choice:
        return _rule(rule, given, rate, names)

    return choose


TO_PYTORCH: dict[str, tuple[Callable[[Given], Choice], str]] = {
    "sgd": (_of_sgd, "learning_rate momentum wd"),
    "ccsgd": (_of_sgd, "learning_rate momentum wd"),
    "nag": (_of_nag, "learning_rate momentum wd"),
    "adam": (_of_adam, "learning_rate beta1 beta2 epsilon wd"),
    "adagrad": (_of("gluon_adagrad", "0.01", "eps wd"), "learning_rate eps wd"),
    "rmsprop": (
        _of("gluon_rmsprop", "0.001", "gamma1 gamma2 epsilon centered wd"),
        "learning_rate gamma1 gamma2 epsilon centered wd",
    ),
    "adadelta": (_of_adadelta, "learning_rate rho epsilon wd"),
    "adamax": (_of_adamax, "learning_rate beta1 beta2 wd"),
    "signum": (_of("gluon_signum", "0.01", "momentum wd_lh wd"), "learning_rate momentum wd_lh wd"),
    "ftml": (_of("gluon_ftml", "0.01", "beta1 beta2 epsilon wd"), "learning_rate beta1 beta2 epsilon wd"),
    "ftrl": (_of("gluon_ftrl", "0.1", "lamda1 beta wd"), "learning_rate lamda1 beta wd"),
    "sgld": (_of("gluon_sgld", "0.01", "wd"), "learning_rate wd"),
    "dcasgd": (_of("gluon_dcasgd", "0.01", "lamda wd"), "learning_rate lamda wd"),
    "lamb": (
        _of("gluon_lamb", "0.001", "beta1 beta2 epsilon bias_correction wd"),
        "learning_rate beta1 beta2 epsilon bias_correction wd",
    ),
    "lars": (_of("gluon_lars", "0.01", "momentum eta eps wd"), "learning_rate momentum eta eps wd"),
    "test": (_of("gluon_test", "0.01", ""), "learning_rate"),
}  # MXNet's name of the optimizer -> what it becomes, and the options that it may have
CLASSES = {
    name.lower(): f"mxnet.optimizer.{name}"
    for name in (
        *("SGD", "ccSGD", "NAG", "Adam", "AdaGrad", "RMSProp", "AdaDelta", "Adamax", "Signum", "FTML", "Ftrl", "SGLD"),
        *("DCASGD", "LAMB", "LARS", "Test"),
    )
}
IDLE = {"lazy_update": (True, False), "multi_precision": (True, False), "rescale_grad": (1,), "clip_gradient": (None,)}
# options that change nothing where they have these values: parameters are dense and of 32 bits
