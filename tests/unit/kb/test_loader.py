"""Files become articles, all or none, and every bad one is named."""

import json
from pathlib import Path

import pytest

from bot.kb.chunker import content_hash
from bot.kb.loader import SHORT_ANSWER, BadFiles, Question, dump, load, load_questions, shortened
from bot.kb.model import Article
from tests.unit.kb.samples import ALL, WIFI

HEAD = "---\nid: a\ntitle: T\nshort_answer: S\n---\n"
ROW = {"id": "a", "lang": "ru", "category": "Разное", "question": "Как?", "answer_md": "Так."}


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problems(path: Path) -> str:
    with pytest.raises(BadFiles) as refused:
        load(path)
    return "\n".join(refused.value.problems)


@pytest.mark.parametrize("article", ALL, ids=lambda article: f"{article.id}.{article.lang}")
def test_what_is_written_is_read_back(article: Article, tmp_path: Path) -> None:
    write(tmp_path, f"{article.category}/{article.id}.{article.lang}.md", dump(article))
    assert load(tmp_path) == [article]


def test_difficult_words_survive_the_round_trip(tmp_path: Path) -> None:
    article = Article(
        "a", "en", 'He said: "- no"', "yes: #1 | 'x'", "---\nnot a head\n---", phrasings=("404", "null", "да")
    )
    write(tmp_path, "a.en.md", dump(article))
    assert load(tmp_path) == [article]


def test_the_shipped_articles_are_whole() -> None:
    articles = load(Path("data/kb"))
    by_lang = {lang: {article.id for article in articles if article.lang == lang} for lang in ("ru", "en")}
    assert by_lang["ru"] == by_lang["en"]
    assert len(by_lang["ru"]) >= 40
    assert not [article.id for article in articles if not set(article.related) <= by_lang["ru"]]


def test_a_folder_of_mixed_files_is_read_whole(tmp_path: Path) -> None:
    write(tmp_path, "deep/a.en.md", HEAD)
    write(tmp_path, "rows.jsonl", json.dumps(ROW) + "\n\n")
    write(tmp_path, "README.md", "# about")
    assert {(article.id, article.lang) for article in load(tmp_path)} == {("a", "en"), ("a", "ru")}


def test_a_row_becomes_an_article(tmp_path: Path) -> None:
    long = {**ROW, "answer_md": "Первое предложение. " * 30, "category": "a/b", "phrasings": ["ну как"]}
    article = load(write(tmp_path, "rows.jsonl", json.dumps(long)))[0]
    assert article.title == "Как?"
    assert article.short_answer.startswith("Первое предложение.")
    assert len(article.short_answer) <= SHORT_ANSWER
    assert article.body == ("Первое предложение. " * 30).strip()
    assert (article.category, article.phrasings) == ("a-b", ("ну как",))


def test_a_line_separator_inside_a_row_is_part_of_it(tmp_path: Path) -> None:
    row = json.dumps({**ROW, "answer_md": "a\u2028b"}, ensure_ascii=False)
    assert load(write(tmp_path, "rows.jsonl", row))[0].short_answer == "a\u2028b"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.en.md", "no head", "must begin with a YAML head"),
        ("a.en.md", "---\nid: [a\n---\n", "its YAML head cannot be read"),
        ("a.en.md", b"\xff\xfe", "is not UTF-8"),
        ("a.en.md", HEAD.replace("title: T", "title: ''"), "title: String should have at least 1 character"),
        ("a.en.md", HEAD.replace("title: T\n", ""), "title: Field required"),
        ("a.en.md", HEAD.replace("id: a", "id: a\ncolour: red"), "colour: Extra inputs are not permitted"),
        ("a.en.md", HEAD.replace("id: a", "id: a\ncategory: ../x"), "category: must be a plain folder name"),
        ("a.en.md", HEAD.replace("id: a", "id: a/b"), "id: String should match pattern"),
        ("b.en.md", HEAD, "must be called a.ru.md or a.en.md"),
        ("a.de.md", HEAD, "must be called a.ru.md or a.en.md"),
        ("a.en.md", HEAD + "x" * 1_000_001, "is larger than"),
        ("r.jsonl", json.dumps(ROW) + "\n{bad", "line 2: is not JSON"),
        ("r.jsonl", json.dumps({**ROW, "lang": "fr"}), "line 1: lang: Input should be 'ru' or 'en'"),
        ("r.jsonl", "[1]", "line 1: content"),
        ("r.jsonl", "[" * 100_000, "line 1: is nested too deeply"),
        ("a.en.md", "---\nid: " + "[" * 10_000 + "\n---\n", "is nested too deeply"),
        ("r.jsonl", (json.dumps(ROW) + "\n") * 2, "line 2: 'a' in 'ru' is already in"),
    ],
)
def test_a_bad_file_is_named_with_the_reason(name: str, content: str | bytes, reason: str, tmp_path: Path) -> None:
    write(tmp_path, "good.jsonl", json.dumps({**ROW, "id": "good"}))
    write(tmp_path, name, content)
    assert name in problems(tmp_path)
    assert reason in problems(tmp_path)


def test_every_bad_file_is_named_at_once(tmp_path: Path) -> None:
    for name in ("a.en.md", "b.ru.md", "c.jsonl"):
        write(tmp_path, name, "bad")
    assert problems(tmp_path).count("\n") == 2


def test_a_missing_path_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    assert "No such file or directory" in problems(tmp_path / "nowhere")
    assert "nothing to read here" in problems(tmp_path)


def test_questions_have_their_right_articles(tmp_path: Path) -> None:
    rows = [
        {"lang": "ru", "query": "как?", "relevant_ids": ["a", "b"], "kind": "x"},
        {"lang": "en", "query": "hi", "relevant_ids": []},
    ]
    path = write(tmp_path, "q.jsonl", "\n".join(map(json.dumps, rows)))
    assert load_questions(path) == [Question("ru", "как?", frozenset("ab")), Question("en", "hi", frozenset())]


def test_a_bad_question_is_named_by_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path, "q.jsonl", '{"lang": "ru", "query": "a", "relevant_ids": []}\n{"lang": "ru", "query": "a"}')
    with pytest.raises(BadFiles, match=r"q\.jsonl, line 2: relevant_ids: Field required"):
        load_questions(path)


def test_a_short_answer_is_left_as_it_is() -> None:
    assert shortened("**Да**, [можно](https://x.example).") == "**Да**, [можно](https://x.example)."


def test_a_long_answer_is_cut_after_a_sentence_and_an_endless_one_after_a_word() -> None:
    assert shortened("**Один.** " + "Два слова. " * 50).endswith("слова.")
    assert shortened("слово " * 200).endswith("слово…")
    assert len(shortened("слово " * 200)) <= SHORT_ANSWER


def test_the_content_hash_of_a_file_is_stable(tmp_path: Path) -> None:
    path = write(tmp_path, "wifi-password.ru.md", dump(WIFI))
    assert content_hash(load(path)[0]) == content_hash(WIFI)
