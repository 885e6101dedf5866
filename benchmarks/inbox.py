"""A long inbox under fire in a real browser: main-thread share, wrong rows: `python -m benchmarks.inbox`."""

import argparse
import asyncio
import json
import logging
import os
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from playwright.async_api import CDPSession, Page, TimeoutError, async_playwright

from bot.accounts.model import Role
from bot.conversation.model import Channel
from tests.web.house import House, OperatorClient, rooms, serve

SEED = 5
AT_ONCE = 50
WORDS = ("my router is down", "не приходит счёт", "I want my money back", "как сменить тариф?", "speed is low")

# Runs in the page on every frame: a row that does not belong into the view is counted once for each frame it is there.
WATCH = """
() => {
  window.seen = { frames: 0, rows: 0, wrong: 0, unsorted: 0, longest: 0, long: 0 };
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) { seen.long += 1; seen.longest = Math.max(seen.longest, one.duration); }
  }).observe({ entryTypes: ["longtask"] });
  const look = () => {
    const rows = [...document.querySelectorAll("[data-ticket]")];
    const marks = rows.map((row) => Number(row.querySelector("[data-priority]")?.dataset.priority ?? 0));
    seen.frames += 1;
    seen.rows += rows.length;
    seen.wrong += rows.filter((row) => !["queued", "offered"].includes(row.dataset.status)).length;
    seen.unsorted += marks.some((mark, at) => at > 0 && mark && marks[at - 1] && mark < marks[at - 1]) ? 1 : 0;
    requestAnimationFrame(look);
  };
  look();
}
"""


@dataclass(frozen=True, slots=True)
class Share:
    """Seconds of the page's main thread per second, and the part of it that was script."""

    tasks: float
    script: float


async def _run(options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="inbox-") as folder:
        async with rooms(Path(folder)) as behind, serve(behind) as house, async_playwright() as play:
            owner = await house.operator("olga", Role.OWNER)
            team = [await _colleague(house, owner, f"op{number}") for number in range(5)]
            started = time.monotonic()
            await _fill(house, options.tickets)
            filled = time.monotonic() - started
            browser = await play.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = await _desk(browser, house, owner)
            session = await page.context.new_cdp_session(page)
            await session.send("Performance.enable")
            idle, _ = await _share(session, asyncio.sleep(options.seconds / 3))
            await page.evaluate(WATCH)
            busy, changes = await _share(session, _fire(house, team, options))
            seen = await page.evaluate("() => window.seen")
            agree = await _agrees(page, owner)
            await browser.close()
    return {
        "tickets": options.tickets,
        "seconds_to_fill": round(filled, 1),
        "changes_per_second": round(changes / options.seconds, 1),
        "main_thread_idle": round(idle.tasks, 3),
        "main_thread_busy": round(busy.tasks, 3),
        "script_busy": round(busy.script, 3),
        "frames_per_second": round(seen["frames"] / options.seconds, 1),
        "rows_drawn": round(seen["rows"] / max(seen["frames"], 1)),
        "long_tasks": seen["long"],
        "longest_task_ms": round(seen["longest"]),
        "rows_wrong_under_the_filter": seen["wrong"],
        "frames_out_of_order": seen["unsorted"],
        "counters_as_the_server": agree,
    }


async def _colleague(house: House, owner: OperatorClient, login: str) -> OperatorClient:
    client = await house.operator(login)
    me = (await client.get("/api/desk/me")).json()["operator"]["id"]
    (await owner.post(f"/api/desk/people/{me}", {"cap": 100})).raise_for_status()
    return client


async def _fill(house: House, count: int) -> None:
    conversations, free = house.rooms.conversations, asyncio.Semaphore(AT_ONCE)

    async def come(number: int) -> None:
        async with free:
            opened = await conversations.open(f"visitor-{number}", Channel.WIDGET, ("ru", "en")[number % 2])
            await conversations.note(opened.id, f"cid-{number:08}", WORDS[number % len(WORDS)])
            await conversations.ask_person(opened.id, f"person-{number:08}")

    await asyncio.gather(*(come(number) for number in range(count)))


async def _desk(browser: Any, house: House, owner: OperatorClient) -> Page:
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")
    await context.add_cookies(
        [{"name": "zeroline_session", "value": owner.http.cookies["zeroline_session"], "url": house.url}]
    )
    page: Page = await context.new_page()
    await page.goto(f"{house.url}/desk#/v/unassigned")
    await page.wait_for_selector("[data-ticket]", timeout=30_000)
    return page


async def _share(session: CDPSession, work: Any) -> tuple[Share, Any]:
    before, started = await _metrics(session), time.monotonic()
    result = await work
    took, after = time.monotonic() - started, await _metrics(session)
    parts = [(after[name] - before[name]) / took for name in ("TaskDuration", "ScriptDuration")]
    return Share(*parts), result


async def _metrics(session: CDPSession) -> dict[str, float]:
    found = await session.send("Performance.getMetrics")
    return {one["name"]: one["value"] for one in found["metrics"]}


async def _fire(house: House, team: list[OperatorClient], options: argparse.Namespace) -> int:
    """Changes of every kind by five operators, evenly spread; how many the server took."""
    chance, done, jobs = random.Random(SEED), 0, []
    tickets = (await team[0].get("/api/desk/tickets")).json()["tickets"]
    ends = time.monotonic() + options.seconds

    async def change(number: int) -> None:
        nonlocal done
        ticket, client = chance.choice(tickets), team[number % len(team)]
        done += await _change(client, ticket["id"], chance.choice(("claim", "tags", "priority", "reply", "close")))
        await _fill_one(house, number)

    number = 0
    while time.monotonic() < ends:
        jobs.append(asyncio.create_task(change(number)))
        number += 1
        await asyncio.sleep(1 / options.rate)
    await asyncio.gather(*jobs)
    return done


async def _change(client: OperatorClient, ticket: str, what: str) -> bool:
    path = f"/api/desk/tickets/{ticket}"
    match what:
        case "tags":
            answer = await client.post(f"{path}/tags", {"tags": ["complaint"]})
        case "priority":
            answer = await client.post(f"{path}/priority", {"priority": random.randint(1, 4)})
        case "reply":
            await client.post(f"{path}/claim")
            answer = await client.post(f"{path}/messages", {"cid": f"o-{random.random()}"[:40], "text": "On it."})
        case _:
            answer = await client.post(f"{path}/{what}", {"outcome": "solved"} if what == "close" else {})
    return answer.is_success


async def _fill_one(house: House, number: int) -> None:
    """Now and then a customer writes, so that the inbox stays as long as it was."""
    if number % 5 == 0:
        opened = await house.rooms.conversations.open(f"late-{number}", Channel.WIDGET, "en")
        await house.rooms.conversations.ask_person(opened.id, f"late-{number:08}")


async def _agrees(page: Page, owner: OperatorClient) -> bool:
    """Whether the desk's counters are soon what the server says; they follow its socket, so they get a moment."""
    tickets = (await owner.get("/api/desk/tickets")).json()["tickets"]
    due = {
        "unassigned": sum(one["status"] in ("queued", "offered") for one in tickets),
        "all": len(tickets),
    }
    ready = """(due) => Object.entries(due).every(([view, count]) =>
        document.querySelector(`[data-counter="${view}"]`)?.textContent.trim() === String(count))"""
    try:
        await page.wait_for_function(ready, arg=due, timeout=10_000)
    except TimeoutError:
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=2_000)
    parser.add_argument("--rate", type=float, default=46, help="tries a second; about half are refused by then")
    parser.add_argument("--seconds", type=float, default=30)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    print(json.dumps(asyncio.run(_run(parser.parse_args())), indent=1))


if __name__ == "__main__":
    main()
