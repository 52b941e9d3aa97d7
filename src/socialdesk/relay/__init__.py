"""The relay: takes what networks bring by webhook, and keeps it for a desk that cannot be reached from outside (docs/relay.md).

It runs on a server of one's own, knows nothing of desks, and never looks into what it passes on.
"""
