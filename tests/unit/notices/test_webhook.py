"""Where a POST may go: trackers in our own network yes, the machine's own secrets no, whatever name they have."""

from ipaddress import ip_address

import pytest

from bot.notices.model import Answer, Later, Request, Undeliverable
from bot.notices.webhook import COMPANY, INTERNET, Post, Reach, judge
from tests.unit.notices.conftest import Office

METADATA = ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "fd00:ec2::254", "100.100.100.200"]


@pytest.mark.parametrize("address", METADATA)
def test_metadata_addresses_are_closed_unless_the_owner_opens_them(address: str) -> None:
    assert not COMPANY.allows(ip_address(address))
    assert Reach(private=True, metadata=True).allows(ip_address(address))


@pytest.mark.parametrize("address", ["10.0.0.5", "192.168.1.9", "127.0.0.1", "::1", "fd12::7"])
def test_our_own_network_is_open_to_trackers_and_closed_to_push(address: str) -> None:
    assert COMPANY.allows(ip_address(address))
    assert not INTERNET.allows(ip_address(address))


@pytest.mark.parametrize("address", ["0.0.0.0", "224.0.0.1", "::", "255.255.255.255"])
def test_addresses_of_nobody_are_closed(address: str) -> None:
    assert not COMPANY.allows(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4001:82a::200e"])
def test_public_addresses_are_open(address: str) -> None:
    assert INTERNET.allows(ip_address(address))


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "file:///etc/passwd", "//example.org", "https://user:word@example.org/", "http://"]
)
async def test_only_plain_web_addresses_are_posted_to(office: Office, url: str) -> None:
    with pytest.raises(Undeliverable):
        await office.post.send(Request(url, {}, b""), COMPANY)


async def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(office: Office) -> None:
    port = office.outside.url.rpartition(":")[2]
    with pytest.raises(Undeliverable):
        await office.post.send(Request(f"http://localhost:{port}/x", {}, b""), Reach(plain=True))
    assert office.outside.got == []


async def test_the_host_is_named_although_its_number_is_dialled(office: Office) -> None:
    port = office.outside.url.rpartition(":")[2]
    answer = await office.post.send(Request(f"http://localhost:{port}/x?y=1", {"X-A": "1"}, b"body"), COMPANY)
    received = office.outside.got[0]
    assert (answer.status, received.headers["Host"], received.body) == (201, f"localhost:{port}", b"body")


async def test_redirects_are_not_followed(office: Office) -> None:
    office.outside.answers.append((307, {"Location": "http://169.254.169.254/"}, b""))
    answer = await office.post.send(Request(f"{office.outside.url}/x", {}, b""), COMPANY)
    assert (answer.status, len(office.outside.got)) == (307, 1)
    with pytest.raises(Undeliverable):
        judge(answer)


async def test_an_endless_answer_is_cut(office: Office) -> None:
    office.outside.answers.append((200, {}, b"x" * 1_000_000))
    answer = await office.post.send(Request(f"{office.outside.url}/x", {}, b""), COMPANY)
    assert len(answer.body) == 64 * 1024


async def test_a_host_that_is_down_is_asked_again_later() -> None:
    post = Post(timeout=2)
    with pytest.raises(Later):
        await post.send(Request("http://127.0.0.1:9/", {}, b""), COMPANY)
    with pytest.raises(Later):
        await post.send(Request("http://no-such-host.invalid/", {}, b""), COMPANY)
    await post.close()


@pytest.mark.parametrize(("status", "kind"), [(500, Later), (429, Later), (408, Later), (404, Undeliverable)])
def test_illness_is_waited_out_and_refusals_are_not(status: int, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        judge(Answer(status, {}, b""))
