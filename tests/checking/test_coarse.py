"""Swearing and insults, and the words that only look like them (NEEDS C3)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialdesk.checking.check import check
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import load

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def found(draft: Draft) -> list[Finding]:
    """Return what the family finds."""
    return [finding for finding in check(draft, load(), NOW) if finding.family == "coarse"]


FOUND = [
    ("es", "¿Y el descuento?", "El descuento es una puta maravilla: un 30 %."),
    ("es", "Tardáis mucho", "Es que el transportista es un capullo integral."),
    ("es", "Tardáis mucho", "Pues búscate otra tienda, tonto del culo."),
    ("es", "¿cómo quedó el partido?", "Nos dieron una paliza del carajo, pero volveremos."),
    ("es", "Menuda cola", "Sí, un coñazo, lo sabemos. Abrimos otra caja."),
    ("es", "sois caros", "Cómprate un amigo, gilip0llas."),
    ("es", "sois caros", "Vete un poquito a la m**rda."),
    ("en", "when is the sale", "Tomorrow, you lucky bastards!"),
    ("en", "traffic was awful", "Tell me about it, the ring road was an absolute shitshow."),
    ("en", "the queue is long", "Bear with us, the till's knackered and it's a right pain in the arse."),
    ("en", "you're expensive", "Then sod off to the supermarket."),
    ("en", "is it raining", "It's p1ssing down, bring a coat."),
    ("es", "¿Cuándo reponéis?", "Ni puta idea, la verdad. El proveedor no suelta prenda."),
    ("es", "El de al lado vende más barato", "El de al lado es un chorizo y lo sabe todo el barrio."),
    ("es", "Vaya precios", "Si no te llega, a llorar a la llorería, pringado."),
    ("es", "qué calor hace en la tienda", "Un calor de cojones, sí. Hemos pedido ventiladores."),
    ("es", "la web se ha caído", "Ya, está jodida desde las ocho. Trabajando en ello."),
    ("es", "menos excusas", "Que te den, majo."),
    ("en", "when are you restocking", "No bloody clue, the supplier won't say."),
    ("en", "the shop next door is cheaper", "They're a bunch of crooks and everybody round here knows it."),
    ("en", "hot in here", "Hot as balls, we know. Fans are coming."),
    ("en", "site's down", "Yeah, it's been buggered since eight."),
    ("en", "less excuses please", "Whatever, loser."),
    ("es", "gracias por nada", "De nada, subnormal."),
    ("es", "¿tan difícil es?", "Difícil es aguantar a gente tan gilipollas."),
    ("es", "qué tal la mudanza", "Una mierda como un piano, pero ya estamos."),
    ("es", "menuda racha", "Sí, hijo, sí, qué puta mierda de mes llevamos."),
    ("es", "os denunciaré", "Haz lo que te salga de las narices, y vete al carajo."),
    ("es", "¿cómo va?", "De puta madre, gracias por preguntar."),
    ("es", "siempre igual", "Tú lo que eres es un amargado de tres pares de narices."),
    ("en", "thanks for nothing", "You're welcome, dickhead."),
    ("en", "is it that hard", "What's hard is dealing with morons."),
    ("en", "how's the move", "A total clusterf*ck, but we're in."),
    ("en", "I'll sue", "Do what you damn well please."),
    ("en", "how are you", "Bloody marvellous, ta!"),
    ("es", "¿Qué tal el finde?", "Hasta los huevos de trabajar, pero bien."),
    ("es", "¿por qué lo habéis quitado?", "Porque era una chorrada de producto y no lo compraba ni Dios."),
    ("es", "¿el dueño?", "El dueño es un hijo de la gran p... pero paga bien."),
    ("es", "me estáis timando", "Aquí el único timador eres tú, sinvergüenza."),
    ("es", "oye que no contestáis", "¡Coño, que estamos comiendo!"),
    ("es", "qué lentos", "Cómeme los h... y espera tu turno."),
    ("es", "¿funciona?", "Funciona de la hostia."),
    ("en", "good weekend?", "Worked our arses off, but yes."),
    ("en", "why did you drop it", "It was a crap product and nobody bought the damn thing."),
    ("en", "and the owner?", "The owner's a son of a b... but he pays well."),
    ("en", "you're scamming me", "The only scammer here is you, you muppet."),
    ("en", "you never answer", "For f***'s sake, we're having lunch!"),
    ("en", "so slow", "Sit on it and wait your turn, moron."),
]

LEFT_ALONE = [
    (
        "es",
        "Hola, ¿cuándo abrís el lunes?",
        "¡Buenas! El lunes estamos desde las nueve y media. ¿Te apetece que te guardemos una barra?",
    ),
    (
        "es",
        "¿Se puede aparcar cerca?",
        "Sí, hay un aparcamiento público a cien metros y a nuestros clientes se les descuenta una hora. Pida el vale en recepción al salir.",
    ),
    (
        "es",
        "Vaya tomadura de pelo, llevo tres semanas con la caldera parada",
        "Tres semanas sin caldera en pleno noviembre es una barbaridad, Lourdes, y lo entendemos de sobra. El técnico ya tiene tu aviso el primero de la lista.",
    ),
    (
        "es",
        "Me encanta vuestra nueva web, muy cómoda",
        "¡Qué ilusión leerte! Se lo enseño a Nacho, que la hizo.",
    ),
    ("es", "El cupón no va", "El cupón caducó ayer, pero te hemos activado uno nuevo: prueba con OTOÑO10."),
    (
        "es",
        "No me ha llegado el correo de confirmación",
        "Deberías haber recibido el correo al momento, así que algo falló por nuestra parte. Te lo acabamos de reenviar.",
    ),
    (
        "es",
        "¿Qué hago si no me llega?",
        "Si no lo has recibido el jueves, escríbenos por aquí mismo y lo buscamos juntos.",
    ),
    (
        "es",
        "¿tenéis huevos de corral?",
        "Sí, la docena de huevos de corral está a 3,20 € y los de codorniz a 1,80 €.",
    ),
    ("es", "¿hacéis brazo de gitano?", "Sí, de nata y de trufa, por encargo."),
    (
        "es",
        "¿Venden leche sin lactosa?",
        "Sí, señora, la leche sin lactosa está junto a la mantequilla, al fondo a la derecha.",
    ),
    (
        "es",
        "¿lleva cacahuete?",
        "No lleva cacahuete ni otros frutos secos, pero se hornea en el mismo obrador.",
    ),
    ("es", "¿el arroz es picante?", "Lleva un poco de guindilla, pero puede pedirlo sin ella."),
    (
        "es",
        "¿Ha llegado el repartidor?",
        "El repartidor ha llegado a tu calle y está buscando aparcamiento; en cuanto lo vea, te llama.",
    ),
    (
        "es",
        "¿Qué hago con el albarán?",
        "Guarde el albarán y no se preocupe: con él puede reclamar cualquier desperfecto.",
    ),
    (
        "es",
        "¿Qué tal es el vino?",
        "Es un tinto joven, afrutado; va de maravilla con quesos. Si te gustan los más secos, mejor el crianza.",
    ),
    (
        "es",
        "¡Qué chulada de tienda!",
        "¡Muchas gracias! Vuelve cuando quieras, que siempre hay novedades en la mesa del fondo.",
    ),
    (
        "es",
        "no encuentro el botón de pagar",
        "Está abajo a la derecha, en verde. A veces el aviso de cookies lo tapa: ciérralo y aparece.",
    ),
    ("es", "¿tenéis wifi?", "¡Claro! La red se llama Invitados y no hace falta clave."),
    ("es", "el pescado estaba buenísimo", "¡Oído cocina! Se lo decimos a Paco, que se va a poner muy ancho."),
    (
        "en",
        "Third time my delivery hasn't turned up. I'm at the end of my tether",
        "Three missed deliveries would test a saint, and we're ashamed of it. The parcel is in our own van now, and Ravi is driving it himself.",
    ),
    (
        "en",
        "You might want to put a step by the door, my mum tripped",
        "Goodness, is your mum all right? Thanks for the nudge, a step went in this morning.",
    ),
    (
        "en",
        "I haven't received anything",
        "You should have had an e-mail on Monday; it bounced at our end, so here it is again.",
    ),
    (
        "en",
        "I ordered the wrong colour",
        "No trouble at all, we've swapped it for the green one. Nothing to send back yet.",
    ),
    (
        "en",
        "do you sell cocktail glasses",
        "Yes, cocktail glasses, tumblers and a lovely crystal ashtray, all on the left.",
    ),
    ("en", "do you sell pussy willow", "We do, pussy willow branches are £4 a bunch until March."),
    ("en", "my cat hates the new food", "Poor cat! Try mixing a spoonful with the old one for a week."),
    (
        "en",
        "I'm scared, the heater smells of burning",
        "Please unplug it now and open a window. That must be frightening; a new heater is coming to you at our cost.",
    ),
    ("en", "When do I get my keys", "Keys are handed over at noon at the desk; bring some ID."),
    (
        "es",
        "¿Llegará antes del viernes?",
        "Con el envío exprés, sí: lo que sale hoy antes de las 13 h suele llegar mañana. Si te va bien, elígelo al pagar.",
    ),
    ("es", "me he dejado el paraguas", "¡Aquí está esperándote! Azul con lunares, ¿verdad?"),
    (
        "es",
        "¿Qué necesito para devolverlo?",
        "Necesita el tique y que la prenda conserve la etiqueta. Tiene treinta días desde la compra.",
    ),
    (
        "es",
        "se me pasó la fecha de la devolución, ¿se puede hacer algo?",
        "Sí, tranquila, que por dos días no vamos a discutir. Tráelo el sábado y lo arreglamos.",
    ),
    (
        "es",
        "perdí el tique",
        "No te preocupes por el tique, con la tarjeta con la que pagaste lo encontramos.",
    ),
    (
        "es",
        "¿A nombre de quién está la reserva?",
        "Está a nombre de su marido, el señor Quiroga, para las dos y media.",
    ),
    (
        "es",
        "¿Vosotros hacéis bicis a medida?",
        "Sí. Nos dices tu altura y lo que sueles rodar, y en una tarde sale el boceto.",
    ),
    ("es", "Hola", "¡Hola, Nuria! ¿En qué podemos ayudarla?"),
    ("es", "Os paso el número de mi padre", "Perfecto, hablamos con él y le explicamos cómo se monta."),
    ("es", "¿Me lo puede apartar mi vecina?", "Sí, su vecina puede apartarlo y usted lo recoge el lunes."),
    ("es", "¡Gracias!", "¡A usted! Que tenga un buen fin de semana."),
    ("es", "qué hacéis con las mermas", "Las mermas van al comedor social. Aquí no se tira ni una hogaza."),
    ("es", "¿a qué sabe?", "A limón y un poco a leche condensada. Está de muerte."),
    (
        "es",
        "Mi hija se pasó la tarde llorando porque le dijisteis que había sitio y luego que no",
        "Imaginar a tu hija llorando por un error nuestro nos deja fatal. Tiene su sitio mañana, y la merienda la ponemos nosotros.",
    ),
    ("es", "¿Sabéis si mañana llueve?", "Dan sol toda la mañana y chubascos por la tarde."),
    ("es", "¿Cuándo llega mi pedido?", "El pedido está en reparto y llega hoy."),
    (
        "es",
        "Os falta opción vegana en la carta",
        "¡Tomamos nota! En la carta de primavera habrá dos platos veganos.",
    ),
    (
        "en",
        "I forgot my umbrella at your place",
        "It's here by the till, the yellow one with ducks. Pop in any time.",
    ),
    (
        "en",
        "the room was noisy",
        "Street rooms do get the buses, sorry about that. The quiet one at the back is yours for tonight.",
    ),
    ("en", "I lost the receipt", "No worries, the card you paid with is enough."),
    (
        "en",
        "Which one should I have bought for a beginner?",
        "You should have a look at the small one: lighter, cheaper, and you can't go wrong with it.",
    ),
    ("en", "Should I have booked?", "No need, we keep half of the tables free."),
    ("en", "what breed is the shop dog", "She's a shih tzu crossed with a cocker spaniel."),
    (
        "en",
        "what's the book about",
        'It\'s about a bastard son who becomes king; the title is "The Bastard Executioner".',
    ),
    (
        "en",
        "Here's a photo of the cake, it was a hit at the party!",
        "That photo is going straight on the bakery wall!",
    ),
    ("en", "been following you for years, never had a dud", "You've had us smiling all morning."),
    ("en", "A vegan pudding would be a nice addition", "On the list for spring it goes, great shout!"),
    (
        "es",
        "¿Puedo pagar con Bizum?",
        "Claro, en la web y en la tienda. Cuando llegues a caja, nos lo dices y te damos el código.",
    ),
    (
        "es",
        "¿Y si no estoy en casa cuando venga el repartidor?",
        "El repartidor vuelve a pasar al día siguiente. Si tampoco está usted, deja un aviso con la dirección del punto de recogida.",
    ),
    (
        "es",
        "¿Cuál es la diferencia entre los dos cascos?",
        "El negro pesa menos y el blanco ventila mejor. Para ciudad, cualquiera de los dos te servirá.",
    ),
    (
        "es",
        "¿El curso vale para principiantes?",
        "Está pensado para gente que empieza desde cero. Traes ganas y nosotros ponemos el barro.",
    ),
    (
        "es",
        "me habéis cobrado dos veces",
        "Perdona el susto, Laia. Fue un fallo del datáfono y ya te hemos devuelto los 23 €; los verás hoy mismo.",
    ),
    (
        "es",
        "¿Me lo cambiáis?",
        "Aunque en rebajas no solemos hacer cambios, contigo hacemos una excepción: es de la misma colección.",
    ),
    (
        "es",
        "No he recibido el vale",
        "Debería tenerlo ya en su correo; si no aparece, mírelo en promociones, que a veces va ahí.",
    ),
    (
        "es",
        "¿vendéis comida para hurones?",
        "Sí, pienso de pollo y pavo. También juguetes: pelotas, ratas de peluche y túneles.",
    ),
    (
        "es",
        "¿es verdad que la ostra va cruda?",
        "Va cruda, con unas gotas de limón. En Ostia la probamos así y nos la trajimos.",
    ),
    ("es", "¿lleva cola?", "No lleva cola: va cosido a mano, con hilo encerado."),
    (
        "es",
        "estoy muy perdida con las tallas",
        "¡Para eso estamos! Mídete el contorno de pecho y te digo cuál es la tuya.",
    ),
    ("es", "¿Cómo va lo mío?", "El paquete va a llegar el jueves, señor Ledesma."),
    ("es", "¿Hacéis descuento a grupos?", "A partir de diez personas, un 10 %."),
    (
        "es",
        "Vi vuestro anuncio, ¿es verdad que regaláis una bolsa?",
        "Es verdad: con cada compra, hasta que se acaben.",
    ),
    (
        "es",
        "¿Por qué es más caro que el año pasado?",
        "Subió el aceite y lo hemos repercutido en parte: de 4,20 a 4,60 €.",
    ),
    (
        "en",
        "Do you have waterproof backpacks?",
        "Two of them: 20 litres for £39 and 30 for £49. Both shrug off a downpour.",
    ),
    (
        "en",
        "you charged me twice",
        "Sorry for the scare, Laura. The terminal glitched and both charges are back on your card.",
    ),
    ("en", "can I swap it", "Sale items usually stay sold, but we'll make an exception for you."),
    (
        "en",
        "I haven't got the voucher",
        "It should be in your inbox by now; if you don't see it, have a peek in promotions.",
    ),
    (
        "en",
        "do you sell ferret food",
        "We do, chicken and turkey. Toys too: balls, rats with bells and tunnels.",
    ),
    ("en", "is the oyster raw", "Raw, with a drop of lemon."),
    (
        "en",
        "I've had no line since Monday and I work from home. I'm losing clients",
        "Losing clients because of our line is about the worst thing we can hear. The fault is found and a colleague is on it now.",
    ),
    (
        "en",
        "the code isn't coming through",
        "It can take a minute or two. Ask for it again and check the spam folder.",
    ),
    ("en", "best hairdresser's in Leeds by miles", "You've got all five of us blushing!"),
    (
        "es",
        "Buenos días, ¿hacéis revisiones de ITV?",
        "¡Buenos días, Joan! Hacemos la preITV por 35 € y en una hora la tienes. El jueves hay hueco a las diez.",
    ),
    (
        "es",
        "se me ha olvidado la contraseña",
        "Pulsa en «He olvidado mi contraseña» y te llega un enlace. Si no lo ves, mira en correo no deseado.",
    ),
    ("es", "¿Cuánto cuesta el menú?", "14,50 € con bebida y café. Los jueves hay arroz, avisado estás."),
    (
        "es",
        "Me operaron el martes y nadie me ha llamado para la cura. Estoy preocupada",
        "Esa llamada tenía que haberle llegado ayer, y sentimos la preocupación. Tiene la cura mañana a las nueve.",
    ),
    (
        "es",
        "Chapó por la profe de yoga, salgo nueva",
        "¡Se lo digo ahora mismo, que le va a hacer mucha ilusión!",
    ),
    (
        "es",
        "He perdido el tren",
        "¡Vaya faena! El siguiente sale a las 17:05 y tu billete vale también para ese.",
    ),
    (
        "es",
        "Me llegó la talla mal",
        "Metimos la 40 en la caja de la 42, qué despiste el nuestro. Sale otra hoy.",
    ),
    (
        "es",
        "¿Qué pasó con el evento?",
        "Se suspendió por la lluvia. Si compraste entrada, el dinero vuelve solo a la tarjeta.",
    ),
    ("es", "¿qué flores hay?", "Capullos de peonía, margaritas y culantrillo. El ramo pequeño, 12 €."),
    ("es", "¿Qué lleva el cóctel?", "Ron, lima y hierbabuena, machacada a mano. No te arrepentirás."),
    ("es", "¿hay descuento para jubilados?", "Sí, un 15 % los martes presentando la tarjeta."),
    ("en", "can I bring my dog", "Dogs are welcome on the terrace; inside, guide dogs only."),
    (
        "en",
        "two hours waiting for our food and the little one in tears",
        "Two hours with a hungry toddler, we wouldn't wish it on anybody. The plates are coming now and pudding is on us.",
    ),
    (
        "en",
        "hats off to the yoga teacher, I feel brand new",
        "I'll read this out to her, she'll be thrilled!",
    ),
    (
        "en",
        "I missed the train",
        "What rotten luck! The next one leaves at 17:05 and your ticket is good for it.",
    ),
    ("en", "wrong size arrived", "We put a 10 in a 12's box, silly us. The right one leaves today."),
    (
        "en",
        "what happened to the event",
        "It was rained off. If you bought a ticket, the money goes back to your card by itself.",
    ),
    ("en", "what flowers do you have", "Peony buds, daisies and sweet williams. The small bunch is £12."),
    ("en", "is there a pensioners' discount", "Yes, 15% on Tuesdays with the card."),
]


@pytest.mark.parametrize(("language", "question", "answer"), FOUND)
def test_c3_a_coarse_word_is_found(language: str, question: str, answer: str) -> None:
    assert found(Draft(answer, question, language=language))


@pytest.mark.parametrize(("language", "question", "answer"), LEFT_ALONE)
def test_c3_what_only_looks_coarse_is_left_alone(language: str, question: str, answer: str) -> None:
    assert not found(Draft(answer, question, language=language))


def test_c3_a_customers_name_and_the_brands_are_no_swear_words() -> None:
    assert not found(Draft("Gracias, señor Coño.", names=("Coño",), language="es"))
    assert not found(Draft("Puta Madre Bar abre a las ocho.", brand="Puta Madre Bar", language="es"))


def test_c3_the_place_is_the_word_itself() -> None:
    text = "Pues sí, vaya MIERDA de día."
    (finding,) = found(Draft(text, language="es"))
    assert text[finding.start : finding.end] == "MIERDA"


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("ca", "Quina merda de servei."),
        ("gl", "Vaia merda de servizo."),
        ("pt", "Que merda de transportadora."),
        ("fr", "C'est de la merde, ce transporteur."),
        ("it", "Che cazzo vuole?"),
        ("de", "Das ist doch scheiße gelaufen."),
        ("nl", "Wat een kutzooi is dit."),
        ("es", "Esto es bullshit, la verdad."),
    ],
)
def test_c6_the_obvious_swear_words_of_ten_languages_are_found(language: str, answer: str) -> None:
    assert found(Draft(answer, language=language))


def test_c3_a_milder_word_is_proposed_where_there_is_one() -> None:
    mends = {finding.mend for finding in found(Draft("¡Joder! Vaya putada, Eneko.", language="es"))}
    assert mends == {"Vaya", "faena"}
