"""What customers are promised about their contact: the product sends no e-mail, so the answer comes into the chat."""

import pytest

from bot.conversation import texts

HERE = {"ru": "в этот чат", "en": "in this chat"}


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_answer_is_promised_here_and_a_contact_only_for_need(lang: str) -> None:
    for text in (texts.CONTACT_REQUEST[lang], texts.CONTACT_TAKEN[lang]):
        assert HERE[lang] in text
        assert {"ru": "написать или позвонить", "en": "can write or call"}[lang] in text, (
            "a colleague may, the product does not"
        )
    assert "напишем" not in texts.CONTACT_REQUEST["ru"]
    assert "we will write" not in texts.CONTACT_REQUEST["en"].lower()


def test_a_taken_contact_is_repeated_with_the_number_of_the_request() -> None:
    for text in texts.CONTACT_TAKEN.values():
        said = text.format(contact="ivan@example.com", number=42)
        assert "ivan@example.com" in said
        assert "42" in said
