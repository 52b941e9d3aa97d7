"""A network that lives in this process: simulated customers of three small businesses, offline and seeded."""

from socialdesk.connectors.demo.connector import DemoConnector

__all__ = ["DemoConnector"]
