"""X's calls, as its own client for Python has them (the package ``xdk``, MIT): its source is read, nothing of it is run.

That client is made from X's OpenAPI document. Since 0.10 it knows the values of each parameter, and the newer names of the
fields; 0.9 knows the former names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from live.judging import Operation, Parameter

_PARTS = ("users", "posts", "direct_messages")
_PAGES = {"mentions": (5, 100), "tweets": (5, 100), "recent": (10, 100), "dm_events": (1, 100)}
"""How much a page may hold, by the end of a call's address: the client leaves that out, X's documentation has it."""


def operations(folder: Path) -> list[Operation]:
    """Return every call that a version of the client can make."""
    found: list[Operation] = []
    for part in _PARTS:
        tree = ast.parse((folder / "xdk" / part / "client.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (one := _operation(node)):
                found.append(one)
    return found


def body_faults(folder: Path, kind: str, body: Any) -> list[str]:
    """Return what is wrong with a body, down to the objects in it."""
    tree = ast.parse((folder / "xdk" / "schemas.py").read_text(encoding="utf-8"))
    kinds = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    part = kind.removeprefix("schemas.")
    return list(_body_faults(kinds, part if part in kinds else _meant(folder, part), body))


def _meant(folder: Path, name: str) -> str:
    """Return the schema behind the name that a part of the client gives it."""
    for part in _PARTS:
        for line in (folder / "xdk" / part / "models.py").read_text(encoding="utf-8").splitlines():
            if line.startswith(f"{name} = schemas."):
                return line.rpartition(".")[2]
    raise LookupError(name)


def _body_faults(kinds: Mapping[str, ast.ClassDef], kind: str, body: Any) -> Iterator[str]:
    if not isinstance(body, dict):
        yield f"{kind} is no object"
        return
    fields = {
        one.target.id: one
        for one in kinds[kind].body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }
    for name in body.keys() - fields.keys():
        yield f"{kind} has no {name}"
    for name, one in fields.items():
        written = ast.unparse(one.annotation)
        if name not in body:
            if "Optional" not in written:
                yield f"{kind} lacks {name}"
            continue
        inner = next((word for word in _words(one.annotation) if word in kinds), "")
        values = body[name] if "List" in written else [body[name]]
        for value in values:
            if inner:
                yield from _body_faults(kinds, inner, value)
            elif not isinstance(value, bool if "bool" in written else str):
                yield f"{kind}.{name} is of another kind"


def _operation(node: ast.FunctionDef) -> Operation | None:
    paths = [word for word in _words(node) if word.startswith("/2/")]
    methods = [
        call.func.attr
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Attribute)
        and call.func.value.attr == "session"
    ]
    if not (paths and methods):
        return None
    hints = {one.arg: one.annotation for one in node.args.args}
    body = hints.get("body")
    known = {wire: _parameter(hints.get(name)) for wire, name in _sent(hints, paths[0])}
    low, high = _PAGES.get(paths[0].rsplit("/", 1)[-1], (None, None))
    if "max_results" in known:
        known["max_results"] = replace(known["max_results"], whole=True, least=low, most=high)
    return Operation(methods[0].upper(), paths[0], known, _last_name(body) if body is not None else "")


def _sent(arguments: Mapping[str, ast.expr | None], path: str) -> Iterator[tuple[str, str]]:
    """Return what may stand in a call's query, and the argument for it."""
    for name in arguments.keys() - {"self", "body"}:
        if f"{{{name}}}" not in path:
            yield f"{name.removesuffix('_fields')}.fields" if name.endswith("_fields") else name, name


def _parameter(hint: ast.expr | None) -> Parameter:
    if hint is None:
        return Parameter()
    written = ast.unparse(hint)
    return Parameter(
        whole="int" in written,
        of=frozenset(_words(hint)) if "Literal" in written else frozenset(),
        several="List" in written,
    )


def _last_name(hint: ast.expr) -> str:
    names = [
        one.id
        for one in ast.walk(hint)
        if isinstance(one, ast.Name) and one.id not in ("Optional", "Dict", "Any")
    ]
    attributes = [one.attr for one in ast.walk(hint) if isinstance(one, ast.Attribute)]
    return (attributes or names or ["object"])[0]


def _words(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
