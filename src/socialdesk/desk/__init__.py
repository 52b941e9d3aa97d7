"""Everything a person can do with the desk, one method each: the only door of screens and commands.

Plain synchronous calls, safe from any thread; a screen runs them in a worker thread. Reads cost no SQLAlchemy; the
first write of a process imports it, which is why the writing modules are imported where they are used. Every method
raises only errors of ``socialdesk.errors``. One module a subject; ``Desk`` is all of them.
"""

from __future__ import annotations

from socialdesk.desk.accounts import Accounts
from socialdesk.desk.acting import Acting
from socialdesk.desk.approving import Approving
from socialdesk.desk.byhand import ByHand
from socialdesk.desk.committing import Committing
from socialdesk.desk.guiding import Guiding
from socialdesk.desk.policies import Promising
from socialdesk.desk.privacy import Keeping
from socialdesk.desk.private import Private
from socialdesk.desk.reading import Reading
from socialdesk.desk.settling import Settling


class Desk(
    Reading, Private, Approving, Committing, Guiding, Settling, Promising, Keeping, ByHand, Acting, Accounts
):
    """One desk: what it shows, and what a person does with it."""
