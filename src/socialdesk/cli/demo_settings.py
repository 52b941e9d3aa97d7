"""What the demo's businesses promise, and when they are open: a config.toml as a person would have written it."""

from __future__ import annotations

from socialdesk.i18n import N_

N_(
    "Money"
)  # the label of a situation below: labels are shown in the language of the desk where it knows them

SETTINGS = """\
# The demo's own promises and calendars: change them here or with "p" on the screen.
# Everything else (language, colours, keys) comes from your own config.toml.

[warnings]
at = [0.5, 0.8]
quiet = "22:00-08:00"

# How answers are given: the shops say tú, the workshop says usted.
[answering]
address = "tu"

[answering."Ciclos Ronda"]
address = "usted"
words = ["tubeless", "gravel", "bikepacking"]

[answering."Lino & Lana"]
words = ["Faro", "oversize"]

# Nobody else is in the room: these answers are held for a while, and the protocol is gone through first.
[approval]
situations = ["insult", "threat", "crisis"]
cool_down = "30s"

# A café: mornings and afternoons, late on Fridays and Saturdays, closed on Mondays.
[calendars."Café Azahar"]
zone = "Europe/Madrid"
mon = "closed"
tue = "08:00-13:00, 16:00-21:00"
wed = "08:00-13:00, 16:00-21:00"
thu = "08:00-13:00, 16:00-21:00"
fri = "08:00-13:00, 16:00-00:30"
sat = "09:00-14:00, 17:00-00:30"
sun = "09:00-15:00"
holidays = "ES-VC"
local_days = ["01-22 San Vicente Mártir", "04-20 San Vicente Ferrer"]
acknowledge = true

# A bicycle shop: split shifts, and Saturday mornings.
[calendars."Ciclos Ronda"]
zone = "Europe/Madrid"
mon = "10:00-14:00, 17:00-20:30"
tue = "10:00-14:00, 17:00-20:30"
wed = "10:00-14:00, 17:00-20:30"
thu = "10:00-14:00, 17:00-20:30"
fri = "10:00-14:00, 17:00-20:30"
sat = "10:00-14:00"
holidays = "ES-AN"
local_days = ["01-24 Virgen de la Paz", "05-20 Feria de Mayo"]

# A shop on the web: its people work office hours, but its promises never sleep.
[calendars."Lino & Lana"]
zone = "Atlantic/Canary"
mon = "09:00-18:00"
tue = "09:00-18:00"
wed = "09:00-18:00"
thu = "09:00-18:00"
fri = "09:00-15:00"
holidays = "ES-CN"
runs = "wall"

[[promise]]
brand = "Café Azahar"
channel = "x"
first = "2h"

[[promise]]
brand = "Ciclos Ronda"
resolution = "3d"

[[situation]]
id = "stranded"
words = ["acabo de pinchar", "veinte minutos en la terraza", "sin mesa", "I fly home tomorrow", "para mañana"]

[[situation]]
id = "can_wait"
words = ["talla", "color", "enhorabuena", "precioso", "preciosa"]

[[situation]]
id = "payment"
label = "Money"
words = ["cargos", "reembolso", "he pagado", "cobrado", "charged", "refund"]
first = "3h"
resolution = "2d"
"""
