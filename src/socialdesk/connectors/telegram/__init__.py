"""Telegram: a bot's private chats, groups in which it is addressed, and a business's own chats (Bot API)."""

from socialdesk.connectors.telegram.connector import TelegramConnector

__all__ = ["TelegramConnector"]
