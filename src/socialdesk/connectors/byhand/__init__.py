"""Phone and counter: customers who call or come in, written down by whoever heard them (NEEDS B1, F5)."""

from socialdesk.connectors.byhand.connector import CounterConnector, PhoneConnector

__all__ = ["CounterConnector", "PhoneConnector"]
