"""Intents told apart by letters and meaning: numbers in, probabilities out."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # ships no types

from actions.engine.understanding import Examples, Understanding, learn

INTENTS = [f"intent_{n}" for n in range(12)]
EACH, DIMENSION = 12, 24


class World:
    """Messages of twelve intents: three n-grams of its own and a direction of its own in each language."""

    def __init__(self, spread: float = 0.5) -> None:
        self._random = np.random.RandomState(7)
        self._spread = spread
        self._centres = self._random.normal(size=(2, len(INTENTS) + 1, DIMENSION))

    def message(self, intent: int, russian: bool, letters: bool = True) -> Examples:
        """One message; an `intent` beyond the last is a stranger's."""
        grams = np.zeros((1, 3 * len(INTENTS) + 1))
        grams[0, -1] = 2
        if letters and intent < len(INTENTS):
            grams[0, 3 * intent + self._random.randint(3)] = 1
        noise = self._random.normal(size=DIMENSION) * self._spread
        vector = self._centres[int(russian), intent] + noise
        return Examples(csr_matrix(grams), _unit(vector)[None, :], np.array([russian]))

    def examples(self, languages: tuple[bool, ...] = (False, True)) -> tuple[Examples, list[str]]:
        rows = [
            (self.message(intent, russian), name)
            for intent, name in enumerate(INTENTS)
            for russian in languages
            for _ in range(EACH)
        ]
        return _together([one for one, _ in rows]), [name for _, name in rows]


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def _together(rows: list[Examples]) -> Examples:
    return Examples(
        csr_matrix(np.vstack([one.counts.toarray() for one in rows])),
        np.vstack([one.vectors for one in rows]),
        np.hstack([one.russian for one in rows]),
    )


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def learnt(world: World) -> Understanding:
    examples, labels = world.examples()
    return learn(examples, labels, (), 30.0)


@pytest.mark.parametrize("russian", [False, True])
def test_an_intent_is_known_in_both_languages_by_its_meaning_alone(
    world: World, learnt: Understanding, russian: bool
) -> None:
    first = [learnt.rank(world.message(n, russian, letters=False).first)[0][0] for n in range(len(INTENTS))]
    assert first == INTENTS


def test_a_ranking_is_a_set_of_probabilities_best_first(world: World, learnt: Understanding) -> None:
    for intent in range(len(INTENTS)):
        shares = [share for _, share in learnt.rank(world.message(intent, False).first)]
        assert shares == sorted(shares, reverse=True)
        assert 0 < sum(shares) <= 1 + 1e-9
        assert len(shares) == len(INTENTS)


def test_a_stranger_is_believed_less_than_any_acquaintance(world: World, learnt: Understanding) -> None:
    strangers = [learnt.rank(world.message(len(INTENTS), False).first)[0][1] for _ in range(20)]
    known = [learnt.rank(world.message(n, False).first)[0][1] for n in range(len(INTENTS))]
    assert max(strangers) < min(known)


def test_confidence_is_the_share_of_right_answers_when_half_of_the_questions_are_hard() -> None:
    world = World(spread=2.2)
    examples, labels = world.examples((False,))
    learnt = learn(examples, labels, (), 30.0)
    asked = [
        (n, learnt.rank(world.message(n, False, letters=k % 2 == 0).first)[0]) for n in range(12) for k in range(40)
    ]
    right = np.mean([INTENTS[n] == name for n, (name, _) in asked])
    believed = np.mean([share for _, (_, share) in asked])
    assert 0.3 < right < 0.95
    assert abs(right - believed) < 0.15


def test_a_language_without_an_encoder_is_learnt_by_letters(world: World) -> None:
    examples, labels = world.examples((True,))
    letters = Examples(examples.counts, examples.vectors[:, :0], examples.russian)
    learnt = learn(letters, labels, (), 30.0)
    asked = world.message(3, True)
    assert learnt.rank(Examples(asked.counts, asked.vectors[:, :0], asked.russian).first)[0][0] == INTENTS[3]


def test_two_intents_are_enough(world: World) -> None:
    examples, labels = world.examples((False,))
    few = Examples(examples.counts[: 2 * EACH], examples.vectors[: 2 * EACH], examples.russian[: 2 * EACH])
    learnt = learn(few, labels[: 2 * EACH], (), 30.0)
    assert learnt.rank(world.message(1, False).first)[0][0] == INTENTS[1]
