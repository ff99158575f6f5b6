"""Rated sentences, as texts to tell and as a language to continue."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest

from rmlbench_utils.datasets import (
    Unavailable,
    language,
    network_data,
    sentences,
    sentiment,
)
from rmlbench_utils.datasets.examples import write
from rmlbench_utils.datasets.vocabulary import numbered, words
from tests.datasets.network_files import FROM_REGISTRY, had, tar


class TestSentences:
    def test_first_and_last_are_those_of_the_file(self):
        had("sentiment")
        rated = sentences.sentences(sentiment.CARD)
        assert len(rated) == 10605
        assert rated[2] == (-0.6, "Effective but too tepid biopic")
        assert rated[-1][0] == -1.8125
        assert -4 <= min(rated)[0] <= max(rated)[0] <= 4

    def test_classes_are_signs_of_ratings(self):
        held = had("sentiment")
        assert np.bincount(held.y).tolist() == [5326, 5242]
        assert held.y[:5].tolist() == [1, 1, 0, 1, 1]
        assert (held.vocabulary, held.outputs) == (5002, 2)
        third = held.x[2]
        assert third[:27].tolist() == [0] * 27
        assert (third[27:] > 0).all()
        assert (held.x[:, -1] > 0).all()
        first = held.x[0][held.x[0] > 0]
        assert first[[0, 6]].tolist() == [2, 2]  # "the rock is destined to be the", most frequent

    def test_characters_are_the_text(self):
        held = had("sentences_characters")
        whole = language.text(language.CARDS["sentences_characters"])
        assert whole.startswith("The Rock is destined to be the 21st Century's new ''Conan'' and")
        assert held.vocabulary == held.outputs == 75
        assert held.x.shape == held.y.shape == (len(whole) // 65, 64)
        np.testing.assert_array_equal(held.x[:, 1:], held.y[:, :-1])
        assert held.x[0, [3, 8, 11]].tolist() == [1, 1, 1]  # spaces, the most frequent
        assert held.x[0, [2, 13]].tolist() == [2, 2]  # "e"
        assert 0 < (held.x == 0).mean() < 0.001

    def test_words_are_the_text(self):
        held = had("sentences_words")
        assert held.vocabulary == held.outputs == 5001
        assert held.x.shape == held.y.shape == (10031, 20)
        np.testing.assert_array_equal(held.x[:, 1:], held.y[:, :-1])
        assert held.x[0, 0] == 2  # "the", after the end of a sentence
        assert 0.05 < (held.x == 0).mean() < 0.15

    def test_words_are_lowercase_with_apostrophes(self):
        found = words("It's the ''Tolkien\N{RIGHT SINGLE QUOTATION MARK}s'' caf\xe9, 21st.\nA_b")
        assert found == ["it's", "the", "tolkien's", "caf\xe9", "21st", "\n", "a", "b"]
        assert numbered(["b", "a", "c", "c"], 2, 2) == {"c": 2, "a": 3}

    def test_text_is_split_in_order(self, tmp_path):
        held = had("sentences_words")
        ready = write("sentences_words", held, 0, 1, 5, tmp_path)
        assert (ready.train_rows, ready.every_step, ready.vocabulary) == (8025, True, 5001)
        assert ready.notes == [language.NOTE]

    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            (
                subprocess.CalledProcessError(1, "pip", stderr="x\nERROR: No matching one\n"),
                r"cannot have it \(No matching one\)",
            ),
            (subprocess.TimeoutExpired("pip", 1), r"cannot have it \(no answer in 60 s\)"),
        ],
    )
    @pytest.mark.parametrize("name", FROM_REGISTRY)
    def test_without_a_registry_it_says_why(self, monkeypatch, tmp_path, name, fault, said):
        def run(*_, **__):
            raise fault

        monkeypatch.setattr(sentences, "project_root", lambda: tmp_path)
        monkeypatch.setattr(subprocess, "run", run)
        with pytest.raises(Unavailable, match=f"{name}: .*{said}"):
            network_data.load(name)

    @pytest.mark.parametrize("name", FROM_REGISTRY)
    def test_another_text_is_refused(self, monkeypatch, tmp_path, name):
        content = b"1\t2.5\tGood film.\r\n2\t0\tFilm."
        for member in ("_FILE", "_INNER"):
            content = tar({getattr(sentences, member): content})
        path = tmp_path / ".cache" / "downloads" / sentences.ARCHIVE
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        monkeypatch.setattr(sentences, "project_root", lambda: tmp_path)
        with pytest.raises(Unavailable, match=f"{name}: the digest is .*, not c8293b0d942e"):
            network_data.load(name)
