"""Reviews of businesses on Google (Business Profile API)."""

from socialdesk.connectors.google.connector import GoogleConnector

__all__ = ["GoogleConnector"]
