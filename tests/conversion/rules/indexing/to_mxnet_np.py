# to mxnet in np
import torch

x = torch.ones(2, 3)
k = torch.tensor([2, 0, -1])
n = 4
a = x[0], x[:, 1], x[..., -1], x[1:, None], x[n:]
b = x[x > 0], x[:, k], x[k, k]
x[:, k] = 5
x[k] += 1
x[x > 0] = 0
c = x[k, None]
x[:, 1][0] = 9
x.t()[0] = 9
# expected
from mxnet import np, npx
npx.set_np()

x = np.ones((2, 3))
k = np.array([2, 0, -1], dtype='int64')
n = 4
a = x[0], x[:, 1], x[..., -1], x[1:, None], x[n:]
b = x[x > 0], x[:, k], x[k, k]
x[:, k % x.shape[1]] = 5
x[k % x.shape[0]] += 1
x[x > 0] = 0
c = x[k, None]  # diptych: an index that may select other elements
x[:, 1][0] = 9  # diptych: writes into a copy
x.T[0] = 9  # diptych: writes into a copy
