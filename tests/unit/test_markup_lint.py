"""Nothing that people see is ever read as markup: a customer's "[/x]" would crash it, "[@click=...]" would run."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "socialdesk"
FOLDERS = ("screens", "widgets")
FILES = sorted([SOURCE / "app.py", *(file for name in FOLDERS for file in (SOURCE / name).glob("*.py"))])
MARKUP_WIDGETS = {"Static", "Label", "OptionList", "SelectionList"}
MARKUP_CALLS = {"from_markup"}
FORBIDDEN_WIDGETS = {
    "Markdown",
    "MarkdownViewer",
    "RichLog",
    "Button",
    "Footer",
    "Header",
    "ListItem",
    "Pretty",
}


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            yield name, node


def says_no_markup(call: ast.Call) -> bool:
    return any(
        word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is False
        for word in call.keywords
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_text_is_markup(file: Path) -> None:
    for name, call in calls(file):
        place = f"{file.name}:{call.lineno}"
        assert name not in FORBIDDEN_WIDGETS | MARKUP_CALLS, place
        if name in MARKUP_WIDGETS:
            assert says_no_markup(call), f"{place}: {name} without markup=False"
        if name == "Option":
            first = call.args[0]
            assert isinstance(first, ast.Call), f"{place}: give Option a Text, not a string"
    assert "markup=True" not in file.read_text()


def test_notify_never_reads_markup() -> None:
    from socialdesk.app import DeskApp

    assert inspect.signature(DeskApp.notify).parameters["markup"].default is False
