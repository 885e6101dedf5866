"""A process that is killed at a chosen moment: `python -m tests.unit.conversation.crashing PLACE MOMENT`.

Moments: `answered` between the engine's answer and the commit of the reply; `committed` between the commit of a message
and its acknowledgement; `talking` whenever the parent likes, with every acknowledgement printed as it comes.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.bus.model import Ring
from bot.dialogue.model import Reply, Turn
from tests.unit.conversation.stage import ScriptedEngine, Stage, stage


class DyingEngine(ScriptedEngine):
    async def ask(self, turn: Turn) -> Reply:
        await super().ask(turn)
        print(turn.id, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


async def die(topic: str, ring: Ring) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def talk(room: Stage) -> None:
    for number in range(1_000_000):
        receipt = await room.say(f"line {number}", cid=f"cid-{number:08d}")
        print(receipt.cid, receipt.seq, flush=True)


async def main(place: Path, moment: str) -> None:
    async with stage(place, engine=DyingEngine() if moment == "answered" else None) as room:
        if moment == "committed":
            room.bus.publish = die  # type: ignore[method-assign]
        if moment == "talking":
            await talk(room)
        await room.say(cid="cid-00000001")
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
