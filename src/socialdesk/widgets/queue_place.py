"""Where the cursor lies when the rows under it are replaced: pure, without Textual."""

from __future__ import annotations

from bisect import bisect_left

from socialdesk.domain.models import QueueRow, QueueWindow


def place_of(window: QueueWindow, conversation: int | None, before: QueueRow | None) -> int | None:
    """Return the number, among ``window.rows``, of the row that the cursor belongs on; None without rows.

    It is the conversation where it is there; else the row that now stands where ``before`` stood; else the first.
    """
    if not window.rows:
        return None
    for index, row in enumerate(window.rows):
        if row.id == conversation:
            return index
    if before is None:
        return 0
    return min(bisect_left(window.rows, before.key, key=lambda row: row.key), len(window.rows) - 1)


def near_edge(window: QueueWindow, number: int) -> bool:
    """Say whether row ``number`` of the view is so near the end of the window that more should be fetched."""
    margin = max(1, len(window.rows) // 4)
    end = window.first + len(window.rows)
    return (window.first > 0 and number - window.first < margin) or (
        end < window.total and end - 1 - number < margin
    )
