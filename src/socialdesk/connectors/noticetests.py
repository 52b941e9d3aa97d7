"""The part of the conformance suite that is about the public notice; skipped for networks that have no place for one."""

from __future__ import annotations

import contextlib

import pytest

from socialdesk.connectors.contract import (
    AuthRequired,
    Connector,
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
)
from socialdesk.connectors.notices import CLOSES, NO_ROOM, OPENS
from socialdesk.connectors.standin import Network, Trouble, needs

OWNERS_TEXTS = (
    None,
    "",
    "Pan de masa madre desde 1962",
    "Pan, bollos y tartas\nEncargos: 555 01 23\n",
    "⏱ Siempre a tiempo · 👩‍👩‍👧 familiar ñandú",
    f"a medias{CLOSES}",
    f"{OPENS}a medias",
)
"""What the owners of accounts write about themselves; None: nothing yet."""


class NoticeSuite:
    """What a connector that publishes a notice must do; part of ``testing.ConnectorSuite``."""

    @pytest.mark.parametrize("own", OWNERS_TEXTS)
    async def test_a_notice_leaves_the_owner_s_text_alone(
        self, network: Network, connector: Connector, own: str | None
    ) -> None:
        """It is seen, replaced, and taken away; the owner's words are the same to the byte."""
        _needs_notice(network, connector, own)
        for words in ("unos 20 min", "unos 20 min", "unos 5 min"):
            await connector.publish_notice(words)
            assert network.description().startswith(own or "")
            assert network.description().count(words) == 1
        assert "20" not in network.description()
        await network.connector().publish_notice(None)
        assert network.description() == (own or "")
        await connector.publish_notice(None)
        assert network.description() == (own or "")

    async def test_what_its_owner_changes_meanwhile_is_kept(
        self, network: Network, connector: Connector
    ) -> None:
        """The text is read anew each time; a notice that its owner has removed comes back with the next words."""
        _needs_notice(network, connector, "Pan")
        await connector.publish_notice("unos 20 min")
        network.describe(network.description().replace("Pan", "Pan y bollos"))
        await connector.publish_notice("unos 5 min")
        assert network.description().startswith("Pan y bollos")
        network.describe("Pan y tartas")
        await connector.publish_notice("unos 5 min")
        assert "unos 5 min" in network.description()
        await connector.publish_notice(None)
        assert network.description() == "Pan y tartas"

    async def test_without_room_there_is_no_notice(self, network: Network, connector: Connector) -> None:
        """The owner's text is never cut; a former notice may stay, or go."""
        limit = connector.limits(connector.host.options).notice
        own = "a" * (limit.size if limit else 0)
        _needs_notice(network, connector, own)
        with pytest.raises(Rejected) as refused:
            await connector.publish_notice("unos 20 min")
        assert refused.value.code == NO_ROOM
        assert network.description() == own
        await connector.publish_notice(None)
        assert network.description() == own

    @pytest.mark.parametrize("loss", [Trouble.LOST_ANSWER, Trouble.LOST_REQUEST])
    async def test_a_notice_may_be_repeated(
        self, network: Network, connector: Connector, loss: Trouble
    ) -> None:
        """After a lost request or answer the same call again puts things right."""
        _needs_notice(network, connector, "Pan")
        needs(network, loss)
        for words in ("unos 20 min", None):
            network.trouble(loss)
            with contextlib.suppress(OutcomeUnknown, Temporary):
                await connector.publish_notice(words)
            network.trouble(None)
            await connector.publish_notice(words)
            assert network.description().count("unos 20 min") == (1 if words else 0)
        assert network.description() == "Pan"

    @pytest.mark.parametrize(
        ("trouble", "expected"),
        [
            (Trouble.SIGNED_OUT, AuthRequired),
            (Trouble.LIMITED, RateLimited),
            (Trouble.BROKEN, Temporary),
            (Trouble.GARBLED, Temporary),
            (Trouble.UNREACHABLE, Temporary),
        ],
    )
    async def test_trouble_publishes_nothing(
        self, network: Network, connector: Connector, trouble: Trouble, expected: type[ConnectorError]
    ) -> None:
        """Each trouble is the right error, and the text is as it was."""
        _needs_notice(network, connector, "Pan")
        needs(network, trouble)
        network.trouble(trouble)
        with pytest.raises(expected):
            await connector.publish_notice("unos 20 min")
        network.trouble(None)
        assert network.description() == "Pan"


def _needs_notice(network: Network, connector: Connector, own: str | None) -> None:
    if connector.limits(connector.host.options).notice is None:
        pytest.skip("this network has no place for a notice")
    assert network.describe(own), "a network with a place for a notice has an owner who writes there"
