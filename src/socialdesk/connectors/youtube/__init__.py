"""Comments on a YouTube channel (Data API v3)."""

from socialdesk.connectors.youtube.connector import YouTubeConnector

__all__ = ["YouTubeConnector"]
