"""What customers get from the shipped articles, on questions nobody put into them.

`golden/*.tsv`: questions in new words with the article that answers; `*.offtopic.txt`: what is none of a provider's
business, and gibberish; `*.nearby.txt`: what a provider's customer may well ask and no article answers. The bounds lie
below what was measured: recall@1 .96 / .95, sure .79 / .86, wrong 0 / 0, off-topic answered .03 / 0 (ru / en).
"""

import statistics
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.kb.confidence import Judgement, judge, shipped
from bot.kb.encoder import SentenceEncoder
from bot.kb.index import LanguageIndex
from bot.kb.lexical import tidy
from bot.kb.loader import load
from bot.kb.model import Verdict
from bot.kb.promise import PHRASED, USUAL, with_limits

# Encoding every article takes most of a minute: more than the fast suite can give.
pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).parent / "golden"


@dataclass(frozen=True, slots=True)
class Room:
    """One language of the shipped knowledge base, ready to be asked."""

    lang: str
    index: LanguageIndex
    encoder: SentenceEncoder

    def ask(self, text: str) -> Judgement:
        calibration = with_limits(replace(shipped(False)[self.lang], untold=PHRASED), USUAL)
        return judge(self.index.find(text, self.encoder).features, calibration, length=len(tidy(text).split()))

    def ids(self, judged: Judgement) -> list[str]:
        return [self.index.articles[place].id for place in judged.order]

    def golden(self) -> list[tuple[str, str]]:
        lines = (GOLDEN / f"{self.lang}.tsv").read_text(encoding="utf-8").splitlines()
        return [(question, article) for question, article in (line.split("\t") for line in lines)]

    def lines(self, kind: str) -> list[str]:
        return (GOLDEN / f"{self.lang}.{kind}.txt").read_text(encoding="utf-8").splitlines()

    def share(self, kind: str, verdict: Verdict) -> float:
        return statistics.mean(self.ask(text).verdict is verdict for text in self.lines(kind))


@pytest.fixture(scope="module", params=["ru", "en"])
def room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Room:
    encoder = SentenceEncoder(cache=tmp_path_factory.getbasetemp() / "vectors")
    articles = [article for article in load(Path("data/kb")) if article.lang == request.param]
    return Room(request.param, LanguageIndex.build(articles, encoder), encoder)


def test_no_golden_question_is_in_the_articles(room: Room) -> None:
    written = {text.lower() for article in room.index.articles for text in (article.title, *article.phrasings)}
    questions = [question for question, _ in room.golden()]
    assert not written.intersection(question.lower() for question in questions)
    assert len(questions) >= 60
    assert len(room.lines("offtopic")) >= 20


def test_the_right_article_comes_first(room: Room) -> None:
    first = [room.ids(room.ask(question))[0] == article for question, article in room.golden()]
    assert statistics.mean(first) >= 0.95


def test_the_right_article_is_among_the_three_choices(room: Room) -> None:
    offered = [article in room.ids(room.ask(question))[:3] for question, article in room.golden()]
    assert statistics.mean(offered) >= 0.98


def test_most_questions_are_answered_without_asking_back(room: Room) -> None:
    verdicts = [room.ask(question).verdict for question, _ in room.golden()]
    assert statistics.mean(verdict is Verdict.SURE for verdict in verdicts) >= 0.7
    assert statistics.mean(verdict is Verdict.NONE for verdict in verdicts) <= 0.03


def test_given_answers_are_right(room: Room) -> None:
    judged = [(room.ask(question), article) for question, article in room.golden()]
    given = [room.ids(one)[0] == article for one, article in judged if one.verdict is Verdict.SURE]
    assert statistics.mean(given) >= 0.95


def test_a_phrasing_typed_word_for_word_is_sure(room: Room) -> None:
    said = [(text, article.id) for article in room.index.articles for text in article.phrasings]
    judged = [(room.ask(text), article) for text, article in said[::5]]
    assert statistics.mean(one.verdict is Verdict.SURE and room.ids(one)[0] == id for one, id in judged) >= 0.95


def test_off_topic_and_gibberish_are_not_answered(room: Room) -> None:
    assert room.share("offtopic", Verdict.SURE) <= 0.05
    assert room.share("offtopic", Verdict.NONE) >= 0.8


def test_what_no_article_answers_is_rarely_answered(room: Room) -> None:
    assert room.share("nearby", Verdict.SURE) <= 0.15


def test_a_question_takes_no_time_a_customer_would_notice(room: Room) -> None:
    """Processor time, so that a busy machine does not fail it: 10-20 ms were measured, 30 are allowed."""
    spent = []
    for question, _ in room.golden():
        started = time.thread_time()
        room.index.find(f"{question} ", room.encoder)
        spent.append(time.thread_time() - started)
    assert statistics.median(spent) < 0.03
