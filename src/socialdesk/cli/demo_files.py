"""What the demo's businesses know of themselves and say in their own words: facts and replies, as a person would have written them."""

from __future__ import annotations

FILES = {
    "facts/cafe-azahar.toml": """\
brand = "Café Azahar"

[[fact]]
name = "opening_hours"
label = "Horario"
text = "de martes a domingo desde las 8:00 (sábados, desde las 9:00); los lunes cerramos"
confirmed = 2026-11-02
[fact.languages]
en = "Tuesday to Sunday from 8 am (Saturdays from 9 am); closed on Mondays"

[[fact]]
name = "phone"
label = "Teléfono de reservas"
text = "960 000 118"
confirmed = 2026-11-02

[[fact]]
name = "address"
label = "Dirección"
text = "calle de la Seda, 7, junto a la Lonja"
confirmed = 2026-11-02

[[fact]]
name = "allergens"
label = "Alérgenos"
text = "La carta señala los catorce alérgenos plato por plato; en cocina hay frutos secos y gluten."
confirmed = 2026-03-15
""",
    "facts/ciclos-ronda.toml": """\
brand = "Ciclos Ronda"

[[fact]]
name = "opening_hours"
label = "Horario"
text = "de lunes a viernes de 10:00 a 14:00 y de 17:00 a 20:30; sábados, de 10:00 a 14:00"
confirmed = 2026-10-20
[fact.languages]
en = "Monday to Friday 10 am to 2 pm and 5 pm to 8.30 pm; Saturdays 10 am to 2 pm"

[[fact]]
name = "phone"
label = "Taller"
text = "954 000 263"
confirmed = 2026-10-20

[[fact]]
name = "prices"
label = "Revisión completa"
text = "La revisión completa cuesta 45 €; las piezas, aparte y con presupuesto antes de cambiarlas."
confirmed = 2026-01-10

[[fact]]
name = "rental"
label = "Alquiler"
text = "18 € al día con casco y candado; a partir de tres días, 15 €."
confirmed = 2026-09-01
""",
    "facts/lino-lana.toml": """\
brand = "Lino & Lana"

[[fact]]
name = "returns"
label = "Devoluciones"
text = "30 días desde que llega el pedido; la recogida es gratuita"
confirmed = 2026-11-10
[fact.languages]
en = "30 days from delivery, and collection is free"
ca = "30 dies des que arriba la comanda; la recollida és gratuïta"

[[fact]]
name = "shipping"
label = "Envíos"
text = "de 2 a 4 días en la Península y de 5 a 8 en Canarias y Baleares"
confirmed = 2026-11-10
[fact.languages]
en = "2 to 4 days in mainland Spain, 5 to 8 to the islands"

[[fact]]
name = "website"
label = "Web"
text = "https://linoylana.example"
confirmed = 2026-11-10

[[fact]]
name = "sizes"
label = "Guía de tallas"
text = "https://linoylana.example/tallas"
confirmed = 2026-11-10
""",
    "replies/ciclos-ronda/bike_ready.toml": """\
situation = "bike_ready"
language = "es"
title = "La bici está lista"
keywords = "taller reparación recoger lista"
brand = "Ciclos Ronda"

[[solve]]
formal = "Su bicicleta ya está lista, {customer}. Puede recogerla {fact:opening_hours}."
formal_short = "Su bicicleta ya está lista, {customer}: {fact:opening_hours}."

[[close]]
formal = "Que la disfrute, y si algo no va fino, aquí estamos."
""",
}
"""Path below the demo's folder -> content."""
