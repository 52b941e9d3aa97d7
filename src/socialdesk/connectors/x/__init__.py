"""X (API v2)."""

from socialdesk.connectors.x.connector import XConnector

__all__ = ["XConnector"]
