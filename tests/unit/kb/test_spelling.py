"""A question is read as it was meant, and never as something else when it was meant as it stands."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.kb.lexicon import lexicons
from bot.kb.spelling import Kind, Reader, reader


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("yt hf,jnftn", "не работает"),
        ("Ghbdtn? rfr jgkfnbnm cxtn?", "Привет? как оплатить счет?"),
        ("z pf,sk gfhjkm", "я забыл пароль"),
        ("nfhba", "тариф"),
        ("у меня yt hf,jnftn интернет", "у меня не работает интернет"),
        ("цшаш тще цщклштп", "wifi not working"),
        ("ьн зфыыцщкв вщуытэе цщкл", "my password doesn't work"),
    ],
)
def test_the_wrong_keyboard_is_seen_through(typed: str, meant: str) -> None:
    asked = reader().read(typed)
    assert (asked.reading, asked.kind) == (meant, Kind.LAYOUT)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ne rabotaet inet", "не работает инет"),
        ("kak podklyuchit' novyj tarif", "как подключить новый тариф"),
        ("kak podkluchit noviy tarif", "как подключить новый тариф"),
        ("xo4u pomenyat parol", "хочу поменять пароль"),
        ("hochu pomenjat' parol'", "хочу поменять пароль"),
        ("ploxo rabotaet", "плохо работает"),
        ("skolko stoit", "сколько стоит"),
        ("SKOLKO STOIT???", "сколько стоит???"),
    ],
)
def test_russian_in_latin_letters_is_read_in_every_habit(typed: str, meant: str) -> None:
    asked = reader().read(typed)
    assert (asked.reading, asked.kind, asked.script) == (meant, Kind.TRANSLIT, "ru")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("рабоатет ли интренет", "работает ли интернет"),
        ("passwrod reset", "password reset"),
        ("intrnet is dwon again", "internet is down again"),
    ],
)
def test_a_typo_is_mended(typed: str, meant: str) -> None:
    asked = reader().read(typed)
    assert (asked.reading, asked.kind) == (meant, Kind.CORRECTED)


@pytest.mark.parametrize(
    "text",
    [
        "не работает интернет",
        "my internet is down",
        "how do I use git rm -r --cached foo.py",
        "почему не открывается example.com/login",
        "пишите на anna@example.org",
        "Google Pay",
        "не работает wifi на Samsung Galaxy S21",
        "включи песни жанров r n b и соул",
        "счет № 12345-67 от 01.02.2026",
        "ok",
        "no",
        "да",
        "12345",
        "",
        "?!",
        "🙂",
        "ааааааа",
    ],
)
def test_what_stands_is_left_as_it_is(text: str) -> None:
    asked = reader().read(text)
    assert (asked.reading, asked.kind) == (text, Kind.TYPED)


def test_words_of_the_knowledge_base_are_known_and_mended_towards() -> None:
    own = Reader([lexicons({"кинетик": 3.0, "keenetic": 3.0})])
    assert own.read("кинетик перезагрузить").kind is Kind.TYPED
    assert own.read("кинеитк перезагрузить").reading == "кинетик перезагрузить"
    assert own.read("keenetci reset").reading == "keenetic reset"


def test_names_are_not_mended() -> None:
    assert reader().read("куда пишет McDnald завтра").kind is Kind.TYPED
    assert reader().read("тариф intrnet подключён").kind is Kind.TYPED


def test_the_words_of_a_question_are_counted() -> None:
    asked = reader().read("не работает, интернет!")
    assert (asked.words, asked.script) == (3, "ru")
    assert reader().read("12 ?").script is None


def test_five_hundred_words_are_read() -> None:
    text = "добрый день у меня не работает интернет и телевизор " * 60
    assert reader().read(text).kind is Kind.TYPED
    assert "layout" not in reader().read(text).reading


def test_many_threads_read_the_same() -> None:
    fresh = Reader()
    texts = ["yt hf,jnftn", "ne rabotaet inet", "рабоатет ли интренет", "my internet is down"] * 20
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(fresh.read, texts)) == [reader().read(text) for text in texts]
