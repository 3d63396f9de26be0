"""Light types, worked out on demand: asking for one expression follows only the bindings that lead to it."""

from __future__ import annotations

import ast
from collections.abc import Callable

from diptych.equivalence.aliases import canonical
from diptych.equivalence.catalog import load
from diptych.equivalence.model import Dialect, Framework
from diptych.source.calls import argument, constant, result_of_api, result_of_method
from diptych.source.knowledge import (
    IMAGE_SETS,
    KEEP_RANK,
    RANK_PRESERVING_LAYERS,
    SIZE_ATTRIBUTES,
    role_of_class,
    with_states,
)
from diptych.source.members import Members
from diptych.source.results import result
from diptych.source.scopes import Binding, BindingKind, Place, Scope
from diptych.source.types import (
    Api,
    Family,
    Instance,
    Items,
    Plain,
    Repeated,
    Role,
    Tensor,
    Type,
    UserClass,
    UserFunction,
    family_of,
    framework_of,
    join,
    wider,
)

_LIMIT = 60  # expressions deeper than this are of unknown type
_OF_DATASETS = ("transform", "transform_first", "filter", "shard", "take", "sample")  # what they give is a data set
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp)


class Inference:
    """Types of the expressions of one tree. Answers are kept: a node is worked out once."""

    def __init__(self, calls_of: Callable[[str], list[tuple[ast.Call, Scope]] | None]) -> None:
        self._calls_of = calls_of
        self.known: dict[ast.expr, Type | None] = {}  # what was worked out
        self._open: set[ast.expr] = set()
        self._bindings: dict[Binding, Type | None] = {}
        self._pending: set[Binding] = set()
        self._members: dict[ast.ClassDef, Members] = {}
        self._depth = 0
        self._guessed: dict[ast.expr, Type | None] = {}  # answers that hold as long as the same is being worked out
        self._guesses = 0  # how often an answer did without what was still being worked out

    def type_of(self, node: ast.expr, scope: Scope) -> Type | None:
        """The type of ``node``, evaluated in ``scope``."""
        if node in self.known:
            return self.known[node]
        if node in self._guessed:
            self._guesses += 1
            return self._guessed[node]
        if self._depth > _LIMIT or node in self._open:
            self._guesses += 1
            return None
        guesses = self._guesses
        self._open.add(node)
        self._depth += 1
        try:
            found = self._infer(node, scope)
        finally:
            self._depth -= 1
            self._open.discard(node)
        if not self._pending or guesses == self._guesses:  # else it may rest on a guess about a loop
            self.known[node] = found
        else:
            self._guessed[node] = found
        return found

    def api(self, node: ast.expr, scope: Scope) -> str | None:
        """The public path that ``node`` names, None if it is not a framework's name."""
        found = self.type_of(node, scope)
        return found.path if isinstance(found, Api) else None

    def _infer(self, node: ast.expr, scope: Scope) -> Type | None:
        if isinstance(node, ast.Name):
            return self.name(node.id, (node.lineno, node.col_offset), scope)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, scope)
        if isinstance(node, ast.Call):
            return self._call(node, scope)
        if isinstance(node, ast.Constant):
            return _of_constant(node.value)
        if isinstance(node, (ast.Tuple, ast.List)):
            return Items(tuple(self.type_of(element, scope) for element in node.elts))
        if isinstance(node, ast.BinOp):
            left, right = self.type_of(node.left, scope), self.type_of(node.right, scope)
            return _promoted(_combined(left, right), node, left, right)
        if isinstance(node, ast.UnaryOp):
            return self.type_of(node.operand, scope) if not isinstance(node.op, ast.Not) else Plain.OTHER
        if isinstance(node, ast.Compare):
            return self._comparison(node, scope)
        if isinstance(node, ast.IfExp):
            return join([self.type_of(node.body, scope), self.type_of(node.orelse, scope)])
        if isinstance(node, ast.Subscript):
            return self._subscript(node, scope)
        if isinstance(node, ast.JoinedStr):
            return Plain.STRING
        if isinstance(node, ast.NamedExpr):
            return self.type_of(node.value, scope)
        if isinstance(node, _COMPREHENSIONS):
            return Repeated(self.type_of(node.elt, scope.child(node)))
        return None

    def name(self, name: str, place: Place, scope: Scope) -> Type | None:
        """What ``name`` holds for a use at ``place``."""
        _, bindings = scope.resolve(name, place)
        if not bindings:
            return None
        self._settle(bindings)
        done = [self._bindings[binding] for binding in bindings if binding not in self._pending]
        self._guesses += len(done) < len(bindings)
        return join(done)

    def _settle(self, bindings: list[Binding]) -> None:
        """Works out what each binding gives; one that is being worked out (a loop's own) has no say."""
        for binding in bindings:
            if binding in self._bindings or binding in self._pending:
                continue
            self._pending.add(binding)
            around, self._open = self._open, set()  # what is being worked out may be what it binds: x = f(x)
            guessed, self._guessed = self._guessed, {}
            try:
                self._bindings[binding] = self._bound(binding)
            finally:
                self._open, self._guessed = around, guessed
                self._pending.discard(binding)

    def _bound(self, binding: Binding) -> Type | None:
        scope = binding.scope
        assert scope is not None
        if binding.kind is BindingKind.IMPORT:
            return Api(canonical(binding.path)) if framework_of(binding.path) is not None else None
        if binding.kind is BindingKind.FUNCTION and isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return UserFunction(binding.node, scope)
        if binding.kind is BindingKind.CLASS and isinstance(binding.node, ast.ClassDef):
            return UserClass(binding.node, scope, self.base_of(binding.node, scope))
        if binding.kind is BindingKind.PARAMETER and isinstance(binding.node, ast.arg):
            return self._parameter(binding.node, scope)
        if binding.kind is BindingKind.AUGMENT:
            return self._augmented(binding, scope)
        if binding.value is None:
            if isinstance(binding.node, ast.AnnAssign):
                return self._annotation(binding.node.annotation, scope)
            return None
        around = scope if binding.kind is not BindingKind.LOOP or scope.parent is None else _iterated_in(binding, scope)
        value, index = binding.value, binding.index
        while binding.kind is BindingKind.ASSIGN and index and isinstance(value, (ast.Tuple, ast.List)):
            if index[0] >= len(value.elts):
                return None
            value, index = value.elts[index[0]], index[1:]  # a, b = f(a), g(b): each from its own side
        found = self.type_of(value, around)
        if binding.kind is BindingKind.LOOP:
            found = item_of(found)
        elif binding.kind is BindingKind.WITH:
            return None
        for step in index:
            found = part_of(found, step)
        if found is None and isinstance(binding.node, ast.AnnAssign):
            return self._annotation(binding.node.annotation, scope)
        return found

    def _augmented(self, binding: Binding, scope: Scope) -> Type | None:
        before = self.name(binding.name, (binding.place[0], 0), scope)
        if isinstance(before, Tensor) and before.parameter:
            return before  # it is changed in place
        added = self.type_of(binding.value, scope) if binding.value is not None else None
        return _combined(before, added)

    def base_of(self, definition: ast.ClassDef, scope: Scope) -> str | None:
        """The framework's class that a class of the document derives from, over any number of steps."""
        for base in definition.bases:
            found = self.type_of(base, scope)
            if isinstance(found, Api):
                return found.path
            if isinstance(found, UserClass) and found.base is not None:
                return found.base
        return None

    def _parameter(self, node: ast.arg, scope: Scope) -> Type | None:
        function, owner = scope.node, scope.parent
        if node.annotation is not None and owner is not None:
            return self._annotation(node.annotation, owner)
        if owner is not None and owner.is_module and isinstance(function, ast.FunctionDef):
            return self._passed(node, function)
        if owner is None or not owner.is_class or not isinstance(function, ast.FunctionDef):
            return None
        definition = owner.node
        assert isinstance(definition, ast.ClassDef)
        base = self.base_of(definition, owner.parent or owner)
        if base is None or (function.decorator_list and base != "torch.autograd.Function"):
            return None
        positional = [*function.args.posonlyargs, *function.args.args]
        if positional and node is positional[0]:
            return Instance(base, role_of_class(base) or Role.OTHER, definition=definition, scope=owner.parent)
        required = positional[1 : len(positional) - len(function.args.defaults)]
        framework = framework_of(base)
        if function.name == "forward" and node in required and role_of_class(base) is Role.MODULE and framework:
            return Tensor(framework)  # a module is called on tensors
        if function.name in ("forward", "backward") and node in required and base.endswith(".autograd.Function"):
            return Tensor(framework) if framework else None
        return None

    def _passed(self, node: ast.arg, function: ast.FunctionDef) -> Type | None:
        """What every call in the document passes for a parameter; a function that escapes may be called elsewhere."""
        positional = [*function.args.posonlyargs, *function.args.args]
        if function.decorator_list or node not in positional:
            return None
        index = positional.index(node)
        sites = self._calls_of(function.name)
        if not sites:
            return None
        values = [(argument(call, index, node.arg), scope) for call, scope in sites]
        return join([self.type_of(value, scope) if value is not None else None for value, scope in values])

    def _annotation(self, annotation: ast.expr, scope: Scope) -> Type | None:
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            return None
        found = self.type_of(annotation, scope)
        if isinstance(found, Api):
            return instance_of(found.path)
        if isinstance(found, UserClass) and found.base is not None:
            return Instance(found.base, role_of_class(found.base) or Role.OTHER, definition=found.definition)
        return None

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Type | None:
        owner = self.type_of(node.value, scope)
        if isinstance(owner, Api):
            return Api(canonical(f"{owner.path}.{node.attr}"))
        if isinstance(owner, Tensor):
            if node.attr in SIZE_ATTRIBUTES:
                return Plain.SIZE
            if node.attr in ("T", "data", "grad"):
                known = not owner.parameter or owner.framework is Framework.PYTORCH
                return owner.having(parameter=False) if known else None
            if node.attr == "ndim":
                return Plain.NUMBER
            gives = load().gives(f"{owner.path}.{node.attr}")
            called = gives and load().is_callable(f"{owner.path}.{node.attr}")
            return result(gives, owner.framework, owner.dialect, owner) if gives and not called else None
        if isinstance(owner, Items) and node.attr in owner.fields:
            return owner.items[owner.fields.index(node.attr)]
        if isinstance(owner, Instance):
            return self._member(owner, node.attr)
        return None

    def _member(self, owner: Instance, name: str) -> Type | None:
        if owner.role is Role.MODULE and owner.framework is Framework.MXNET and name == "params":
            return Instance("mxnet.gluon.ParameterDict", Role.PARAMETERS)
        if owner.definition is not None:
            scope = owner.scope or None
            return self._own_member(owner.definition, name, scope) if scope is not None else None
        if owner.role is Role.MODULE and name in ("weight", "bias") and owner.framework is not None:
            return Tensor(owner.framework, Family.FLOAT, grad=True, parameter=True)
        return None

    def _own_member(self, definition: ast.ClassDef, name: str, scope: Scope) -> Type | None:
        """``self.name`` of a class of the document: what its methods assign to it."""
        body, values = scope.child(definition), self.members_of(definition).values.get(name, ())
        return join([self.type_of(value, body.child(method)) for value, method in values])

    def members_of(self, definition: ast.ClassDef) -> Members:
        """The members of a class of the document."""
        if definition not in self._members:
            self._members[definition] = Members.of(definition)
        return self._members[definition]

    def _call(self, node: ast.Call, scope: Scope) -> Type | None:
        function = self.type_of(node.func, scope)
        if isinstance(function, Api):
            role = role_of_class(function.path)
            if role is not None:
                return Instance(function.path, role, node, scope)
            return self._method_through_class(function.path, node, scope) or result_of_api(
                function.path, node, lambda item: self.type_of(item, scope)
            )
        if isinstance(function, UserClass) and function.base is not None:
            role = role_of_class(function.base) or Role.OTHER
            return Instance(function.base, role, node, function.scope, function.definition)
        if isinstance(function, UserFunction):
            return self._returned(function)
        if isinstance(function, Instance):
            return self._called_instance(function, node, scope)
        if isinstance(node.func, ast.Attribute):
            owner = self.type_of(node.func.value, scope)
            return self._method(owner, node, node.func.attr, scope)
        if isinstance(node.func, ast.Name) and function is None:
            return self._builtin(node, scope)
        return None

    def _builtin(self, node: ast.Call, scope: Scope) -> Type | None:
        assert isinstance(node.func, ast.Name)
        owner, _ = scope.resolve(node.func.id, (node.lineno, node.col_offset))
        if owner is not None or not node.args:
            return None
        first = self.type_of(node.args[0], scope)
        if node.func.id == "enumerate":
            return Repeated(Items((Plain.NUMBER, item_of(first))))
        if node.func.id == "zip":
            return Repeated(Items(tuple(item_of(self.type_of(item, scope)) for item in node.args)))
        if node.func.id in ("iter", "list", "tuple", "tqdm", "sorted", "reversed"):
            return Repeated(item_of(first))
        if node.func.id == "next":
            return item_of(first)
        if node.func.id in ("len", "int", "float", "round"):
            return Plain.NUMBER
        return Plain.STRING if node.func.id in ("str", "repr") else None

    def _method_through_class(self, path: str, node: ast.Call, scope: Scope) -> Type | None:
        owner, _, name = path.rpartition(".")
        if owner in ("torch.Tensor", "mxnet.nd.NDArray", "mxnet.np.ndarray") and node.args:
            return self.type_of(node.args[0], scope) if name in KEEP_RANK else None
        return None

    def _returned(self, function: UserFunction) -> Type | None:
        if function.definition.decorator_list or isinstance(function.definition, ast.AsyncFunctionDef):
            return None
        scope = function.scope.child(function.definition)
        returns = [node for node in _own_nodes(function.definition) if isinstance(node, ast.Return)]
        values = [self.type_of(node.value, scope) if node.value is not None else None for node in returns]
        return join(values)

    def _called_instance(self, function: Instance, node: ast.Call, scope: Scope) -> Type | None:
        framework = function.framework
        if framework is None:
            return None
        argument_type = self.type_of(node.args[0], scope) if node.args else None
        if function.path == "mxnet.autograd.Function":
            return Tensor(framework, grad=True)
        if function.role is Role.MODULE:
            rank = argument_type.rank if isinstance(argument_type, Tensor) else None
            name = argument_type.name if isinstance(argument_type, Tensor) else None
            name = name if name is not None and name.startswith("float") else "float32"  # embeddings take integers
            found = Tensor(framework, Family.FLOAT, self.rank_after(function, rank), True, name=name)
            return with_states(function.path, len(node.args), found) if function.definition is None else found
        if function.role is Role.LOSS:
            return Tensor(framework, Family.FLOAT, _rank_of_loss(function), True)
        return None

    def rank_after(self, module: Instance, rank: int | None) -> int | None:
        """The rank of a module's output for input of ``rank``."""
        layer = module.path.rpartition(".")[2]
        if module.definition is not None:
            return None
        if layer == "Flatten":
            return 2
        if layer == "Sequential" and module.call is not None and module.scope is not None:
            if module.framework is Framework.MXNET:
                return rank if rank == 2 else None
            for item in module.call.args:
                inner = self.type_of(item, module.scope)
                rank = self.rank_after(inner, rank) if isinstance(inner, Instance) else None
            return rank
        if layer == "Dense" and module.call is not None:
            flatten = argument(module.call, None, "flatten")
            return rank if flatten is not None and constant(flatten) is False else 2
        return rank if layer in RANK_PRESERVING_LAYERS else None

    def _method(self, owner: Type | None, node: ast.Call, name: str, scope: Scope) -> Type | None:
        if isinstance(owner, Tensor):
            return result_of_method(owner, name, node, lambda item: self.type_of(item, scope))
        if isinstance(owner, Instance):
            if owner.role is Role.MODULE and name in ("to", "cuda", "cpu", "train", "eval", "float", "double"):
                return owner if owner.framework is Framework.PYTORCH else None
            if owner.role is Role.MODULE and name == "forward":
                return self._called_instance(owner, node, scope)
            if name in ("parameters", "collect_params", "named_parameters"):
                path = f"{owner.path}.{name}"
                return Instance(path, Role.PARAMETERS, node, scope)
            if owner.role is Role.MODULE and name == "get_parameter":
                return Tensor(Framework.PYTORCH, Family.FLOAT, grad=True, parameter=True)
            if owner.path == "mxnet.gluon.ParameterDict" and name == "get":
                return Tensor(Framework.MXNET, Family.FLOAT, grad=True, parameter=True)
            if owner.role is Role.PARAMETERS and name == "values" and owner.path.endswith(".collect_params"):
                return Instance(f"{owner.path}.values", Role.PARAMETERS, node, scope)
            if owner.role is Role.DATASET and name in _OF_DATASETS:
                return Instance(owner.path, Role.DATASET, owner.call, owner.scope)
        if isinstance(owner, UserClass) and owner.base == "torch.autograd.Function" and name == "apply":
            return Tensor(Framework.PYTORCH, grad=True)
        return None

    def _comparison(self, node: ast.Compare, scope: Scope) -> Type | None:
        if len(node.ops) != 1 or isinstance(node.ops[0], (ast.Is, ast.IsNot, ast.In, ast.NotIn)):
            return Plain.OTHER
        found = _combined(self.type_of(node.left, scope), self.type_of(node.comparators[0], scope))
        if isinstance(found, Tensor):
            boolean = found.framework is Framework.PYTORCH or found.dialect is Dialect.NP
            family = Family.BOOLEAN if boolean else None
            name = "bool" if family is Family.BOOLEAN else None
            return found.having(dtype=family, grad=False, name=name, compared=found.held)
        return Plain.OTHER if found is not None else None

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Type | None:
        owner = self.type_of(node.value, scope)
        if isinstance(owner, Tensor):
            return owner.having(rank=_rank_of_part(owner, node.slice), empty=False)
        if owner is Plain.SIZE:
            return Plain.NUMBER
        if isinstance(owner, Items) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
            return part_of(owner, node.slice.value)
        if isinstance(owner, Repeated) and not isinstance(node.slice, ast.Slice):
            return owner.item
        return self._layer_at(owner, node)

    def _layer_at(self, owner: Type | None, node: ast.Subscript) -> Type | None:
        if not isinstance(owner, Instance) or owner.path != "torch.nn.Sequential" or owner.call is None:
            return None
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int) and owner.scope is not None:
            layers = owner.call.args
            if -len(layers) <= node.slice.value < len(layers):
                return self.type_of(layers[node.slice.value], owner.scope)
        return None


def _rank_of_part(owner: Tensor, index: ast.expr) -> int | None:
    """The rank of ``x[index]``: a number takes a dimension away, a slice does not."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    numbers = [part for part in parts if isinstance(constant(part), int)]
    if owner.rank is None or any(part not in numbers and not isinstance(part, ast.Slice) for part in parts):
        return None
    least = 1 if owner.framework is Framework.MXNET and owner.dialect is not Dialect.NP else 0
    return max(owner.rank - len(numbers), least)


def instance_of(path: str) -> Type | None:
    """An object of the class ``path``."""
    if path in ("torch.Tensor", "torch.FloatTensor"):
        return Tensor(Framework.PYTORCH)
    if path in ("mxnet.nd.NDArray", "mxnet.np.ndarray"):
        return Tensor(Framework.MXNET)
    role = role_of_class(path)
    return Instance(path, role) if role is not None else None


def item_of(found: Type | None) -> Type | None:
    """What one gets by iterating."""
    if isinstance(found, Repeated):
        return found.item
    if isinstance(found, Tensor):
        return found.having(rank=found.rank - 1 if found.rank else None)
    if isinstance(found, Items):
        return join(list(found.items))
    if isinstance(found, Instance) and found.role is Role.PARAMETERS and found.path.endswith(".named_parameters"):
        return Items((Plain.STRING, Tensor(Framework.PYTORCH, Family.FLOAT, grad=True, parameter=True)))
    if (
        isinstance(found, Instance)
        and found.role is Role.PARAMETERS
        and found.path.endswith((".parameters", ".values"))
    ):
        return Tensor(found.framework, Family.FLOAT, grad=True, parameter=True) if found.framework is not None else None
    if isinstance(found, Instance) and found.role is Role.LOADER and found.framework is not None:
        return batch_of(found)
    return None


def batch_of(loader: Instance) -> Type | None:
    """A batch of a loader: data and labels, as the image sets give them. Their ranks are known where the set is."""
    framework = loader.framework
    assert framework is not None
    data = Tensor(framework, Family.FLOAT, grad=False)
    labels = Tensor(framework, grad=False)
    return Items((data, labels))


def part_of(found: Type | None, step: int) -> Type | None:
    """One place of a tuple."""
    if isinstance(found, Items) and -len(found.items) <= step < len(found.items):
        return found.items[step]
    if isinstance(found, (Repeated, Tensor)):
        return item_of(found)
    if isinstance(found, Instance) and found.role is Role.PARAMETERS:
        return item_of(found)  # [w] = net.parameters()
    return Plain.NUMBER if found is Plain.SIZE else None


def _combined(left: Type | None, right: Type | None) -> Type | None:
    """The type of an arithmetic operation."""
    tensors = [found for found in (left, right) if isinstance(found, Tensor)]
    if len(tensors) == 2:
        first, second = tensors
        if first.framework is not second.framework:
            return None
        rank = None if first.rank is None or second.rank is None else max(first.rank, second.rank)
        return first.having(
            dtype=first.dtype if first.dtype == second.dtype else None,
            name=wider([first.name, second.name]) if first.dtype == second.dtype else None,
            rank=rank,
            empty=first.empty or second.empty,
            compared=first.compared if first.compared == second.compared else None,
            grad=True if first.grad or second.grad else None,
            parameter=False,
        )
    if tensors:
        return tensors[0].having(parameter=False)
    if left in (Plain.NUMBER, Plain.STRING) and (left == right or right is None):
        return left if left == right else None
    return None


def _promoted(found: Type | None, node: ast.BinOp, left: Type | None, right: Type | None) -> Type | None:
    """The dtype of an arithmetic result: PyTorch promotes integers to floats, np where it divides and between arrays,
    nd keeps the array's dtype."""
    if not isinstance(found, Tensor):
        return found
    families = [operand.dtype for operand in (left, right) if isinstance(operand, Tensor)]
    keeps = found.framework is Framework.MXNET and found.dialect is not Dialect.NP
    numbers = [constant(operand) for operand in (node.left, node.right)]
    if keeps or None in families or Family.FLOAT in families:
        if None in families or keeps:
            return found
        name = wider([operand.name for operand in (left, right) if isinstance(operand, Tensor)])
        return found.having(dtype=Family.FLOAT, name=name)
    truncates = found.framework is Framework.MXNET  # np.array([3], dtype='int64') + 2.5 is 5
    if isinstance(node.op, ast.Div) or (any(isinstance(number, float) for number in numbers) and not truncates):
        return found.having(dtype=Family.FLOAT, name="float32")
    plain = [operand for operand in (left, right) if not isinstance(operand, Tensor)]
    known = not plain or truncates or any(isinstance(number, int) for number in numbers)
    whole = Family.BOOLEAN if families == [Family.BOOLEAN] * 2 else Family.INTEGER
    name = wider([operand.name for operand in (left, right) if isinstance(operand, Tensor)])
    name = "int64" if name == "bool" and whole is Family.INTEGER else name
    return found.having(dtype=whole if known else None, name=name if known and family_of(name) is whole else None)


def _of_constant(value: object) -> Type | None:
    if isinstance(value, str):
        return Plain.STRING
    return Plain.NUMBER if isinstance(value, (int, float)) and not isinstance(value, bool) else Plain.OTHER


def _iterated_in(binding: Binding, scope: Scope) -> Scope:
    """A comprehension's first iterable is evaluated outside of it; the others see its names. Both resolve from inside,
    but for a name that the comprehension itself rebinds."""
    node = scope.node
    first = getattr(node, "generators", None)
    return scope.parent if first and scope.parent and binding.value is first[0].iter else scope


def _own_nodes(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.AST]:
    """The nodes of a function without those of functions and classes inside it."""
    found: list[ast.AST] = []
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        found.append(node)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack += ast.iter_child_nodes(node)
    return found


__all__ = ["IMAGE_SETS", "Inference", "instance_of", "item_of", "part_of"]


def _rank_of_loss(loss: Instance) -> int | None:
    """PyTorch's losses reduce to a number unless they are told another way, Gluon's give one value per sample."""
    if loss.framework is Framework.MXNET:
        return 1
    given = argument(loss.call, None, "reduction") if loss.call is not None else None
    return 0 if given is None or constant(given) in ("mean", "sum", "batchmean") else None
