# to mxnet
import torch

device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
x = torch.ones(2, 3, device=device).to(device)
# expected
import mxnet as mx
from mxnet import nd

device = mx.gpu() if mx.context.num_gpus() > 0 else mx.cpu()
x = nd.ones((2, 3), ctx=device).as_in_context(device)
