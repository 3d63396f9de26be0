# to mxnet
import torch
x = torch.tensor([1., 2.])
x.requires_grad = True
y = (x * x).sum()
y.backward()
g = x.grad
z = y.item()
# expected
from mxnet import autograd, nd
x = nd.array([1., 2.])
x.attach_grad()
with autograd.record():
    y = (x * x).sum()
y.backward()
g = x.grad
z = y.asscalar()
