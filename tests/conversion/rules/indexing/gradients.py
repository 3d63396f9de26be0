# to mxnet in np
import torch

w = torch.ones(5, 3, requires_grad=True)
k = torch.tensor([2, 0, -1])
a = w[k]
b = w[[0, -1]]
# expected
from mxnet import np, npx
npx.set_np()

w = np.ones((5, 3))
w.attach_grad()
k = np.array([2, 0, -1], dtype='int64')
a = w[k % w.shape[0]]
b = w[[0, -1]]  # diptych: an index that may select other elements
