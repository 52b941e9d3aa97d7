"""Bluesky: mentions, replies, quotes and direct messages of one account (AT Protocol)."""

from socialdesk.connectors.bluesky.connector import BlueskyConnector

__all__ = ["BlueskyConnector"]
