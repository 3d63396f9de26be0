"""A multilayer perceptron on MNIST in PyTorch. Its twin, line for line, is mnist_mlp_mxnet.py."""

# %%
from time import time

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

# %% tags=["parameters"]
epochs = 5
batch_size = 128
learning_rate = 0.1
seed = 42
device = torch.device("cpu")
num_workers = 0

# %%
torch.manual_seed(seed)  # weights and order of the samples

# %% The data
transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.13,), (0.31,))])
train_set = datasets.MNIST("data", train=True, download=True, transform=transform)
test_set = datasets.MNIST("data", train=False, download=True, transform=transform)
train_data = DataLoader(train_set, batch_size=batch_size, shuffle=True, num_workers=num_workers)
test_data = DataLoader(test_set, batch_size=batch_size, num_workers=num_workers)

# %% The model
net = nn.Sequential(
    nn.Linear(28 * 28, 256),
    nn.ReLU(),
    nn.Linear(256, 10),
)
net.to(device)

# %% Loss and optimizer
loss_fn = nn.CrossEntropyLoss()
trainer = torch.optim.SGD(net.parameters(), lr=learning_rate)

# %% Training
for epoch in range(epochs):
    total_loss = 0.0
    tic = time()
    for X, y in train_data:
        X, y = X.to(device), y.to(device)
        trainer.zero_grad()
        loss = loss_fn(net(X.view(-1, 28 * 28)), y)
        loss.backward()
        trainer.step()
        total_loss += loss.item()
    print(f"epoch {epoch}, avg loss {total_loss / len(train_data):.4f}, time {time() - tic:.2f}")

# %% Test
correct = 0
with torch.no_grad():
    for X, y in test_data:
        X, y = X.to(device), y.to(device)
        predicted = net(X.view(-1, 28 * 28)).argmax(dim=1)
        correct += (predicted == y).sum().item()
test_accuracy = correct / len(test_set)
print(f"test accuracy {test_accuracy:.4f}")
