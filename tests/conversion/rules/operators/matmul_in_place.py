# to mxnet in np
import torch

x = torch.ones(2, 3)
y = x
x @= torch.ones(3, 3)
# expected
from mxnet import np, npx
npx.set_np()

x = np.ones((2, 3))
y = x
x = x @ np.ones((3, 3))
