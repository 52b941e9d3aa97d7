"""One module a family of findings, each with ``find(draft, rules) -> Iterator[Finding]``."""
