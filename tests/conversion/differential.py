"""Random programs, converted and executed on both sides: what converts without an error must compute the same.

The test runs a few hundred of them; ``python tests/conversion/differential.py --programs 5000`` as many as one likes.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sides import Sides

from diptych import convert
from diptych.checking.compare import Tolerance, agree
from diptych.conversion.model import Severity
from diptych.equivalence.model import Framework

Shape = tuple[int, ...]


@dataclass
class Variable:
    """A name of the program. ``loose``: its dtype is known to differ (places and counts are floats in nd)."""

    name: str
    shape: Shape
    family: str  # "float", "integer", "boolean"
    loose: bool = False


@dataclass
class Program:
    """Lines under way and what they have made so far."""

    framework: Framework
    chance: random.Random
    lines: list[str] = field(default_factory=list)
    arrays: list[Variable] = field(default_factory=list)
    names: list[tuple[str, bool]] = field(default_factory=list)  # compared, and whether of any dtype

    @property
    def torch(self) -> bool:
        """Which side the program is written for."""
        return self.framework is Framework.PYTORCH

    @property
    def text(self) -> str:
        """The whole program."""
        imports = _TORCH_IMPORTS if self.torch else _MXNET_IMPORTS
        return imports + "".join(f"{line}\n" for line in self.lines)

    def array(self, expression: str, shape: Shape, family: str, *, loose: bool = False) -> Variable:
        """A new name for an array."""
        made = Variable(f"v{len(self.lines)}", shape, family, loose)
        self.lines.append(f"{made.name} = {expression}")
        self.arrays.append(made)
        self.names.append((made.name, loose))
        return made

    def number(self, expression: str, *, loose: bool = False) -> None:
        """A new name for a Python number."""
        name = f"n{len(self.lines)}"
        self.lines.append(f"{name} = {expression}")
        self.names.append((name, loose))

    def any(self) -> Variable:
        """Some array made before."""
        return self.chance.choice(self.arrays)


_TORCH_IMPORTS = "import numpy\nimport torch\nfrom torch import nn\n"
_MXNET_IMPORTS = "import numpy\nimport mxnet as mx\nfrom mxnet import autograd, gluon, nd\nfrom mxnet.gluon import nn\n"
_SHAPES: tuple[Shape, ...] = ((3,), (2, 3), (3, 2), (2, 3, 2), (1, 3), (4,), (2, 2))


def _literal(program: Program, shape: Shape, family: str) -> str:
    chance = program.chance
    if not shape:
        if family == "float":
            return repr(chance.choice([-2.5, -1.0, 0.5, 1.5, 3.0, 0.0]))
        return repr(chance.randint(-4, 6)) if family == "integer" else repr(chance.random() < 0.5)
    return "[" + ", ".join(_literal(program, shape[1:], family) for _ in range(shape[0])) + "]"


def _dtype(program: Program, family: str) -> str:
    names = {"float": ("float32", "float64"), "integer": ("int64", "int32"), "boolean": ("float32",)}[family]
    name = program.chance.choice(names)
    return f"torch.{name}" if program.torch else f"'{name}'"


def create(program: Program) -> None:
    """Data, with and without a dtype."""
    shape, family = program.chance.choice(_SHAPES), program.chance.choice(["float", "float", "integer", "boolean"])
    call = "torch.tensor" if program.torch else "nd.array"
    data = _literal(program, shape, family)
    if program.chance.random() < 0.4 and family != "boolean":
        program.array(f"{call}({data}, dtype={_dtype(program, family)})", shape, family)
    else:
        program.array(f"{call}({data})", shape, family if program.torch else "float")


def create_filled(program: Program) -> None:
    """Ones, zeros, one value."""
    shape = program.chance.choice(_SHAPES)
    name, dtype = program.chance.choice(["ones", "zeros", "full"]), ""
    family = "float"
    if program.chance.random() < 0.3:
        family = program.chance.choice(["float", "integer"])
        dtype = f", dtype={_dtype(program, family)}"
    value = _literal(program, (), program.chance.choice(["float", "integer"]))
    sizes = ", ".join(map(str, shape))
    single = f"({sizes},)"
    if name == "full":
        if program.torch and not dtype:
            family = "float" if "." in value else "integer"
        program.array(f"{'torch' if program.torch else 'nd'}.full({single}, {value}{dtype})", shape, family)
    elif program.torch:
        spread = sizes if program.chance.random() < 0.6 else single
        program.array(f"torch.{name}({spread}{dtype})", shape, family)
    else:
        program.array(f"nd.{name}({single}{dtype})", shape, family)


def create_from_numpy(program: Program) -> None:
    """An array of NumPy's, of any dtype."""
    shape, family = program.chance.choice(_SHAPES), program.chance.choice(["float", "integer"])
    dtype = program.chance.choice({"float": ["float32", "float64"], "integer": ["int32", "int64", "uint8"]}[family])
    name = f"data{len(program.lines)}"
    values = _literal(program, shape, family).replace("-", "")
    program.lines.append(f"{name} = numpy.array({values}, dtype='{dtype}')")
    if program.torch:
        call = program.chance.choice([f"torch.from_numpy({name})", f"torch.tensor({name})"])
        program.array(call, shape, family)
    elif program.chance.random() < 0.5:
        program.array(f"nd.array({name}, dtype={name}.dtype)", shape, family)
    else:
        program.array(f"nd.array({name})", shape, "float")


def calculate(program: Program) -> None:
    """Arithmetic of arrays and numbers."""
    left, operator = program.any(), program.chance.choice(["+", "-", "*", "/", "**", "//", "%"])
    if program.chance.random() < 0.5:
        fitting = [other for other in program.arrays if other.shape == left.shape]
        right = program.chance.choice(fitting)
        operator = "*" if operator == "**" else operator  # powers of whole numbers overflow in ways of their own
        floats = "float" in (left.family, right.family) or operator == "/"
        loose = left.loose or right.loose
        program.array(f"{left.name} {operator} {right.name}", left.shape, "float" if floats else "integer", loose=loose)
        return
    number = _literal(program, (), program.chance.choice(["float", "integer"]))
    number = f"({number})" if number.startswith("-") else number
    floats = left.family == "float" or "." in number or operator == "/"
    sides = (left.name, number) if program.chance.random() < 0.7 else (number, left.name)
    text = f" {operator} ".join(sides)
    program.array(text, left.shape, "float" if floats else left.family, loose=left.loose)


def update(program: Program) -> None:
    """In place."""
    target, operator = program.any(), program.chance.choice(["+", "-", "*", "/"])
    fitting = [other for other in program.arrays if other.shape == target.shape]
    values = [program.chance.choice(fitting).name, "2", "0.5"]
    program.lines.append(f"{target.name} {operator}= {program.chance.choice(values)}")


def negate(program: Program) -> None:
    """``-x``."""
    found = program.any()
    program.array(f"-{found.name}", found.shape, found.family, loose=found.loose)


def compare(program: Program) -> None:
    """With a number or an array; counts of it."""
    left, operator = program.any(), program.chance.choice(["==", "!=", "<", "<=", ">", ">="])
    fitting = [other.name for other in program.arrays if other.shape == left.shape]
    number = _literal(program, (), program.chance.choice(["float", "integer"]))
    right = program.chance.choice([*fitting, number])
    kind = program.chance.random()
    if kind < 0.4:
        program.array(f"{left.name} {operator} {right}", left.shape, "boolean", loose=True)
    elif kind < 0.7:
        program.array(f"({left.name} {operator} {right}).sum()", (), "integer", loose=True)
    else:
        end = ".float().mean()" if program.torch else ".mean()"
        program.array(f"({left.name} {operator} {right}){end}", (), "float", loose=True)


def reduce(program: Program) -> None:
    """Sums, means and places, of all or along an axis."""
    found, name = program.any(), program.chance.choice(["sum", "mean", "argmax"])
    if not found.shape:
        return
    axis = program.chance.choice([None, *range(len(found.shape)), -1])
    keep = axis is not None and program.chance.random() < 0.3
    shape: Shape = ()
    options = []
    if axis is not None:
        place = axis % len(found.shape)
        shape = (*found.shape[:place], *((1,) if keep else ()), *found.shape[place + 1 :])
        word = "dim=" if program.torch else "axis="
        options.append(f"{word if keep or program.chance.random() < 0.6 else ''}{axis}")
        if keep:
            options.append("keepdim=True" if program.torch else "keepdims=True")
    family = "integer" if name == "argmax" else found.family
    loose = name == "argmax" or found.loose or found.family == "boolean"
    if program.chance.random() < 0.6:
        text = f"{found.name}.{name}({', '.join(options)})"
    else:
        text = f"{'torch' if program.torch else 'nd'}.{name}({', '.join([found.name, *options])})"
    program.array(text, shape, family, loose=loose)


def reshape(program: Program) -> None:
    """Other shapes of the same numbers."""
    found = program.any()
    count = 1
    for size in found.shape:
        count *= size
    first = program.chance.choice([size for size in range(1, count + 1) if count % size == 0])
    name = program.chance.choice(["view", "reshape"]) if program.torch else "reshape"
    kind = program.chance.randrange(5)
    if kind == 0:
        program.array(f"{found.name}.{name}({first}, -1)", (first, count // first), found.family, loose=found.loose)
    elif kind == 1:
        program.array(f"{found.name}.{name}(({first}, -1))", (first, count // first), found.family, loose=found.loose)
    elif kind == 2:
        program.array(f"{found.name}.{name}(-1)", (count,), found.family, loose=found.loose)
    else:
        _flatten(program, found, count)


def _flatten(program: Program, found: Variable, count: int) -> None:
    kept = (found.shape[0], count // found.shape[0]) if found.shape else (1,)
    if program.torch and program.chance.random() < 0.5:
        program.array(f"{found.name}.flatten()", (count,), found.family, loose=found.loose)
    elif program.torch:
        program.array(f"torch.flatten({found.name}, 1)", kept, found.family, loose=found.loose)
    else:
        form = program.chance.choice([f"{found.name}.flatten()", f"nd.flatten({found.name})"])
        program.array(form, kept, found.family, loose=found.loose)


def cast(program: Program) -> None:
    """To another dtype."""
    found = program.any()
    family = program.chance.choice(["float", "integer"])
    short = {"float": "float()", "integer": "long()"}[family]
    forms = [short, f"to({_dtype(program, family)})"] if program.torch else [f"astype({_dtype(program, family)})"]
    program.array(f"{found.name}.{program.chance.choice(forms)}", found.shape, family)


def measure(program: Program) -> None:
    """Python numbers of an array."""
    found = program.any()
    if not found.shape:
        program.number(f"{found.name}.{'item' if program.torch else 'asscalar'}()", loose=found.loose)
        return
    forms = [f"{found.name}.shape[0]", f"len({found.name})", f"len({found.name}.shape)"]
    forms += ["{0}.size(0)", "{0}.numel()", "torch.numel({0})", "{0}.size()[-1]"] if program.torch else ["{0}.size"]
    program.number(program.chance.choice(forms).format(found.name))


def pick(program: Program) -> None:
    """Elements and slices."""
    found = program.any()
    if not found.shape:
        return
    form, shape = program.chance.choice(
        [
            ("[0]", found.shape[1:]),
            ("[-1]", found.shape[1:]),
            ("[1:]", (found.shape[0] - 1, *found.shape[1:])),
            ("[:, 0]", (found.shape[0], *found.shape[2:])),
            (f"[{found.name} > 0]", found.shape),
        ]
    )
    if 0 not in shape:
        program.array(f"{found.name}{form}", shape, found.family, loose=found.loose)


def activate(program: Program) -> None:
    """A function of the networks."""
    found = program.any()
    text = f"{'torch' if program.torch else 'nd'}.relu({found.name})"
    program.array(text, found.shape, found.family, loose=found.loose)


_STEPS: tuple[tuple[Callable[[Program], None], int], ...] = (
    (create, 4),
    (create_filled, 3),
    (create_from_numpy, 2),
    (calculate, 8),
    (update, 2),
    (negate, 1),
    (compare, 4),
    (reduce, 5),
    (reshape, 4),
    (cast, 3),
    (measure, 3),
    (pick, 2),
    (activate, 1),
)


def arrays(framework: Framework, chance: random.Random) -> Program:
    """A few steps with arrays."""
    program = Program(framework, chance)
    create(program)
    steps, weights = zip(*_STEPS, strict=True)
    for step in chance.choices(steps, weights, k=chance.randint(1, 4)):
        step(program)
    return program


def network(framework: Framework, chance: random.Random) -> Program:
    """A network built, trained for some steps and asked: sizes, layers, optimizer and readings vary."""
    program = Program(framework, chance)
    inputs, hidden, outputs = chance.randint(2, 4), chance.randint(2, 5), chance.randint(2, 3)
    sizes = [(inputs, hidden), (hidden, outputs)] if chance.random() < 0.7 else [(inputs, outputs)]
    dropout = chance.random() < 0.2
    program.lines += _build(program, sizes, dropout=dropout)
    shapes = [shape for first, second in sizes for shape in ((second, first), (second,))]
    program.lines.append("numbers = numpy.random.RandomState(3)")
    program.lines.append(f"weights = [numbers.randn(*shape).astype('float32') * 0.5 for shape in {shapes}]")
    program.lines.append("fill(net, *weights)")
    rows = chance.randint(2, 5)
    make, integer = ("torch.tensor", "torch.int64") if program.torch else ("nd.array", "'int64'")
    data, labels = _literal(program, (rows, inputs), "float"), [chance.randrange(outputs) for _ in range(rows)]
    program.lines.append(f"X = {make}({data})")
    program.lines.append(f"y = {make}({labels}, dtype={integer})")
    if chance.random() < 0.75 and not dropout:
        program.lines += _train(program, chance)
    if dropout and program.torch and chance.random() < 0.7:
        program.lines.append("net.eval()")
    program.array("net(X)", (rows, outputs), "float")
    if chance.random() < 0.5:
        axis = "dim" if program.torch else "axis"
        program.array(f"net(X).argmax({axis}=1)", (rows,), "integer", loose=True)
    if chance.random() < 0.3:
        parameters = "net.parameters()" if program.torch else "net.collect_params().values()"
        program.number(f"[tuple(p.shape) for p in {parameters}]")
    return program


def _build(program: Program, sizes: list[tuple[int, int]], *, dropout: bool) -> list[str]:
    chance, layers = program.chance, []
    for number, (first, second) in enumerate(sizes):
        last = number == len(sizes) - 1
        if program.torch:
            layers += [f"nn.Linear({first}, {second})", *([] if last else ["nn.ReLU()"])]
        else:
            known = f", in_units={first}" if chance.random() < 0.5 else ""
            flat = ", flatten=False" if chance.random() < 0.3 else ""
            layers += [f"nn.Dense({second}{'' if last else ', activation=' + repr('relu')}{known}{flat})"]
    layers += [f"nn.Dropout({chance.choice([0.2, 0.5])})"] if dropout else []
    if program.torch:
        if chance.random() < 0.3:
            return ["net = nn.Sequential()", *(f"net.append({layer})" for layer in layers)]
        return [f"net = nn.Sequential({', '.join(layers)})"]
    added = [f"net.add({', '.join(layers)})"] if chance.random() < 0.7 else [f"net.add({item})" for item in layers]
    first = sizes[0][0]
    return ["net = nn.Sequential()", *added, "net.initialize()", f"shape = net(nd.ones((1, {first}))).shape"]


def _train(program: Program, chance: random.Random) -> list[str]:
    rate, momentum, decay = (chance.choice(values) for values in ([0.1, 0.5], [None, 0.9, 0.5], [None, 0.01]))
    steps = chance.randint(1, 3)
    if program.torch:
        options = f"lr={rate}" + (f", momentum={momentum}" if momentum else "")
        options += f", weight_decay={decay}" if decay else ""
        reduction = chance.choice(["", "", "reduction='sum'", "reduction='mean'"])
        lines = [f"loss_fn = nn.CrossEntropyLoss({reduction})"]
        lines += [f"trainer = torch.optim.SGD(net.parameters(), {options})", "total = 0.0", f"for i in range({steps}):"]
        body = ["trainer.zero_grad()", "loss = loss_fn(net(X), y)", "loss.backward()", "trainer.step()"]
        if chance.random() < 0.2:
            body[1:2] = ["output = net(X)", "loss = loss_fn(output, y)"]
        body.append(chance.choice(["total += loss.item()", "total += loss.item() * X.shape[0]"]))
    else:
        options = f"'learning_rate': {rate}" + (f", 'momentum': {momentum}" if momentum else "")
        options += f", 'wd': {decay}" if decay else ""
        lines = ["loss_fn = gluon.loss.SoftmaxCrossEntropyLoss()"]
        lines += [f"trainer = gluon.Trainer(net.collect_params(), 'sgd', {{{options}}})", "total = 0.0"]
        lines.append(f"for i in range({steps}):")
        size = chance.choice(["X.shape[0]", "X.shape[0]", "1", "2"])
        reading = chance.choice(["loss.mean()", "loss.sum()"])
        body = ["with autograd.record():", "    loss = loss_fn(net(X), y)", "loss.backward()", f"trainer.step({size})"]
        body.append(f"total += {reading}.asscalar()")
    program.names.append(("total", True))
    return [*lines, *(f"    {line}" for line in body)]


@dataclass(frozen=True)
class Finding:
    """A program that was converted without an error and does not compute the same."""

    seed: int
    program: str
    converted: str
    problem: str


@dataclass
class Tally:
    """What became of the programs: ``invalid`` ones fail on their own side."""

    right: int = 0
    refused: int = 0
    invalid: int = 0
    findings: list[Finding] = field(default_factory=list)


def run(sides: Sides, target: Framework, seeds: Iterator[int]) -> Tally:
    """Makes, converts and executes one program a seed."""
    tally = Tally()
    for seed in seeds:
        chance = random.Random(seed)
        program = (arrays if chance.random() < 0.7 else network)(target.other, chance)
        names = tuple(name for name, _ in program.names)
        if not names:
            continue
        conversion = convert(program.text, target, "nd")
        if any(found.severity is Severity.ERROR for found in conversion.diagnostics):
            tally.refused += 1
            continue
        own = sides.run(target.other, program.text, names)
        if own.error:
            tally.invalid += 1
            continue
        other = sides.run(target, conversion.code, names)
        problem = other.error
        if not problem:
            torch, mxnet = (own, other) if target is Framework.MXNET else (other, own)
            found = [
                (name, agree(torch.values[name], mxnet.values[name], Tolerance(1e-3, 1e-4, any_dtype=loose)).problem)
                for name, loose in program.names
            ]
            problem = "; ".join(f"{name}: {text}" for name, text in found if text)
        if problem:
            tally.findings.append(Finding(seed, program.text, conversion.code, problem))
        else:
            tally.right += 1
    return tally


def main() -> int:
    """Runs as many programs as asked and prints what is silently wrong."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--programs", type=int, default=2000, help="how many in each direction")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    arguments = parser.parse_args()
    wrong = 0
    with Sides() as sides:
        for target in Framework:
            seeds = iter(range(arguments.seed, arguments.seed + arguments.programs))
            tally = run(sides, target, seeds)
            wrong += len(tally.findings)
            for finding in tally.findings:
                print(f"--- seed {finding.seed} to {target.value}\n{finding.program}---\n{finding.converted}")
                print(f"=== {finding.problem}\n")
            print(
                f"to {target.value}: {tally.right} right, {tally.refused} refused, {tally.invalid} invalid,"
                f" {len(tally.findings)} silently wrong"
            )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
