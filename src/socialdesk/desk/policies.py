"""Promises: the policy in force, deadlines and their arithmetic, warnings, the wait clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from socialdesk.desk.holding import Holding

if TYPE_CHECKING:
    from socialdesk.calendars.spec import PolicySpec
    from socialdesk.domain.consequences import Holds, Preview, Warned
    from socialdesk.domain.promises import Policy, Step
    from socialdesk.domain.waitclock import Honesty, Reading


class Promising(Holding):
    """What is promised to customers, and how long they wait."""

    def policy(self) -> Policy:
        """Return the policy in force: promises, calendars, situations."""
        from socialdesk.storage import policies

        return policies.in_force(self._database.read())

    def policy_change(self, spec: PolicySpec) -> Preview | None:
        """Return what a policy would change for those who wait now, or None where it is the one in force."""
        from socialdesk.storage import policies

        return policies.change(self._database.read(), spec, self._config.policy, self._clock.now())

    def adopt_policy(self, spec: PolicySpec) -> None:
        """Put a policy in force and recompute every open deadline."""
        from socialdesk.storage import policies

        with self._database.write() as connection:
            policies.adopt(connection, spec, self._clock.now(), self._agent())

    def why(self, conversation_id: int) -> tuple[Step, ...]:
        """Return the arithmetic of a deadline, step by step; nothing where nobody waits. Raises ``NotFound``."""
        from socialdesk.storage import deadlines

        return deadlines.why(self._database.read(), conversation_id)

    def day(self, now: datetime | None = None) -> list[Holds]:
        """Return what the day still holds, by brand: deadlines before it closes, or before midnight."""
        from socialdesk.storage import deadlines

        return deadlines.day(self._database.read(), now or self._clock.now())

    def warnings(self, now: datetime | None = None) -> list[Warned]:
        """Return the promises about to be broken, each share of each promise once for the whole desk."""
        from socialdesk.storage import warnings

        moment = now or self._clock.now()
        if not warnings.any_due(self._database.read(), moment):
            return []
        with self._write() as connection:
            return warnings.take(connection, moment)

    def clock(self, brand: str | None = None, channel: str | None = None) -> Reading:
        """Return how long a customer who writes now will wait; None stands for every brand or channel."""
        from socialdesk.storage import clocks

        return clocks.reading(self._database.read(), self.policy(), brand, channel, self._clock.now())

    def clock_places(self) -> list[tuple[str, str]]:
        """Return the brands and channels that have a clock of their own."""
        from socialdesk.storage import clocks

        return clocks.places(self._database.read())

    def clock_honesty(self, brand: str | None, channel: str | None, since: datetime) -> Honesty:
        """Return how many customers have waited no longer than the clock said, since a moment."""
        from socialdesk.storage import clocks

        return clocks.honest(self._database.read(), brand, channel, since, self._clock.now())
