"""Recurrent networks in torch: one module whose kind, direction, depth and head differ.

``book/protocol.md`` lists names and shapes; every framework has the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Architecture:
    """``kind`` is torch's class; ``attention`` sums all steps, weighted, instead of the last."""

    kind: type[nn.RNNBase]
    layers: int = 1
    bidirectional: bool = False
    attention: bool = False


NETWORKS = {
    "rnn": Architecture(nn.RNN),
    "lstm": Architecture(nn.LSTM),
    "gru": Architecture(nn.GRU),
    "bidirectional_lstm": Architecture(nn.LSTM, bidirectional=True),
    "stacked_lstm": Architecture(nn.LSTM, layers=2),
    "attention_lstm": Architecture(nn.LSTM, attention=True),
}


class Attention(nn.Module):
    """Additive attention over the steps (Bahdanau et al., ICLR 2015) without a query:
    softmax of ``score(tanh(projection(h)))`` weights the ``h``."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.projection = nn.Linear(width, width)
        self.score = nn.Linear(width, 1, bias=False)

    def forward(self, steps: Tensor) -> Tensor:
        weights = self.score(torch.tanh(self.projection(steps))).softmax(1)
        return (weights * steps).sum(1)


class Recurrent(nn.Module):
    """Embedding of tokens, recurrent layers, dropout, and a linear layer.

    Parameters
    ----------
    width
        Numbers a step ``[n, t, width]``; None where steps are tokens ``[n, t]``.
    vocabulary
        How many tokens there are.
    every_step
        Whether each step is answered, or the whole sequence once.
    """

    def __init__(
        self,
        architecture: Architecture,
        width: int | None,
        vocabulary: int,
        outputs: int,
        sizes: tuple[int, int],
        dropout: float,
        every_step: bool,
    ) -> None:
        super().__init__()
        hidden, embedding = sizes
        self.embedding = nn.Embedding(vocabulary, embedding) if width is None else None
        self.rnn = architecture.kind(
            embedding if width is None else width,
            hidden,
            architecture.layers,
            batch_first=True,
            dropout=dropout if architecture.layers > 1 else 0.0,
            bidirectional=architecture.bidirectional,
        )
        both = 2 * hidden if architecture.bidirectional else hidden
        self.attention = Attention(both) if architecture.attention else None
        self.fc = nn.Linear(both, outputs)
        self.dropout, self.every_step = dropout, every_step

    def forward(self, x: Tensor) -> Tensor:
        if self.embedding is not None:
            x = self.embedding(x)
        steps, state = self.rnn(x)
        if self.every_step:
            last = steps
        elif self.attention is not None:
            last = self.attention(steps)
        else:
            state = state[0] if isinstance(state, tuple) else state
            last = torch.cat((state[-2], state[-1]), 1) if self.rnn.bidirectional else state[-1]
        return self.fc(functional.dropout(last, self.dropout, self.training))
