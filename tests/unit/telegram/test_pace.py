"""The limits of the Telegram room, on a clock that jumps instead of running."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from bot.telegram.pace import Allowance, Pace


class JumpingLoop(asyncio.SelectorEventLoop):
    """Never waits: when everybody sleeps, its clock jumps to the first who wakes."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        ready, scheduled = vars(self).get("_ready"), vars(self).get("_scheduled")
        if not ready and scheduled:
            self._now = max(self._now, scheduled[0].when())
        super()._run_once()  # type: ignore[misc]


def run(work: Any) -> Any:
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(work)


async def _sends(pace: Pace, chats: list[str]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {chat: [] for chat in chats}

    async def send(chat: str) -> None:
        await pace.turn(chat)
        times[chat].append(asyncio.get_running_loop().time())

    await asyncio.gather(*(send(chat) for chat in chats))
    return times


def test_one_chat_gets_a_message_a_second() -> None:
    times = run(_sends(Pace(), ["a"] * 4))["a"]
    assert times == pytest.approx([0, 1, 2, 3], abs=0.1)
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(times))


def test_all_chats_together_get_thirty_a_second() -> None:
    times = sorted(at for chat in run(_sends(Pace(), [str(n) for n in range(90)])).values() for at in chat)
    for start in range(60):
        assert times[start + 30] - times[start] >= 0.999
    assert times[-1] < 3.1


def test_a_busy_chat_does_not_slow_the_others() -> None:
    times = run(_sends(Pace(), ["busy"] * 20 + ["calm"]))
    assert times["calm"][0] < 0.1


def test_a_held_chat_waits_its_time_and_the_others_do_not() -> None:
    async def scene() -> dict[str, list[float]]:
        pace = Pace()
        pace.hold("held", 3_600)
        return await _sends(pace, ["held", "free"])

    times = run(scene())
    assert times["held"][0] >= 3_600
    assert times["free"][0] < 0.1


def test_an_allowance_is_a_burst_and_then_one_a_second() -> None:
    async def scene() -> list[bool]:
        allowance = Allowance(3)
        taken = [allowance.take("a") for _ in range(5)]
        await asyncio.sleep(1)
        return [*taken, allowance.take("a"), allowance.take("a"), allowance.take("b")]

    assert run(scene()) == [True, True, True, False, False, True, False, True]
