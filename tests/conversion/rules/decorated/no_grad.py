# to mxnet in np
import torch


@torch.no_grad()
def double(x):
    return x * 2


r = double(torch.ones(2))
# expected
import functools
from mxnet import autograd, np, npx
npx.set_np()


def unrecorded(function):
    @functools.wraps(function)
    def called(*args, **kwargs):
        with autograd.pause(train_mode=autograd.is_training()):
            return function(*args, **kwargs)
    return called



@unrecorded
def double(x):
    return x * 2


r = double(np.ones((2,)))
