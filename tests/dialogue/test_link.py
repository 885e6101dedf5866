"""What goes between Rasa and the action server: one connection for many calls, every failure told, every answer held to
the rules."""

import subprocess

import pytest

from tests.dialogue.engine import PYTHON
from tests.product import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

BEFORE = """
import asyncio, copy, json, sys
from actions.engine import no_tensorflow
no_tensorflow.install()
import aiohttp
from actions.engine.link import KeptEndpoint
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

def told(status, body, more="", length=True):
    size = f"Content-Length: {len(body)}\\r\\n" if length else ""
    return f"HTTP/1.1 {status} Said\\r\\nContent-Type: application/json\\r\\n{size}{more}\\r\\n{body}".encode()

async def main():
    asked, answers, connections = [], [], []

    async def serve(reader, writer):
        connections.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\\r\\n\\r\\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\\r\\n")[0])
                asked.append((head, json.loads(await reader.readexactly(length))))
                answer, stays = answers.pop(0)
                if callable(answer):
                    answer = await answer()
                writer.write(answer)
                await writer.drain()
                if not stays:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    plain = EndpointConfig(f"http://127.0.0.1:{port}/webhook", headers={"Authorization": "Bearer x"})
    endpoint = KeptEndpoint.of(plain)

    async def ask(body={"next_action": "a"}):
        return await endpoint.request(json=body, method="post", timeout=300, compress=False)
"""
AFTER = """
asyncio.run(main())
print("as it should be")
"""


def runs(inside: str) -> None:
    """Run the lines within `main` beside a server that gives `answers` (bytes, whether it stays) in their order."""
    program = BEFORE + "".join(f"    {line}\n" for line in inside.strip().splitlines()) + AFTER
    command = [str(PYTHON), "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)
    assert done.stdout.strip() == "as it should be", done.stdout[-2000:] + done.stderr[-2000:]


def test_calls_share_a_connection_for_as_long_as_the_server_keeps_it() -> None:
    runs("""
answers += [(told(200, '{"n": 1}'), True), (told(200, '{"n": 2}', "Connection: close\\r\\n"), True)]
answers += [(told(200, '{"n": 3}'), False), (told(200, '{"n": 4}', length=False), False)]
found = [await ask() for _ in range(2)]
assert len(connections) == 1
found.append(await ask())
await asyncio.sleep(0.05)
found.append(await ask())
assert (found, len(connections)) == ([{"n": n} for n in (1, 2, 3, 4)], 3)
heads = [head for head, _ in asked]
assert all(head.startswith(b"POST /webhook HTTP/1.1\\r\\n") for head in heads)
assert all(b"\\r\\nAuthorization: Bearer x\\r\\n" in head for head in heads)
one, other = (told(200, '{"n": 5}'), True), (told(200, '{"n": 6}'), True)
answers += [one, other]
assert sorted(answer["n"] for answer in await asyncio.gather(ask(), ask())) == [5, 6]
""")


def test_what_fails_is_told_as_rasa_expects_it() -> None:
    runs("""
answers.append((told(400, '{"error": "no", "action_name": "a"}'), True))
answers.append((b"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\n{", False))
answers += [(b"what?\\r\\n\\r\\n", False), (told(200, "{}"), True)]
try:
    await ask()
except ClientResponseError as error:
    assert (error.status, json.loads(error.text)["action_name"]) == (400, "a")
else:
    raise AssertionError("a refusal was taken for an answer")
for _ in range(2):
    try:
        await ask()
    except aiohttp.ClientError:
        continue
    raise AssertionError("half an answer was taken for one")
assert await ask() == {}
server.close()
for writer in connections:
    writer.close()
await asyncio.sleep(0.05)
try:
    await ask()
except aiohttp.ClientConnectionError:
    return
raise AssertionError("nobody was there")
""")


def test_the_answer_to_a_call_that_was_given_up_is_nobody_elses() -> None:
    runs("""
async def late():
    await asyncio.sleep(0.2)
    return told(200, '{"n": "late"}')
answers += [(late, True), (told(200, '{"n": "own"}'), True)]
try:
    await asyncio.wait_for(ask(), 0.05)
except asyncio.TimeoutError:
    pass
assert await ask() == {"n": "own"}
await asyncio.sleep(0.3)
answers.append((told(200, '{"n": "again"}'), True))
assert await ask() == {"n": "again"}
""")


def test_the_skills_get_the_whole_dialogue_and_the_evidence_once() -> None:
    runs("""
said = lambda n: {"event": "user", "text": str(n), "metadata": {"evidence": {}, "turn": n}, "parse_data": {"intent": n}}
events = [{"event": "action"}, said(1), {"event": "bot"}, said(2), {"event": "bot"}, said(3), {"event": "action"}]
latest = said(3)["parse_data"] | {"metadata": {"evidence": {"hits": []}}}
answers.append((told(200, "{}"), True))
await ask({"tracker": {"events": events, "latest_message": latest}})
sent = asked[0][1]["tracker"]
assert [event.get("text") for event in sent["events"]] == [None, "1", None, "2", None, "3", None]
assert all("evidence" not in event.get("metadata", {}) for event in sent["events"])
assert sent["latest_message"] == latest
""")


def test_an_endpoint_with_a_password_and_parameters_keeps_them() -> None:
    runs("""
answers.append((told(200, "{}"), True))
plain.basic_auth, plain.params, plain.headers = {"username": "u", "password": "p"}, {"a": "b"}, {}
endpoint = KeptEndpoint.of(plain)
await ask()
assert asked[0][0].startswith(b"POST /webhook?a=b HTTP/1.1") and b"Authorization: Basic dTpw" in asked[0][0]
""")


def test_an_answer_is_held_to_rasas_rules_the_second_time_too() -> None:
    runs("""
from jsonschema import ValidationError
from actions.engine import speed
from rasa.core.actions.action import RemoteAction
action = RemoteAction("a", None)
theirs = RemoteAction._validate_action_result
slot = {"event": "slot", "timestamp": None, "name": "job", "value": "visit"}
changes = [{}, {"value": None}, {"value": [1]}, {"name": 5}, {"timestamp": "now"}, {"timestamp": True},
           {"timestamp": 1.5}, {"metadata": []}, {"event": "action"}, {"event": "action", "confidence": "1"},
           {"event": "user", "text": 1},
           {"event": "user", "parse_data": {"intent": {"name": 1}}}, {"event": "no such"}, {"event": None}]
results = [{"events": [slot | change], "responses": []} for change in changes]
results += [{"events": [{"event": "slot", "name": "job"}]}, {"events": {}}, {"responses": [1], "events": []}]
results += [{}, [], None, {"responses": {}, "events": [slot]}, {"events": [slot, 5]}]
def verdict(rules, result):
    try:
        return rules(action, copy.deepcopy(result))
    except ValidationError:
        return "refused"
before = [verdict(theirs, result) for result in results]
assert {True, "refused"} == set(before)
speed.apply()
for _ in range(2):
    assert [verdict(RemoteAction._validate_action_result, result) for result in results] == before
server.close()
""")
