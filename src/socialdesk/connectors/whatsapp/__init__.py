"""WhatsApp (Cloud API), by a relay of one's own."""

from socialdesk.connectors.whatsapp.connector import WhatsAppConnector

__all__ = ["WhatsAppConnector"]
