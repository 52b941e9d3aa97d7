"""The engine that receives and sends, without a screen."""
