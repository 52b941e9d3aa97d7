"""The desk's own queue over rows made up on the spot: what the list and the drawing cost without a desk behind them.

queue_only.py ROWS [changes|plain]
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from textual.app import App, ComposeResult

from socialdesk.domain.models import QueueRow, QueueWindow, Seek, State
from socialdesk.terminal.display import ThriftyDisplay
from socialdesk.widgets.queue_line import QueueHeader
from socialdesk.widgets.queue_view import QueueView

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
DRAWING = sys.argv[2] if len(sys.argv) > 2 else "changes"
BEGUN = datetime.now(UTC)
CHANNELS = ("bluesky", "demo", "facebook", "instagram", "x")
TEXTS = (
    "¿Dónde está mi pedido? Hace seis días que espero y nadie contesta",
    "My order has not arrived yet, can you look please",
    "Me habéis cobrado dos veces lo mismo, quiero que me devolváis una",
    "¿Cuándo volvéis a tener la talla 39 en rojo?",
)


def row(number: int) -> QueueRow:
    """Return conversation ``number`` of the view; waits are spread over an hour and a half, promises over a day."""
    since = BEGUN - timedelta(seconds=number * 37 % 5400)
    return QueueRow(
        id=number + 1,
        urgency=number,
        brand=f"Tienda {number % 6}",
        account="tienda",
        channel=CHANNELS[number % 5],
        handle=f"cliente{number}.example",
        name=f"Cliente {number}",
        state=State.WAITING,
        private=False,
        waiting_since=since,
        due_at=since + timedelta(hours=5 if number % 3 else 24),
        snoozed_until=None,
        nudges=number % 4,
        messages=1 + number % 9,
        language="es",
        preview=f"{number} {TEXTS[number % 4]}",
        last_at=since,
        delivery=None,
        draft=number % 11 == 0,
    )


class Queue(ThriftyDisplay, App[None]):
    """A queue and nothing else."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "QueueView { height: 1fr; }"

    def compose(self) -> ComposeResult:
        yield QueueHeader()
        yield QueueView()

    def on_mount(self) -> None:
        queue = self.query_one(QueueView)
        queue.tick(datetime.now(UTC))
        self.load(Seek())
        self.set_timer(1 - datetime.now(UTC).microsecond / 1e6, self.begin)

    def begin(self) -> None:
        self.tick()
        self.set_interval(1, self.tick)

    def tick(self) -> None:
        self.query_one(QueueView).tick(datetime.now(UTC))

    def load(self, seek: Seek, limit: int = 200) -> None:
        first = {"top": 0, "bottom": ROWS - limit}.get(seek.where, (seek.key or (0, 0))[0] - limit // 2)
        first = max(0, min(first, ROWS - limit))
        rows = tuple(row(number) for number in range(first, min(ROWS, first + limit)))
        self.query_one(QueueView).show(QueueWindow(first, ROWS, rows))

    def on_queue_view_wanted(self, event: QueueView.Wanted) -> None:
        self.load(event.seek)


if __name__ == "__main__":
    Queue.drawing = DRAWING
    Queue().run()
