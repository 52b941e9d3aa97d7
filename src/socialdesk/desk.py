"""Everything a person can do with the desk, one method each: the only door of screens and commands.

Plain synchronous calls, safe from any thread; a screen runs them in a worker thread. Reads cost no SQLAlchemy; the
first write of a process imports it. Every method raises only errors of ``socialdesk.errors``.
"""
