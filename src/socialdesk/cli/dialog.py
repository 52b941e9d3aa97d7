"""The person at the terminal, as a connector's sign-in talks with them."""

from __future__ import annotations

import sys

from socialdesk.cli.ask import ask, ask_secret
from socialdesk.cli.output import flowing
from socialdesk.domain.text import one_line
from socialdesk.i18n import _


class TerminalDialog:
    """The ``contract.Dialog`` of a terminal. Addresses stand on a line of their own, unbroken, to be copied."""

    async def tell(self, text: str, url: str = "") -> None:
        """Show a sentence and an address."""
        sys.stderr.write(f"{flowing(_(text))}\n")
        if url:
            sys.stderr.write(f"\n{one_line(url)}\n\n")
        sys.stderr.flush()

    async def ask(self, label: str, hint: str = "", *, secret: bool = False) -> str:
        """Return the answer, never empty."""
        if hint:
            await self.tell(hint)
        return _answer(_(label), secret)  # nothing else goes on meanwhile, and Ctrl+C must end it at once


def _answer(question: str, secret: bool) -> str:
    while True:
        answer = ask_secret(question) if secret else ask(question)
        if answer:
            return answer
