"""Dtypes and devices as arguments."""

from __future__ import annotations

from diptych import convert
from diptych.conversion.model import DialectChoice
from diptych.equivalence.model import Framework


def converted(code: str, dialect: DialectChoice = "np") -> str:
    target = Framework.MXNET if "torch" in code else Framework.PYTORCH
    return convert(code, target, dialect).code


def test_a_boolean_dtype_is_known_to_np() -> None:
    assert "np.zeros((2,), dtype='bool')" in converted("import torch\nx = torch.zeros(2, dtype=torch.bool)\n")
    assert "dtype=torch.bool" in converted("from mxnet import np\nx = np.zeros((2,), dtype='bool')\n")
    assert "# diptych" in converted("import torch\nx = torch.zeros(2, dtype=torch.bool)\n", "nd")


def test_int_and_float_mean_to_mxnet_what_they_mean_to_numpy() -> None:
    assert "dtype=torch.int64" in converted("from mxnet import nd\nx = nd.zeros((2,), dtype='int')\n", "nd")
    assert "dtype=torch.float64" in converted("from mxnet import nd\nx = nd.zeros((2,), dtype='float')\n", "nd")


def test_the_device_of_another_array() -> None:
    code = "from mxnet import nd\nx = nd.ones((2,))\ny = nd.zeros((3,), ctx=x.ctx)\n"
    assert "zeros(3, device=x." in converted(code, "nd") or "zeros((3,), device=x." in converted(code, "nd")


def test_a_variable_that_holds_a_dtype() -> None:
    code = "from mxnet import np\nkind = np.float64\nx = np.zeros((2,), dtype=kind)\n"
    assert "kind = torch.float64\nx = torch.zeros(2, dtype=torch.float64)" in converted(code)


def test_a_number_of_an_array() -> None:
    code = "import torch\nx = torch.ones(2)\na = float(x.sum())\n"
    assert "a = float(x.sum())" in converted(code)
    assert "a = float(x.sum().asscalar())" in converted(code, "nd")


def test_the_commas_of_a_lambda_divide_no_arguments() -> None:
    code = "import torch\nx = torch.ones(2)\ny = torch.full((2,), 1.0, dtype=(lambda a, b: a)(torch.float32, 1))\n"
    assert convert(code).code
    code = "import torch\nr = torch.add(torch.ones(2), (lambda a, b: a + b)(1, 2))\ntorch.ones(2, lambda a, b: a)\n"
    assert convert(code).code


def test_a_function_in_place() -> None:
    code = "import torch\nx = torch.ones(2)\ntorch.zero_(x)\n"
    assert "x[:] = 0" in convert(code, dialect="np").code


def test_the_data_of_an_array_is_replaced() -> None:
    code = "import torch\nx = torch.ones(2)\ny = torch.ones(2)\nx.data -= y\nx.data = x * 2\nx.data = y\n"
    result = convert(code, dialect="np").code
    assert "x[:] -= y\nx[:] = x * 2\nx.data = y  # diptych" in result


def test_a_gradient_is_asked_for_afterwards() -> None:
    code = "import torch\nclass Net:\n    def __init__(self):\n"
    code += "        self.w = torch.zeros(3, requires_grad=True)  # weights\n"
    assert "self.w = np.zeros((3,))  # weights\n        self.w.attach_grad()\n" in converted(code)
    code = "import torch\nx = torch.ones(3, requires_grad=False)\nf(torch.ones(3, requires_grad=True)).backward()\n"
    assert "x = np.ones((3,))\nf(torch.ones(3, requires_grad=True)).backward()  # diptych" in converted(code)
    code = "import torch\nx = torch.ones(3, names=('a',), requires_grad=True)\n"
    assert "attach_grad" not in converted(code)


def test_what_dtypes_and_devices_are_asked() -> None:
    code = "import torch\nx = torch.ones(2)\na = x.dtype is torch.float32\nb = x.device.type == 'cuda'\nc = 2 in x\n"
    result = converted(code)
    assert "a = x.dtype == np.float32\nb = x.ctx.device_type == 'gpu'\nc = bool((x.asnumpy() == 2).any())" in result
    for asked in ("str(x.dtype)", "str(x.device)", "x.device.type", "x.dtype.is_complex", "(x.sum() + 1) in x"):
        assert "# diptych" in converted(f"import torch\nx = torch.ones(2)\na = {asked}\n"), asked


def test_numbers_that_are_floats_by_name() -> None:
    assert "np.array([-np.inf, 1])" in converted("import torch\nx = torch.tensor([-torch.inf, 1])\n")


def test_an_array_that_is_changed_as_it_is_made_gets_its_name_first() -> None:
    code = "import torch\nx = torch.ones(3)\ny = x.clone().mul_(2).zero_()  # both\n"
    assert "y = x.copy()  # both\ny[:] = y * 2\ny[:] = 0\n" in converted(code)
    for kept in ("y = torch.zeros(3).add_(y)", "y = x.view(-1).zero_()", "f(torch.zeros(3).zero_())"):
        assert "# diptych" in converted(f"import torch\nx = torch.ones(3)\ny = torch.ones(3)\n{kept}\n"), kept


def test_pythons_types_as_dtypes() -> None:
    assert "dtype='int64'" in converted("import torch\nx = torch.zeros(2, dtype=int)\n")
    assert "dtype=torch.float64" in converted("from mxnet import np\nx = np.zeros((2,), dtype=float)\n")
    assert "# diptych" in converted("from mxnet import np\nfloat = 'int32'\nx = np.zeros((2,), dtype=float)\n")


def test_texts_as_dtypes() -> None:
    code = "from mxnet import np\nx = np.ones((2,))\na = x.dtype == 'float32'\n"
    assert "a = x.dtype == torch.float32" in converted(code)
    code = "from mxnet import nd\nx = nd.ones((2,))\na = x.dtype == 'float32'\n"
    assert "# diptych" in converted(code, "nd")


def test_an_array_of_arrays_is_a_stack() -> None:
    code = "from mxnet import np\nx = np.ones((2,))\ny = np.array([x, x])\nz = np.array([x, 1])\n"
    result = converted(code)
    assert "y = torch.stack([x, x])\n" in result
    assert "z = np.array([x, 1])  # diptych" in result


def test_the_dtype_of_data_is_found_out_where_it_runs() -> None:
    code = "import torch\nvalues = list(range(3))\nx = torch.tensor(values[1:])\n"
    result = converted(code)
    assert "def tensor_of(data):" in result
    assert "x = tensor_of(values[1:])\n" in result
    assert "# diptych" in converted(code, "nd")
    code = "import torch\nx = torch.ones(3)\ny = torch.tensor([x[0], x[1]])\nz = torch.tensor([x[0], 1.0])\n"
    assert "y = np.stack([x[0], x[1]])\nz = torch.tensor([x[0], 1.0])  # diptych" in converted(code)


def test_a_numbered_device() -> None:
    code = "import torch\ndef gpu(i):\n    return torch.device(f'cuda:{i}')\n"
    assert "return mx.gpu(i)" in converted(code)


def test_memory_that_is_shared_with_numpy() -> None:
    for kept in ("y = x.numpy()\ny[0] = 1.0\n", "y = x.numpy()\ny += 1\n", "x.T.zero_()\n"):
        assert "# diptych" in converted(f"import torch\nx = torch.ones(2, 2)\n{kept}"), kept
    code = "import numpy\nimport torch\nn = numpy.ones(2)\nn[0] = 3\nt = torch.from_numpy(n)\n"
    assert "# diptych" not in converted(code)
    assert "# diptych" in converted(code + "n[0] = 5\n")


def test_dtypes_of_mxnet_are_compared_with_names_and_types() -> None:
    code = "from mxnet import np\nx = np.zeros((2,))\na = x.dtype == bool\nb = x.dtype == 'float32'\n"
    assert "a = x.dtype == torch.bool\nb = x.dtype == torch.float32\n" in converted(code)
    assert "# diptych" in converted("from mxnet import np\nx = np.zeros((2,))\na = str(x.dtype) == 'float32'\n")


def test_to_tensor_is_not_called_with_a_tensor() -> None:
    code = "from mxnet import np\nfrom mxnet.gluon.data.vision import transforms\nx = np.zeros((2, 2, 3))\n"
    for call in ("transforms.ToTensor()(x)", "transforms.Compose([transforms.ToTensor()])(x)"):
        assert "# diptych: ToTensor takes no tensor" in converted(f"{code}y = {call}\n"), call


def test_contexts_are_asked_in_pytorchs_words() -> None:
    code = "from mxnet import np\nx = np.zeros((2,))\na = x.ctx.device_type == 'gpu'\n"
    assert "a = x.device.type == 'cuda'\n" in converted(code)
    assert "# diptych" in converted("from mxnet import np\nx = np.zeros((2,))\na = x.ctx.device_id\n")


def test_the_number_of_elements_of_a_shape() -> None:
    assert "n = math.prod(x.shape)\n" in converted("import torch\nx = torch.ones(2)\nn = x.shape.numel()\n")
