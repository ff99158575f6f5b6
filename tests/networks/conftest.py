"""Trainings that several tests hold against their references, made once."""

from __future__ import annotations

import pytest

from tests.networks.judged import Training, trained
from tests.networks.problems import problem


@pytest.fixture(scope="session")
def lenet(tmp_path_factory: pytest.TempPathFactory) -> Training:
    """LeNet by SGD with momentum and weight decay."""
    folder = tmp_path_factory.mktemp("lenet")
    return trained(problem(folder, "lenet", momentum=0.9, weight_decay=1e-3))


@pytest.fixture(scope="session")
def attention(tmp_path_factory: pytest.TempPathFactory) -> Training:
    """A network with batch normalisation, by Adam."""
    folder = tmp_path_factory.mktemp("attention")
    return trained(problem(folder, "attention_cnn", optimizer="adam", learning_rate=1e-3))


@pytest.fixture(scope="session")
def lstm(tmp_path_factory: pytest.TempPathFactory) -> Training:
    """An LSTM of texts, by AdamW with clipping."""
    params = {"optimizer": "adamw", "weight_decay": 0.01, "clip_norm": 0.1, "hidden_size": 8}
    return trained(problem(tmp_path_factory.mktemp("lstm"), "lstm", "texts", **params))


@pytest.fixture(scope="session")
def masked(tmp_path_factory: pytest.TempPathFactory) -> Training:
    """LeNet with dropout."""
    return trained(problem(tmp_path_factory.mktemp("masked"), "lenet", dropout=0.5))
