"""Floor: one field to type into, and a line that repeats it."""

from textual.app import App, ComposeResult
from textual.widgets import Input, Static


class BareField(App[None]):
    """A field and a line."""

    def compose(self) -> ComposeResult:
        yield Input(placeholder="READY")
        yield Static(markup=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        self.query_one(Static).update(event.value)


if __name__ == "__main__":
    BareField().run()
