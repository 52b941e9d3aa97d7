"""Mastodon, and servers that speak its API: mentions, replies, quotes and private mentions of one account."""

from socialdesk.connectors.mastodon.connector import MastodonConnector

__all__ = ["MastodonConnector"]
