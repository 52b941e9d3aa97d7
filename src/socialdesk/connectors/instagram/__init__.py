"""An Instagram account: comments, tags and messages."""

from socialdesk.connectors.instagram.connector import InstagramConnector

__all__ = ["InstagramConnector"]
