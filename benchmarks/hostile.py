"""Sends every string of a JSONL file in every way and looks at each: `python -m benchmarks.hostile FILE`."""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import ARGUMENTS
from tests.hostile import Host, converse, import_articles, telegram_complaints
from tests.onlooker import Onlooker
from tests.product import running_product


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A product somebody else has started; its data folder is the one in our environment."""

    url: str
    login: str
    password: str

    def zeroline(self, *arguments: str) -> Any:
        command = [sys.executable, "-m", "bot", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True)


def main() -> None:
    """Prints what went wrong; exit status 1 when anything did."""
    options = _options()
    rows = options.file.read_text(encoding="utf-8").split("\n")
    strings = [json.loads(row)["text"] for row in rows if row.strip()][: options.first]
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder, _host(options, Path(folder)) as host:
        report = _visit(host, strings, Path(folder))
    print(json.dumps(report, indent=1, ensure_ascii=True))
    sys.exit(1 if report["complaints"] else 0)


def _visit(host: Host, strings: list[str], folder: Path) -> dict[str, Any]:
    titles = import_articles(host, strings, folder)
    visits, complaints = asyncio.run(converse(host, strings))
    complaints += telegram_complaints(strings)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        onlooker = Onlooker(browser.new_context(locale="en-GB"), host)
        onlooker.sign_in()
        for visit in visits:
            onlooker.widget(visit)
            onlooker.desk(visit)
        onlooker.articles(titles)
        browser.close()
    return {
        "strings": len(strings),
        "messages": sum(len(visit.mine) for visit in visits),
        "replies": sum(len(visit.theirs) for visit in visits),
        "articles": len(titles),
        "complaints": complaints + onlooker.complaints,
    }


@contextmanager
def _host(options: argparse.Namespace, folder: Path) -> Iterator[Host]:
    if options.url:
        yield Elsewhere(options.url, options.login, options.password)
        return
    with running_product(folder / "data") as product:
        yield product


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help='JSONL with a "text" in each row')
    parser.add_argument("--first", type=int, help="only so many strings")
    parser.add_argument("--url", help="a running product, with its ZEROLINE_DATA_DIR in our environment")
    parser.add_argument("--login", default="admin")
    parser.add_argument("--password", help="of that login, for a product at --url")
    return parser.parse_args()


if __name__ == "__main__":
    main()
