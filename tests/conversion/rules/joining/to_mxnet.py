# to mxnet in nd
import torch

x = torch.ones(2, 3)
both = [x, x]
a = torch.cat([x, x])
b = torch.cat(both, dim=1)
c = torch.stack((x, x), -1)
# expected
from mxnet import nd

x = nd.ones((2, 3))
both = [x, x]
a = nd.concat(x, x, dim=0)
b = nd.concat(*both, dim=1)
c = nd.stack(x, x, axis=-1)
