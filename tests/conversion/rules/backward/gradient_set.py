# to mxnet
import torch
x = torch.tensor([1., 2.], requires_grad=True)
y = (x * x).sum()
y.backward()
x.grad = None
z = torch.tensor([1., 2.])
z.grad = torch.zeros(2)
# expected
from mxnet import autograd, nd
x = nd.array([1., 2.])
x.attach_grad()
with autograd.record():
    y = (x * x).sum()
y.backward()
x.grad[:] = 0
z = nd.array([1., 2.])
z.grad = nd.zeros((2,))  # diptych: MXNet has no array here
