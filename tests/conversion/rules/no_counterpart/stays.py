# to mxnet
import torch

x = torch.foo(
    3,
    torch.ones(2, 3),
)
# expected
from mxnet import nd
import torch

x = torch.foo(
    3,
    nd.ones((2, 3)),
)  # diptych: no counterpart of torch.foo is known
