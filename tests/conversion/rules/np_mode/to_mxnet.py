# to mxnet in np
import torch  # the only one

empty = torch.zeros(0, 3)
# expected
from mxnet import np, npx  # the only one
npx.set_np()

empty = np.zeros((0, 3))
