# to mxnet
import torch
x = torch.tensor([1., 2.])
x.requires_grad_(True)
(x ** 2).sum().backward()
g = x.grad
# expected
from mxnet import autograd, nd
x = nd.array([1., 2.])
x.attach_grad()
with autograd.record():
    loss = (x ** 2).sum()
loss.backward()
g = x.grad
