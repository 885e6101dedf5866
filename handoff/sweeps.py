"""One pass of all clocks."""

from datetime import datetime

from handoff.model import Sweep
from handoff.placing import Placing
from handoff.ports import Transaction


class Sweeps(Placing):
    def sweep(self, tx: Transaction, now: datetime) -> list[Sweep]:
        """Does whatever has come due by `now` and tells what happened; a second pass at once does nothing."""
        return []
