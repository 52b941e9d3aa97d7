"""Matrix: the rooms that an account is in, on any homeserver (client-server API v1.19)."""

from socialdesk.connectors.matrix.connector import MatrixConnector

__all__ = ["MatrixConnector"]
