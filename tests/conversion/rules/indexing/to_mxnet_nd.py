# to mxnet in nd
import torch

x = torch.ones(2, 3)
a = x[x > 0]
x[x > 0] = 0
# expected
from mxnet import nd

x = nd.ones((2, 3))
a = nd.contrib.boolean_mask(x.reshape(-1), (x > 0).reshape(-1))
x[x > 0] = 0  # diptych: an index that may select other elements
