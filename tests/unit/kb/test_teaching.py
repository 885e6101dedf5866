"""Labels become lessons in which no single person says too much."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.kb.labels import Label, LabelSource, LabelState, doubtful
from bot.kb.teaching import PER_ARTICLE, PER_CONVERSATION, lessons, phrasings

AT = datetime(2026, 5, 1, tzinfo=UTC)


def label(number: int, text: str = "нет кода", conversation: str | None = None, **changes: object) -> Label:
    said = Label(
        number,
        "ru",
        text,
        "login",
        True,
        LabelSource.RATING,
        conversation or f"c{number}",
        2,
        AT,
        LabelState.ACTIVE,
        "",
        "",
    )
    return replace(said, **changes)  # type: ignore[arg-type]


def test_one_conversation_counts_a_few_times_only() -> None:
    chatty = [label(number, f"вопрос {number}", "c") for number in range(40)]
    assert len(lessons(chatty, 4)) == PER_CONVERSATION


def test_the_surest_labels_of_a_conversation_count() -> None:
    chatty = [label(number, f"вопрос {number}", "c") for number in range(10)]
    chosen = label(11, "выбор", "c", source=LabelSource.CONFIRMED)
    assert "выбор" in {lesson.text for lesson in lessons([chosen, *chatty], 4)}


def test_who_says_it_twice_is_one_person_still() -> None:
    (lesson,) = lessons([label(1, conversation="c"), label(2, "Нет кода!", "c")], 4)
    assert lesson.trust == 0.4
    assert not lesson.teaches_phrasing


def test_one_operator_is_enough_for_a_phrasing_and_so_are_three_thumbs() -> None:
    assert lessons([label(1, source=LabelSource.OPERATOR, by="anna")], 4)[0].teaches_phrasing
    assert not lessons([label(1)], 4)[0].teaches_phrasing
    assert lessons([label(number) for number in range(3)], 4)[0].teaches_phrasing


def test_a_reviewed_thumb_is_as_good_as_an_editor() -> None:
    assert lessons([label(1, reviewed_by="anna")], 4)[0].trust == 1.0


def test_a_popular_text_weighs_no_more_than_three() -> None:
    popular = [label(number) for number in range(100)]
    lonely = label(200, "другое", source=LabelSource.OPERATOR)
    many, one = lessons([*popular, lonely], 4)
    assert many.weight == pytest.approx(3 * one.weight)


def test_a_rating_stands_for_the_answers_that_nobody_rated() -> None:
    rated, told = lessons([label(1), label(2, "другое", source=LabelSource.OPERATOR)], 4, per_rating=4.0)
    assert rated.weight == pytest.approx(4 * told.weight)


def test_weights_count_no_more_questions_than_there_are() -> None:
    known = [label(number, f"вопрос {number}") for number in range(10)]
    known += [label(number, f"другое {number}", source=LabelSource.OPERATOR) for number in range(10, 20)]
    assert sum(lesson.weight for lesson in lessons(known, 4, per_rating=9.0)) < 20


def test_one_thumb_down_counts_little_and_two_count_in_full() -> None:
    alone, both, up = lessons(
        [
            label(1, "один", right=False),
            label(2, "оба", right=False),
            label(3, "оба", right=False),
            label(4, "верно"),
        ],
        4,
    )
    assert alone.weight == pytest.approx(0.1 * up.weight)
    assert both.weight == pytest.approx(2 * up.weight)


def test_asking_again_alone_is_no_lesson_however_many_do_it() -> None:
    repeats = [label(number, right=False, source=LabelSource.REPEAT) for number in range(30)]
    assert lessons(repeats, 4) == []
    assert lessons([label(1, right=False, source=LabelSource.REPEAT, reviewed_by="anna")], 4)[0].wrong == {"login"}


def test_asking_again_adds_a_quarter_of_a_thumb_to_a_thumb() -> None:
    known = [label(1), label(2, "другое"), label(3, "другое", source=LabelSource.REPEAT)]
    thumb, both = lessons(known, 4)
    assert both.weight == pytest.approx(1.25 * thumb.weight)


def test_asking_again_gives_way_to_a_thumb_up() -> None:
    up, again = label(1), label(2, right=False, source=LabelSource.REPEAT)
    assert doubtful([up, again]) == {2}


def test_a_thumb_down_says_only_that_the_article_is_wrong() -> None:
    (lesson,) = lessons([label(1, right=False)], 4)
    assert not lesson.right
    assert lesson.wrong == {"login"}
    assert not lesson.unanswerable


def test_nothing_answers_it_is_a_lesson_too() -> None:
    (lesson,) = lessons([label(1, article=None, source=LabelSource.OPERATOR)], 4)
    assert lesson.unanswerable
    assert not lesson.teaches_phrasing


def test_a_conversation_is_held_back_as_a_whole() -> None:
    said = [label(number, f"вопрос {number}", "c") for number in range(5)]
    assert len({lesson.fold for lesson in lessons(said, 4)}) == 1


def test_an_article_learns_the_most_useful_phrasings_only() -> None:
    known = [label(number, f"вопрос {number}", source=LabelSource.OPERATOR) for number in range(PER_ARTICLE + 20)]
    useful = {f"вопрос {number}": 0.2 for number in range(60, 70)}
    kept = {lesson.text for lesson in phrasings(lessons(known, 4), useful)}
    assert len(kept) == PER_ARTICLE
    assert not kept & set(useful)
