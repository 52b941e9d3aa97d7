"""The check of a draft before it leaves, offline and explained (NEEDS C2, C3, C5, B1, B3).

``check.check`` runs the families, one module each in ``families``; their words and patterns are files in ``rules``,
which a desk or a brand may tune with files of its own. This room knows ``domain`` only.
"""
