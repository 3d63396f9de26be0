"""A multilayer perceptron on MNIST in MXNet (Gluon). Its twin, line for line, is mnist_mlp_torch.py."""

# %%
from time import time

import mxnet as mx
import numpy as np
from mxnet import autograd, gluon
from mxnet.gluon import nn
from mxnet.gluon.data import DataLoader
from mxnet.gluon.data.vision import datasets, transforms

# %% tags=["parameters"]
epochs = 5
batch_size = 128
learning_rate = 0.1
seed = 42
device = mx.cpu()
num_workers = 0

# %%
mx.random.seed(seed)  # weights
np.random.seed(seed)  # order of the samples

# %% The data
transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(0.13, 0.31)])
train_set = datasets.MNIST(train=True).transform_first(transform)
test_set = datasets.MNIST(train=False).transform_first(transform)
train_data = DataLoader(train_set, batch_size=batch_size, shuffle=True, num_workers=num_workers)
test_data = DataLoader(test_set, batch_size=batch_size, num_workers=num_workers)

# %% The model
net = nn.Sequential()
net.add(
    nn.Dense(256, activation="relu"),
    nn.Dense(10),
)
net.initialize(ctx=device)

# %% Loss and optimizer
loss_fn = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": learning_rate})

# %% Training
for epoch in range(epochs):
    total_loss = 0.0
    tic = time()
    for X, y in train_data:
        X, y = X.as_in_context(device), y.as_in_context(device)
        with autograd.record():
            loss = loss_fn(net(X.flatten()), y)
        loss.backward()
        trainer.step(X.shape[0])
        total_loss += loss.mean().asscalar()
    print(f"epoch {epoch}, avg loss {total_loss / len(train_data):.4f}, time {time() - tic:.2f}")

# %% Test
correct = 0
for X, y in test_data:
    X, y = X.as_in_context(device), y.as_in_context(device)
    predicted = net(X.flatten()).argmax(axis=1)
    correct += (predicted == y.astype(predicted.dtype)).sum().asscalar()
test_accuracy = correct / len(test_set)
print(f"test accuracy {test_accuracy:.4f}")
