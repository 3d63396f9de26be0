# to mxnet in np
import torch

x = torch.ones(2, 3)
x.unsqueeze_(0)
y = torch.ones(2, 3)
z = y
y.t_()


def f(a):
    a.unsqueeze_(0)
    return a
# expected
from mxnet import np, npx
npx.set_np()

x = np.ones((2, 3))
x = np.expand_dims(x, 0)
y = np.ones((2, 3))
z = y
y.t_()  # diptych: something else may hold `y`, whose shape MXNet can't change in place


def f(a):
    a.unsqueeze_(0)  # diptych: nothing says what `.unsqueeze_` is of
    return a
