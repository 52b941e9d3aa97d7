"""Answering well: canned replies, facts and protocols, kept as plain files (NEEDS C1, C6, C7, D4).

Each kind lies in files of TOML: those shipped, a desk's own and a brand's own, of which the most special one wins. A
file that cannot be used is named with its line and reason, and the others keep working.
"""
