"""Mail: the letters of one mailbox, read by IMAP and answered by SMTP."""

from socialdesk.connectors.mail.connector import MailConnector

__all__ = ["MailConnector"]
