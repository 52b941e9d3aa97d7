"""A Facebook page: comments, visitors' posts, mentions, recommendations and Messenger."""

from socialdesk.connectors.facebook.connector import FacebookConnector

__all__ = ["FacebookConnector"]
