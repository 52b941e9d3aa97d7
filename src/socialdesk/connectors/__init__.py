"""The networks, one module each, behind one contract."""
