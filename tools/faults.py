"""Small faults in a module, for trying whether its tests bite (``mutants.py``).

A turned comparison, a forgotten call or condition, an element left out, another number... also inside SQL and the sets
of characters of a pattern. Not tried: what is logged, and sentences.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

PACKAGE = Path(__file__).resolve().parent.parent / "src/socialdesk"

OPPOSITES: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd,
}  # fmt: skip
SQL = re.compile(r"\b(SELECT|UPDATE|INSERT|WHERE|AND|ORDER BY)\b")
IN_SQL = {
    r" AND ": " OR ", r" OR ": " AND ", r"<=": "<", r">=": ">", r"<>": "=", r"(?<![<>])=": "<>", r"<(?![=>])": "<=",
    r"(?<!<)>(?!=)": ">=", r"'[a-z_]+'": "'x'", r"IS NULL": "IS NOT NULL", r"NOT EXISTS": "EXISTS", r"\b0\b": "1",
    r"\b1\b": "2", r" \+ ": " - ", r"\bmin\b": "max", r"ORDER BY [\w.]+, ": "ORDER BY ",
}  # fmt: skip
CHARACTERS = re.compile(r"(\\x..|\\u.{4}|[^ -~])(-(\\x..|[^ -~]))?|[*?+]\+?")


class Fault(NamedTuple):
    """One change of a module: what was done where, and the module's text with it."""

    module: str
    function: str
    line: int
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.module}.py:{self.line} {self.function}: {self.what}"


Change = tuple[ast.AST, str, dict[str, Any]]


def changes(node: ast.AST, where: str = "") -> Iterator[Change]:
    """Yield each possible change below a node: the node, its function, its fields with the change in them."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        where = f"{where}.{node.name}".strip(".")
    if _is_left_alone(node):
        return
    yield from ((node, where, fields) for fields in _of(node))
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns", "decorator_list"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from changes(child, where)


def _is_left_alone(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):
            return True  # a docstring
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="log")))):
            return True
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
    return isinstance(node, ast.Import | ast.ImportFrom)


def _of(node: ast.AST) -> Iterator[dict[str, Any]]:
    """Yield the changes of one node; ``not not`` stands for a ``not`` that is missing."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in OPPOSITES:
            yield {"ops": [OPPOSITES[type(op)]()]}
        case ast.BoolOp(op=op) | ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in OPPOSITES:
            yield {"op": OPPOSITES[type(op)]()}
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield {"operand": ast.UnaryOp(ast.Not(), operand)}
        case ast.Constant(value=value):
            yield from ({"value": other} for other in _others(value))
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield {"value": ast.Constant(None)}
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield {"value": ast.Constant(None)}
        case ast.Assign(targets=[ast.Attribute()]):
            yield {"targets": [ast.Name("_")]}
        case ast.comprehension(ifs=[_, *_]):
            yield {"ifs": []}
        case ast.Dict(keys=keys, values=values):
            pairs = zip(_shorter(keys), _shorter(values), strict=True)
            yield from ({"keys": k, "values": v} for k, v in pairs)
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(
        node.test, ast.Compare | ast.BoolOp | ast.UnaryOp
    ):
        yield {"test": ast.UnaryOp(ast.Not(), node.test)}
    for name in ("keywords", "elts", "cases"):
        items = getattr(node, name, [])
        if len(items) > (name != "keywords") and not isinstance(getattr(node, "ctx", None), ast.Store):
            yield from ({name: rest} for rest in _shorter(items))


def _shorter(items: list[Any]) -> Iterator[list[Any]]:
    yield from (items[:i] + items[i + 1 :] for i in range(len(items)))


def _others(value: object) -> Iterator[object]:
    """Yield what could stand in the place of a constant; sentences are not tried."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield value + 1
    elif isinstance(value, str) and SQL.search(value):
        for pattern, other in IN_SQL.items():
            yield from (value[: m.start()] + other + value[m.end() :] for m in re.finditer(pattern, value))
    elif isinstance(value, str) and CHARACTERS.search(value) and len(value) > 1:
        yield from (value[: m.start()] + value[m.end() :] for m in CHARACTERS.finditer(value))
    elif isinstance(value, str) and " " not in value.strip():
        yield f"{value}XX"


def faults(module: str) -> list[Fault]:
    """Return every fault of a module that still compiles; raises ``AssertionError`` where it cannot be written anew."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text("utf-8"))
    plain = ast.unparse(tree)
    assert ast.dump(ast.parse(plain)) == ast.dump(tree), module
    made = []
    for node, where, fields in changes(tree):
        line, before = getattr(node, "lineno", 0), {name: getattr(node, name) for name in fields}
        was = _words(node)
        for name, value in fields.items():
            setattr(node, name, value)
        text, now = ast.unparse(tree), _words(node)
        for name, value in before.items():
            setattr(node, name, value)
        try:
            compile(text, module, "exec")
        except (SyntaxError, ValueError):
            continue
        if text != plain:
            made.append(Fault(module, where, line, _difference(was, now), text))
    return made


def _words(node: ast.AST) -> str:
    try:
        return ascii(" ".join(ast.unparse(node).split()))[1:-1]
    except (AttributeError, TypeError):
        return type(node).__name__


def _difference(was: str, now: str) -> str:
    """Say what changed, with the words around it."""
    head = _alike(was, now)
    tail = _alike(was[head:][::-1], now[head:][::-1])
    start = max(head - 25, 0)
    return f"{was[start : len(was) - tail + 10]} -> {now[start : len(now) - tail + 10]}"


def _alike(one: str, other: str) -> int:
    """Return how many characters at the beginning are the same."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
