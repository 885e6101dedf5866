"""What untidy typing costs: `python -m benchmarks.robustness FOLDER`, a table for the questions of the public sets.

Every answerable question is asked as it was written and once in each disturbed way; the same letters are disturbed each
time. The weights of the rankers are learned on tidy questions of the other half. `lost`: recall@1 as written less
recall@1 disturbed, with a 95 % interval from 2,000 resamplings of the questions. `one word` keeps the longest word of a
question, which most often asks too little: it is shown, not promised.
"""

import argparse
import hashlib
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.kb.alphabet import LATIN_OF, other_layout
from bot.kb.confidence import Calibration, judge, shipped
from bot.kb.encoder import Encoder, SentenceEncoder
from bot.kb.evaluation import samples_of
from bot.kb.fitting import fit
from bot.kb.index import LanguageIndex
from bot.kb.lexical import tidy
from bot.kb.loader import Question, load, load_questions

SETS = (("faq_yandex", "ru"), ("faq_rutube", "ru"), ("faq_yandex", "en"), ("faq_stack", "en"))
EVERY = 20
"""Letters for one typo; every question gets at least one."""

_NEXT_KEY = {
    pair[0]: pair[1]
    for row in ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")
    for pair in zip(row, row[1:] + row[-2], strict=True)
}
_GREETINGS = {
    "ru": "Здравствуйте! Пишу вам уже второй раз, потому что в прошлый раз никто не ответил. Вчера вечером пришел "
    "домой после работы, сел ужинать с семьей и хотел немного отдохнуть. День был длинный, погода плохая, дети шумели. "
    "Сестра приехала из другого города и рассказывала про свой отпуск на море. Я человек терпеливый и обычно никого не "
    "беспокою по пустякам. Надеюсь, вы меня поймете и поможете разобраться спокойно. ",
    "en": "Hello there! I am writing to you for the second time because nobody replied last week. I came home late "
    "yesterday, had dinner with my family and wanted to rest a little. It was a long day, the weather was awful, the "
    "children were loud. My sister came over from another town and talked about her holiday by the sea. I am a patient "
    "person and usually bother nobody with small things. I hope you will understand me and help to sort it out. ",
}
_THANKS = {
    "ru": " Заранее большое спасибо за ответ и хорошего вам дня!",
    "en": " Many thanks in advance, have a nice day!",
}
_FOREIGN = {"ru": "please help me, ", "en": "подскажите пожалуйста, "}


def typo(text: str, lang: str, dice: random.Random) -> str:
    """One slip for every `EVERY` letters: swapped, lost, doubled or neighbouring key."""
    letters = list(text)
    places = [at for at, letter in enumerate(letters) if letter.isalpha()]
    for at in sorted(dice.sample(places, max(1, len(places) // EVERY)), reverse=True) if places else ():
        slip = dice.randrange(4)
        if slip == 0 and at + 1 < len(letters) and letters[at + 1].isalpha():
            letters[at : at + 2] = letters[at + 1], letters[at]
        elif slip == 1:
            del letters[at]
        elif slip == 2:
            letters.insert(at, letters[at])
        else:
            letters[at] = _NEXT_KEY.get(letters[at].lower(), letters[at])
    return "".join(letters)


def translit(text: str, lang: str, dice: random.Random) -> str:
    """Russian in Latin letters, each question in one of three habits."""
    habits: tuple[dict[str, str], ...] = (
        {},
        {"ж": "j", "ш": "w", "ч": "4", "й": "j", "х": "x", "ц": "c"},
        {"я": "ja", "ю": "ju", "ы": "i", "ь": "'", "щ": "sh"},
    )
    spelled = LATIN_OF | dice.choice(habits)
    return "".join(spelled.get(letter, letter) for letter in text.lower())


def layout(text: str, lang: str, dice: random.Random) -> str:
    """The same keys on the other keyboard; words that were in the other script stay."""
    own = re.compile("[а-яё]" if lang == "ru" else "[a-z]", re.IGNORECASE)
    return " ".join(other_layout(word) if own.search(word) else word for word in text.split())


def bare(text: str, lang: str, dice: random.Random) -> str:
    return " ".join(re.findall(r"[\w+#]+", text.lower()))


def capitals(text: str, lang: str, dice: random.Random) -> str:
    return text.upper()


def mixed(text: str, lang: str, dice: random.Random) -> str:
    """A few words of the other language before, and a third of the words on the wrong keyboard."""
    words = [layout(word, lang, dice) if dice.random() < 1 / 3 else word for word in text.split()]
    return _FOREIGN[lang] + " ".join(words)


def preamble(text: str, lang: str, dice: random.Random) -> str:
    """About a hundred words around the question."""
    return _GREETINGS[lang] + text + _THANKS[lang]


def long_preamble(text: str, lang: str, dice: random.Random) -> str:
    """About five hundred words around the question, which stands in their midst."""
    return _GREETINGS[lang] * 5 + text + " " + _GREETINGS[lang] * 2 + _THANKS[lang]


def one_word(text: str, lang: str, dice: random.Random) -> str:
    return max(tidy(text).split(), key=len, default=text)


WAYS: dict[str, Callable[[str, str, random.Random], str]] = {
    "typo": typo,
    "layout": layout,
    "translit": translit,
    "no punctuation": bare,
    "capitals": capitals,
    "mixed": mixed,
    "100 words": preamble,
    "500 words": long_preamble,
    "one word": one_word,
}


def disturbed(text: str, lang: str, way: str) -> str:
    """A question in one of `WAYS`, the same each time."""
    return WAYS[way](text, lang, random.Random(text))


@dataclass(frozen=True, slots=True)
class Bench:
    """One set: its index, its answerable questions, and what each half learned from the other."""

    index: LanguageIndex
    questions: list[Question]
    learned: tuple[Calibration, ...]

    def hits(self, texts: Sequence[str], encoder: Encoder) -> npt.NDArray[np.float64]:
        """1 for every question whose best article answers it."""
        found = self.index.find_all(texts, encoder)
        right = []
        for one, question in zip(found, self.questions, strict=True):
            best = judge(one.features, self.learned[_half(question)]).order[0]
            right.append(self.index.articles[best].id in question.relevant)
        return np.array(right, np.float64)


def bench(folder: Path, lang: str, encoder: Encoder) -> Bench:
    index = LanguageIndex.build([each for each in load(folder / "kb.jsonl") if each.lang == lang], encoder)
    known = {article.id for article in index.articles}
    asked = [each for each in load_questions(folder / "queries.jsonl") if each.lang == lang and each.relevant & known]
    samples = samples_of(index, asked, encoder)
    prior = shipped(encoder.foreign)[lang]
    halves = [[sample for sample, each in zip(samples, asked, strict=True) if _half(each) != half] for half in (0, 1)]
    return Bench(index, asked, tuple(fit(half, prior) for half in halves))


def _half(question: Question) -> int:
    return hashlib.sha256(question.text.encode()).digest()[0] % 2


def _interval(lost: npt.NDArray[np.float64]) -> tuple[float, float]:
    dice = np.random.default_rng(0)
    means = lost[dice.integers(0, len(lost), (2_000, len(lost)))].mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("var/cache"))
    parser.add_argument("--ways", nargs="*", choices=WAYS, default=list(WAYS))
    arguments = parser.parse_args()
    encoder = SentenceEncoder(cache=arguments.cache)
    print("| set | way | n | as written | disturbed | lost | 95 % |\n|---|---|---|---|---|---|---|")
    for name, lang in SETS:
        one = bench(arguments.folder / name, lang, encoder)
        texts = [question.text for question in one.questions]
        tidy_hits = one.hits(texts, encoder)
        for way in arguments.ways:
            if (way, lang) == ("translit", "en"):
                continue
            lost = tidy_hits - one.hits([disturbed(text, lang, way) for text in texts], encoder)
            low, high = _interval(lost)
            print(
                f"| {name} {lang} | {way} | {len(texts)} | {tidy_hits.mean():.3f} | {(tidy_hits - lost).mean():.3f} "
                f"| {lost.mean():.3f} | {low:.3f} … {high:.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
