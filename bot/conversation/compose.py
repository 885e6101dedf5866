"""From what the engine or the evidence wants to the messages a customer gets; pure."""

from dataclasses import asdict, replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bot.conversation import texts
from bot.conversation.incident import Incident
from bot.conversation.model import Act, Author, Button, Draft, Format, Kind, Source
from bot.dialogue.model import Choice, Reply, Utterance, Wish
from bot.kb.model import Evidence, Hit, Verdict
from handoff.model import Reason, Ticket

NONE_OF_THESE = "/none_of_these"
"""What the engine is told when none of the articles offered is meant."""
_INCIDENT = "incident:"
CHOICES = 3
"""Most likely questions offered when the bot asks back; more is a menu nobody reads."""


def answer_cid(turn_id: str, index: int | str) -> str:
    """The same turn always makes the same ids, so a repeated turn cannot be stored twice."""
    return uuid5(NAMESPACE_URL, f"turn:{turn_id}:{index}").hex


def bot_drafts(turn_id: str, in_reply_to: int, reply: Reply, evidence: Evidence, lang: str) -> list[Draft]:
    """One draft for every utterance that has words; the wish to hand over has none."""
    drafts: list[Draft] = []
    for index, said in enumerate(reply.utterances):
        if said.text:
            found = _found_for(said, evidence)
            known = knowledge(found, reply)
            drafts.append(_draft(answer_cid(turn_id, index), in_reply_to, said, found, lang, known))
    return drafts


def turn_evidence(evidence: Evidence, confirmed: bool) -> dict[str, Any]:
    """The evidence as the engine gets it; `confirmed`: the customer has chosen this very article."""
    hits = [asdict(hit) for hit in evidence.hits[:CHOICES]]
    for hit in hits:
        del hit["lang"]
    told: dict[str, Any] = {
        "verdict": evidence.verdict.value,
        "confidence": evidence.confidence,
        "confirmed": confirmed,
        "incident": any(map(is_incident, evidence.hits)),
        "hits": hits,
    }
    if evidence.reading:
        told["reading"] = evidence.reading
    if evidence.question and not evidence.partly:
        told["follows"] = True
    if evidence.partly:
        told["partly"] = True
    if evidence.again is not None:
        told["again"] = {"longer": evidence.again.longer, "miss": evidence.again.miss}
    if evidence.also:
        told["also"] = [turn_evidence(one, confirmed=False) for one in evidence.also]
    return told


def without_engine(evidence: Evidence) -> Reply:
    """What to do when the engine is down: the evidence answers if it is sure, else a person does."""
    found = [one for one in (evidence, *evidence.also) if one.verdict is Verdict.SURE and one.hits]
    if not found or any(one.again and one.again.miss for one in found):
        return Reply((Utterance("", Wish.HANDOFF, reason=Reason.DEGRADED.value),))
    texts_found = [one.again.longer if one.again else one.hits[0].short_answer for one in found]
    said = zip(texts_found, found, strict=True)
    return Reply(tuple(Utterance(text, Wish.ANSWER, article=one.hits[0].article) for text, one in said))


def job_failed() -> Reply:
    """What to do when the engine broke over something only this customer's records can answer: a person looks it up."""
    return Reply((Utterance("", Wish.HANDOFF, reason=Reason.JOB_FAILED.value),))


def handoff_reason(reply: Reply) -> Reason | None:
    """Why the reply wants a person; None when it does not. An unknown reason counts as not found."""
    for said in reply.utterances:
        if said.wish is Wish.HANDOFF:
            return Reason(said.reason) if said.reason in set(Reason) else Reason.NOT_FOUND
    return None


def handoff_draft(
    cid: str, lang: str, ticket: Ticket, promise: str, closed: bool, known: dict[str, Any] | None = None
) -> Draft:
    """Why a person takes over and when. While nobody works (`closed`) waiting here is no choice to offer."""
    text = texts.handoff_text(lang, ticket, promise, closed)
    wait = Button("wait", texts.WAIT[lang], Act.WAIT)
    write, back = Button("write", texts.WRITE[lang], Act.WRITE), Button("bot", texts.BACK_TO_BOT[lang], Act.BOT)
    buttons = (write, back) if closed else (wait, write, back)
    return Draft(cid, Author.SYSTEM, text, kind=Kind.HANDOFF, buttons=buttons, evidence=known)


def unseen_draft(cid: str, lang: str) -> Draft:
    """Says that the bot cannot look at files and offers a person."""
    person = Button("person", texts.PERSON[lang], Act.PERSON)
    return Draft(cid, Author.BOT, texts.UNSEEN[lang], buttons=(person,))


def rating_draft(cid: str, lang: str, ticket: Ticket) -> Draft:
    """Asks how this ticket went. A button says which one it rates: it may be pressed when the next one is closed."""
    scores = tuple(
        Button(f"rate{score}", title, Act.RATE, f"{score} {ticket.id}") for score, title in texts.RATINGS[lang].items()
    )
    return Draft(cid, Author.SYSTEM, texts.RATING_REQUEST[lang], kind=Kind.RATING_REQUEST, buttons=scores)


def reason_draft(cid: str, lang: str, ticket: Ticket) -> Draft:
    """Asks for the reason of the rating just given."""
    text = texts.REASON_REQUEST[lang][ticket.rating or 2]
    reasons = tuple(
        Button(f"why_{reason}", title, Act.RATE_REASON, f"{reason} {ticket.id}")
        for reason, title in texts.REASONS[lang].items()
    )
    return Draft(cid, Author.SYSTEM, text, buttons=reasons)


def tried(knowledge: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The articles of several turns, each with its best score, best first."""
    best: dict[str, dict[str, Any]] = {}
    for known in knowledge:
        for one in known.get("tried", []):
            if one["score"] >= best.get(one["article"], one)["score"]:
                best[one["article"]] = one
    return sorted(best.values(), key=lambda one: -one["score"])


def card(incident: Incident, lang: str) -> Evidence:
    """What is known about an incident, in the shape of an article that surely answers."""
    hit = Hit(f"{_INCIDENT}{incident.id}", lang, incident.title[lang], incident.text[lang], "", 1.0)
    return Evidence(Verdict.SURE, 1.0, (hit,), lang)


def incident_of(article: str) -> str:
    """The id of the incident whose card this is; empty for an article."""
    return article.removeprefix(_INCIDENT) if article.startswith(_INCIDENT) else ""


def is_incident(hit: Hit) -> bool:
    return bool(incident_of(hit.article))


def with_person(draft: Draft, lang: str) -> Draft:
    """The draft with a button for a person, unless it has one."""
    if any(button.act is Act.PERSON for button in draft.buttons):
        return draft
    return replace(draft, buttons=(*draft.buttons, Button("person", texts.PERSON[lang], Act.PERSON)))


def asks_back(reply: Reply) -> bool:
    """Whether the bot would rather ask than answer, which a cross customer is spared."""
    wishes = {said.wish for said in reply.utterances}
    return Wish.CLARIFY in wishes and Wish.ANSWER not in wishes


def knowledge(evidence: Evidence, reply: Reply) -> dict[str, Any]:
    """What an operator may see of a bot turn: the verdict, the intent and the articles tried with their scores; what
    was searched when it is not the message as it stands, and the row whose answer was asked for again."""
    known: dict[str, Any] = {
        "verdict": evidence.verdict.value,
        "confidence": round(evidence.confidence, 4),
        "intent": reply.intent,
        "tried": [
            {"article": hit.article, "title": hit.title, "score": round(hit.score, 4), "url": hit.url}
            for hit in evidence.hits[:CHOICES]
        ],
    }
    if evidence.question:
        known["question"] = evidence.question
    if evidence.again is not None and evidence.again.miss:
        known["repeats"] = evidence.again.answer
    return known


def _found_for(said: Utterance, evidence: Evidence) -> Evidence:
    """What an utterance stands on, where several questions were asked at once."""
    first = said.article or "".join(said.articles[:1])
    return next((one for one in evidence.also if one.hits and one.hits[0].article == first), evidence)


def _draft(cid: str, in_reply_to: int, said: Utterance, evidence: Evidence, lang: str, known: dict[str, Any]) -> Draft:
    hits = {hit.article: hit for hit in evidence.hits}
    kinds = {Wish.ANSWER: Kind.ANSWER, Wish.CLARIFY: Kind.CLARIFY}
    return Draft(
        cid=cid,
        author=Author.BOT,
        text=said.text,
        kind=kinds.get(said.wish, Kind.TEXT) if said.wish else Kind.TEXT,
        format=Format.MARKDOWN,
        buttons=_buttons(said, hits, lang),
        source=_source(hits.get(said.article)),
        in_reply_to=in_reply_to,
        evidence=known,
    )


def _source(hit: Hit | None) -> Source | None:
    """An incident's card is no article: it has no page to point to."""
    return None if hit is None or not hit.url else Source(hit.article, hit.title, hit.url)


def _buttons(said: Utterance, hits: dict[str, Hit], lang: str) -> tuple[Button, ...]:
    offered = [hits[article] for article in dict.fromkeys(said.articles) if article in hits][:CHOICES]
    buttons = [Button(f"a{n}", hit.title, Act.ARTICLE, hit.article) for n, hit in enumerate(offered, 1)]
    buttons += [_choice(n, choice) for n, choice in enumerate(said.choices, 1)]
    if incident := incident_of(said.article):
        buttons.append(Button("subscribe", texts.TELL_ME[lang], Act.SUBSCRIBE, incident))
    if offered:
        buttons.append(Button("none", texts.NONE_OF_THESE[lang], Act.INTENT, NONE_OF_THESE))
    if offered and all(button.act is not Act.PERSON for button in buttons):
        buttons.append(Button("person", texts.PERSON[lang], Act.PERSON))
    return tuple(buttons)


def _choice(number: int, choice: Choice) -> Button:
    if choice.payload == "/ask_human":
        return Button("person", choice.title, Act.PERSON)
    return Button(f"c{number}", choice.title, Act.INTENT, choice.payload)
