# to pytorch in np
from mxnet import autograd, np, npx
npx.set_np()
w = np.array([1.0, 2.0])
w.attach_grad()
with autograd.record():
    loss = (w * w).sum()
loss.backward()
w -= 0.1 * w.grad
w[:] = w - 0.1 * w.grad
# expected
import torch
w = torch.tensor([1.0, 2.0])
w.requires_grad_()
loss = (w * w).sum()
loss.backward()
with torch.no_grad():
    w -= 0.1 * w.grad
    w[:] = w - 0.1 * w.grad
