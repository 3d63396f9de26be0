"""Recurrent layers give their states beside the result."""

from __future__ import annotations

import ast

import pytest

from diptych.source.model import Module
from diptych.source.source import Source
from diptych.source.types import Items, Tensor, Type

TORCH = "import torch\nfrom torch import nn\nx = torch.ones(2, 3, 4)\nlayer = nn.{}(4, 5)\nr = layer(x)\n"
GLUON = "from mxnet import nd\nfrom mxnet.gluon import rnn\nx = nd.ones((2, 3, 4))\nlayer = rnn.GRU(5)\nr = layer({})\n"


def found(code: str) -> Type | None:
    source = Source.of(Module(code))
    last = source.tree.body[-1]
    assert isinstance(last, ast.Assign)
    return source.type_of(last.value, source.scope)


@pytest.mark.parametrize("name", ["GRU", "RNN", "LSTM", "LSTMCell"])
def test_what_a_layer_of_pytorch_gives_is_a_pair(name: str) -> None:
    pair = found(TORCH.format(name))
    assert isinstance(pair, Items)
    assert isinstance(pair.items[0], Tensor)


def test_a_layer_of_gluon_gives_states_where_it_was_given_some() -> None:
    assert isinstance(found(GLUON.format("x")), Tensor)
    assert isinstance(found(GLUON.format("x, layer.begin_state(3)")), Items)
