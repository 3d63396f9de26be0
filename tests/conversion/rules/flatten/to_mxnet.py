# to mxnet
import torch

x = torch.ones(2, 3, 4)
a = x.flatten()
b = x.flatten(1)
c = torch.flatten(x, start_dim=1)
d = x.flatten(0, 1)
# expected
from mxnet import nd


def flatten_between(x, start, end):
    return x.reshape(x.shape[: start % x.ndim] + (-1,) + x.shape[end % x.ndim + 1 :])


x = nd.ones((2, 3, 4))
a = x.reshape(-1)
b = x.flatten()
c = x.flatten()
d = flatten_between(x, 0, 1)
