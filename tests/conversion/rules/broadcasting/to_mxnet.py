# to mxnet in np
import torch

v = torch.ones(3)
a = v.expand(2, 3)
b = v.flip(0)
c = v.expand(2, -1)
# expected
from mxnet import np, npx
npx.set_np()


def expanded(x, shape):
    sizes = (1,) * (len(shape) - x.ndim) + x.shape
    return np.broadcast_to(x, tuple(own if size == -1 else size for size, own in zip(shape, sizes)))


v = np.ones((3,))
a = np.broadcast_to(v, (2, 3))
b = np.flip(v, 0)
c = expanded(v, (2, -1))
