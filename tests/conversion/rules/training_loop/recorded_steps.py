# to mxnet in np
import torch
x = torch.ones(2, 4)
x.requires_grad_()
r = x.unflatten(-1, (2, -1))
q = torch.where(r > 0, r, r)
a, b = q.split(1)
l = (a * b).sum()
l.backward()
# expected
import itertools
from mxnet import autograd, np, npx
npx.set_np()


def unflattened(x, axis, sizes):
    return x.reshape(x.shape[: axis % x.ndim] + tuple(sizes) + x.shape[axis % x.ndim + 1 :])


def split_by_size(x, size, axis=0):
    axis, length = axis % x.ndim, x.shape[axis]
    ends = [*range(size, length, size), length] if isinstance(size, int) else list(itertools.accumulate(size))
    before = (slice(None),) * axis
    return tuple(x[before + (slice(begin, end),)] for begin, end in zip([0, *ends], ends))


x = np.ones((2, 4))
x.attach_grad()
with autograd.record():
    r = unflattened(x, -1, (2, -1))
    q = np.where(r > 0, r, r)
    a, b = split_by_size(q, 1)
    l = (a * b).sum()
l.backward()
