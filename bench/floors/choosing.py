"""The list of canned replies alone, with 2,000 of them: what ``bench_replies`` types into."""

from textual.app import App

from socialdesk.replies.canned import Address, Attitude, Reply, Wording
from socialdesk.replies.composing import Composer, Entry, entries
from socialdesk.replies.filling import Values
from socialdesk.replies.finding import Finder
from socialdesk.screens.chooser import Chooser, Told
from socialdesk.themes import THEMES

REPLIES = 2_000
WORDS = [
    "pedido",
    "retraso",
    "cambio",
    "talla",
    "color",
    "envío",
    "tienda",
    "taller",
    "dinero",
    "factura",
    "horario",
    "mesa",
    "reserva",
    "bici",
    "café",
]


def library() -> list[Reply]:
    """Return that many replies, four to a situation."""
    made = []
    for number in range(REPLIES // 4):
        first, second = WORDS[number % 15], WORDS[number * 7 % 15]
        title = f"El {first} y el {second}, caso {number}"
        for attitude in Attitude:
            wording = Wording(text=f"Entendemos lo del {first}, {{customer}}. " * 3)
            made.append(Reply(f"s{number}", attitude, "es", title, f"{second} {number}", "", (wording,)))
    return made


class Choosing(App[None]):
    """Opens the list at once."""

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(THEMES[0])
        self.theme = THEMES[0].name

    def on_mount(self) -> None:
        composer = Composer(Values(customer="Marta"), Address.INFORMAL, short=False)
        finder = Finder(entries(library(), {}), lambda entry: (entry.title, f"{entry.id} {entry.keywords}"))

        def tell(entry: Entry, full: bool) -> Told:
            return Told(entry.title, entry.language, composer.compose(entry).text if full else "")

        self.push_screen(Chooser("READY", finder.find, tell, "", lambda entry: None))


if __name__ == "__main__":
    Choosing().run()
