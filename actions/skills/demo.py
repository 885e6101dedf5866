"""The demo connector: the invented provider's streets, outages, accounts and visits from one small JSON file."""

import json
import os
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from actions.skills.connector import Account, ConnectorDown, Outage, Visit
from actions.skills.details import StreetFound, find_street

SETTING = "ZEROLINE_RASA__DEMO_CUSTOMERS"
MOSCOW = timezone(timedelta(hours=3))
ANY_HOUSE = "*"


class DemoConnector:
    """Times in the file are relative to now, so that the demo never grows old. The file is read at every question."""

    def __init__(self) -> None:
        self._path = Path(os.environ.get(SETTING) or Path(__file__).with_name("demo_customers.json"))

    async def street(self, text: str, lang: str) -> StreetFound | None:
        streets = self._read()["streets"]
        return find_street(text, {names[lang]: tuple(names.values()) for names in streets})

    async def outage(self, street: str, house: str) -> Outage | None:
        for outage in self._read()["outages"]:
            if street in outage["street"].values() and {house, ANY_HOUSE} & set(outage["houses"]):
                return self._outage(outage, datetime.now(MOSCOW))
        return None

    async def account(self, number: str) -> Account | None:
        found = self._read()["accounts"].get(number)
        return Account(Decimal(found["balance"]), Decimal(found["fee"]), found["tariff"]) if found else None

    async def visit(self, number: str) -> Visit | None:
        found = self._read()["accounts"].get(number, {}).get("visit")
        if not found:
            return None
        return Visit((datetime.now(MOSCOW) + timedelta(days=found["in_days"])).date(), found["slot"])

    def _outage(self, outage: dict[str, Any], now: datetime) -> Outage:
        if outage["planned"]:
            night = (now + timedelta(days=1)).replace(hour=2, minute=0, second=0, microsecond=0)
            return Outage(True, night, night.replace(hour=6))
        started = now - timedelta(hours=outage["hours_ago"])
        return Outage(False, started, now + timedelta(hours=outage["hours_left"]))

    def _read(self) -> Any:
        try:
            return json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConnectorDown(f"the demo file cannot be read: {error}") from error
