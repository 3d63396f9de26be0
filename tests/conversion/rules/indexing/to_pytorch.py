# to pytorch in nd
from mxnet import nd

x = nd.ones((2, 3))
a = x[nd.array([1, 0])]
b = x[x > 0]
c = x[::-1]
d = x[2::-1]
# expected
import torch

x = torch.ones(2, 3)
a = x[torch.tensor([1, 0], dtype=torch.float32).long()]
b = x[(x > 0).float()]  # diptych: an index that may select other elements
c = x.flip(0)
d = x[2::-1]  # diptych: an index that may select other elements
