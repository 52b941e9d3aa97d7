"""Spelling in ten languages, from dictionaries on this machine (NEEDS C3, C6)."""
