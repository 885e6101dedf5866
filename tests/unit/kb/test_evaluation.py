"""The evaluation counts what it says it counts."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from bot.kb.evaluation import Files, Report, evaluate
from bot.kb.loader import BadFiles
from tests.unit.kb.wordy import WordyEncoder

WORDS = "оплата роутер договор скорость авария тариф возврат жалоба пароль переезд канал счёт мастер адрес"
SUBJECTS = WORDS.split()
FOREIGN = ["борщ с чесноком", "футбольный матч вчера", "погода в субботу", "анекдот про кота"]


def row(query: str, *relevant: str, lang: str = "ru") -> dict[str, Any]:
    return {"lang": lang, "query": query, "relevant_ids": list(relevant)}


def write(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def files(tmp_path: Path) -> Files:
    kb = [
        {"id": f"a{number}", "lang": "ru", "category": "", "question": f"{word}: как?", "answer_md": f"Про {word}."}
        for number, word in enumerate(SUBJECTS)
    ]
    dev = [row(f"расскажите {word} {n}", f"a{at}") for n in range(4) for at, word in enumerate(SUBJECTS)]
    test = [row(f"интересует {word}", f"a{number}") for number, word in enumerate(SUBJECTS)]
    return Files(
        write(tmp_path / "kb.jsonl", kb),
        write(tmp_path / "dev.jsonl", dev + [row(f"{text} {n}") for n in range(4) for text in FOREIGN]),
        write(tmp_path / "test.jsonl", test + [row(text) for text in FOREIGN]),
    )


def report(files: Files, **options: Any) -> Report:
    return evaluate(files, WordyEncoder(dimension=512, russian=3), **options)["ru"]


def test_easy_questions_are_found_and_answered_and_foreign_ones_are_not(files: Files) -> None:
    found = report(files)
    assert (found.n, found.answerable, found.calibrated_on) == (18, 14, 72)
    assert found.recall_at_1 == found.recall_at_3 == found.mrr_at_10 == 1.0
    assert found.coverage == 1.0
    assert found.wrong_rate == found.oos_false_answer_rate == 0.0
    assert found.answered == 14
    assert 0 < found.threshold < 1


def test_wrong_answers_and_missing_articles_are_counted(files: Files, tmp_path: Path) -> None:
    asked = [row("оплата", "a1"), row("оплата", "gone"), row("оплата"), row("роутер", "a1")]
    found = report(Files(files.articles, files.dev, write(tmp_path / "t.jsonl", asked)))
    assert (found.n, found.answerable, found.unknown_ids) == (4, 2, 1)
    assert found.recall_at_1 == 0.5
    assert found.coverage == 0.5
    assert found.wrong_rate == 0.75
    assert found.oos_false_answer_rate == 1.0
    assert found.wrong_rate_95[0] < 0.75 < found.wrong_rate_95[1]


def test_languages_are_measured_apart_and_one_can_be_asked_for(files: Files, tmp_path: Path) -> None:
    english = write(tmp_path / "t.jsonl", [row("оплата", "a0"), row("pay", lang="en")])
    both = Files(files.articles, files.dev, english)
    assert set(evaluate(both, WordyEncoder(russian=3))) == {"ru", "en"}
    assert set(evaluate(both, WordyEncoder(russian=3), lang="ru")) == {"ru"}


def test_a_language_without_articles_answers_nothing(files: Files, tmp_path: Path) -> None:
    only = Files(files.articles, files.dev, write(tmp_path / "t.jsonl", [row("pay my bill", lang="en")]))
    found = evaluate(only, WordyEncoder(russian=3))["en"]
    assert (found.n, found.answerable, found.answered, found.calibrated_on) == (1, 0, 0, 0)


class Bilingual(WordyEncoder):
    """Has a network for each language, as the embedded encoder, and none for any other."""

    def encode(self, texts: Sequence[str], lang: str = "") -> npt.NDArray[np.float32]:
        assert lang in ("ru", "en")
        return super().encode(texts, lang)


def test_questions_in_a_language_without_articles_have_no_answer_beside_those_that_have(
    files: Files, tmp_path: Path
) -> None:
    mixed = write(tmp_path / "t.jsonl", [row("интересует оплата", "a0"), row("pay my bill", "a0", lang="en")])
    found = evaluate(Files(files.articles, mixed, mixed), Bilingual(russian=3), compare=True)
    assert {lang: (one.n, one.answerable, one.answered) for lang, one in found.items()} == {
        "ru": (1, 1, found["ru"].answered),
        "en": (1, 0, 0),
    }


def test_a_bad_row_is_named_by_file_and_line(files: Files, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"lang": "ru", "query": "x", "relevant_ids": []}\n\n{"lang": "ru"}\n')
    with pytest.raises(BadFiles, match=r"bad\.jsonl, line 3: query: Field required"):
        evaluate(Files(files.articles, bad, files.test), WordyEncoder(russian=3))
