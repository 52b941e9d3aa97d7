"""Wording that makes the customer guilty, and what only resembles it (NEEDS C1)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialdesk.checking.check import check
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import load

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def found(draft: Draft) -> list[Finding]:
    """Return what the family finds."""
    return [finding for finding in check(draft, load(), NOW) if finding.family == "blame"]


FOUND = [
    (
        "es",
        "Se me ha roto la cremallera al segundo uso, estoy muy disgustada",
        "Esa cremallera solo se rompe si se fuerza, así que algo habrá hecho usted.",
    ),
    (
        "es",
        "¿Por qué no me cambiáis el bañador?",
        "Porque le quitaste la etiqueta, y eso está bien claro en el tique.",
    ),
    (
        "es",
        "No puedo entrar con mi contraseña",
        "Será porque la ha tecleado mal. Inténtelo otra vez, despacio.",
    ),
    ("es", "¿Dónde está mi factura?", "Te la enviamos el día 3; mira en tu bandeja antes de preguntar."),
    ("es", "Me han cobrado gastos de envío", "Los gastos los vio usted antes de pagar y los aceptó."),
    ("es", "El cupón no va", "El cupón caducó ayer. Si hubieses comprado antes, ahora lo tendrías."),
    (
        "es",
        "El móvil se ha quedado sin batería en dos horas",
        "Eso es por tenerlo siempre enchufado, como haces tú.",
    ),
    ("es", "¿Por qué me cancelaron la reserva?", "Porque no se presentó usted a la hora. Así de sencillo."),
    ("es", "me llegó tarde el regalo", "Normal, lo pediste el 23. Haberlo encargado con tiempo."),
    ("es", "¿Y el descuento?", "Os recordamos por tercera vez que el descuento no se acumula."),
    ("en", "", "You ought to have kept the receipt."),
    ("en", "the zip broke", "Zips don't break unless they're forced, so you've probably pulled too hard."),
    ("en", "I can't log in", "That's because you keep typing it wrong."),
    ("en", "my cake sank", "It sank because you opened the oven. The recipe says not to."),
    ("en", "why was I charged?", "Because you didn't cancel in time. It's all in the terms you accepted."),
    ("en", "I ordered the wrong colour", "Next time have a closer look before you click."),
    ("en", "it's too small", "We told you it runs small."),
    (
        "es",
        "se me pasó la fecha de la devolución, ¿se puede hacer algo?",
        "No, el plazo era de 30 días y tuviste tiempo de sobra.",
    ),
    (
        "es",
        "¿Por qué no me llega el boletín?",
        "Seguramente lo haya marcado usted como spam sin darse cuenta, como le pasa a mucha gente de su perfil.",
    ),
    ("es", "La funda no encaja", "Claro que no encaja, es que la estás poniendo al revés."),
    (
        "es",
        "no me habéis devuelto la fianza",
        "La fianza no se devuelve cuando el cliente entrega la bici hecha un asco.",
    ),
    (
        "es",
        "Me dieron habitación con ruido",
        "Usted pidió habitación exterior, así que no entendemos la queja.",
    ),
    ("es", "me ha llegado roto", "Los repartidores dicen que lo dejaste tirado en el rellano todo el día."),
    ("es", "no me deja canjear el bono", "Si no sabéis leer las condiciones, poco podemos hacer."),
    ("es", "Esperé media hora en la puerta", "Debería haber llamado al timbre, que para eso está."),
    ("en", "I missed the return window by two days, anything you can do?", "You had a whole month, so no."),
    ("en", "The cover doesn't fit", "Of course it doesn't, you're putting it on backwards."),
    ("en", "the room was noisy", "You requested a street view, so we don't see the problem."),
    ("en", "my deposit?", "Deposits aren't returned when guests leave the place in such a state."),
    ("en", "it arrived broken", "The courier says you left it outside all day."),
    ("en", "I can't redeem the voucher", "If you can't read the small print, we can't help."),
    ("en", "nobody opened the door", "There's a bell. Perhaps try using it."),
    ("es", "me habéis cobrado dos veces", "Eso es que le diste dos veces al botón."),
    (
        "es",
        "Mi tarjeta no funciona en el torno",
        "Su tarjeta no funciona porque usted no la activó, como se le explicó al darse de alta.",
    ),
    (
        "es",
        "¿Por qué no puedo cancelar?",
        "Porque has esperado al último momento. Las cancelaciones se hacen con 24 horas.",
    ),
    ("es", "No sabía que cerrabais", "Lo anunciamos en todas partes, no sé cómo no lo viste."),
    (
        "es",
        "Las gafas se han rayado",
        "Unas gafas no se rayan si se limpian con su gamuza. Es evidente que usted no lo hizo.",
    ),
    ("es", "¿Me lo cambiáis?", "Ya te avisé de que en rebajas no hay cambios."),
    ("es", "¿Me lo cambiáis?", "Lo siento, pero es problema tuyo: en rebajas no hay cambios."),
    ("es", "No me dieron factura", "Tendría que haberla pedido en el momento."),
    ("es", "la tarta estaba seca", "Si la guardas en la nevera sin tapar, normal que se seque."),
    ("en", "you charged me twice", "That'll be because you hit the button twice."),
    (
        "en",
        "my card doesn't open the gate",
        "It doesn't open because you never activated it, as was explained when you signed up.",
    ),
    ("en", "why can't I cancel", "Because you left it to the last minute."),
    ("en", "I didn't know you were closed", "It was announced everywhere, I don't know how you missed it."),
    (
        "en",
        "the glasses are scratched",
        "Glasses don't get scratched if they're cleaned with the cloth. You evidently didn't.",
    ),
    ("en", "can I swap it", "I did tell you there are no swaps during the sale."),
    ("en", "can I swap it", "Sorry, but that's your problem."),
    ("en", "I didn't get an invoice", "You ought to have asked for it at the time."),
    ("en", "the cake was dry", "Well, if you keep it in the fridge uncovered, what do you expect?"),
    (
        "es",
        "No me llega el agua caliente",
        "¿Has mirado si la llave está abierta? Porque casi siempre es eso, que no leéis el papel de la puerta.",
    ),
    ("es", "Me cobraron el minibar", "Si no quería pagarlo, no haberlo consumido."),
    (
        "es",
        "El tinte me quedó naranja",
        "Ya te avisó la peluquera de que tu pelo no aguantaba más decoloraciones y tú insististe.",
    ),
    ("es", "La lavadora pierde agua", "La fuga se debe a una instalación incorrecta por su parte."),
    (
        "es",
        "He perdido el tren",
        "Si llegas a las puertas cuando ya están cerradas, la responsabilidad no es nuestra.",
    ),
    (
        "es",
        "No encuentro la tienda",
        "Está en la dirección que aparece en el mapa, no tiene pérdida si uno se fija.",
    ),
    ("es", "Me llegó la talla mal", "La talla mal la pediste tú, mira el correo."),
    (
        "es",
        "Me duele la espalda desde el masaje",
        "Lo mismo es que no siguió usted las indicaciones que le dimos.",
    ),
    (
        "es",
        "Nos cancelasteis la mesa",
        "La mesa se cancela a los quince minutos, lo pone en la confirmación que nadie lee.",
    ),
    (
        "en",
        "no hot water",
        "Have you checked the valve? It's nearly always that, because people won't read the sign on the door.",
    ),
    (
        "en",
        "you charged me for the minibar",
        "If you didn't want to pay for it, you shouldn't have drunk it.",
    ),
    ("en", "my hair came out orange", "The stylist warned you, and you insisted."),
    ("en", "the washing machine leaks", "The leak is due to faulty installation on your side."),
    (
        "en",
        "I missed the train",
        "If you turn up when the doors are closed, that's hardly our responsibility.",
    ),
    ("en", "can't find the shop", "It's where the map says it is, you can't miss it if you pay attention."),
    ("en", "wrong size arrived", "You're the one who picked that size, check your e-mail."),
    ("en", "my back hurts since the massage", "Maybe you didn't follow the advice we gave you."),
    (
        "en",
        "you gave our table away",
        "Tables are released after fifteen minutes. It's in the confirmation nobody reads.",
    ),
]

LEFT_ALONE = [
    (
        "es",
        "¿Tenéis la talla 40?",
        "Nos queda una en azul marino y otra en verde botella. Dime cuál prefieres.",
    ),
    (
        "es",
        "La sopa llegó helada y tuvimos que pedir otra",
        "Tiene usted toda la razón y le pedimos disculpas: la sopa no salió a la temperatura que debía. Hemos hablado con la cocina esta misma mañana.",
    ),
    (
        "es",
        "Os he llamado siete veces y ni caso. Sois unos informales",
        "Siete llamadas sin respuesta no tienen perdón. La centralita estuvo caída toda la mañana y ya funciona.",
    ),
    (
        "es",
        "¿Y si pusierais un banco en la entrada? Mi madre no aguanta de pie",
        "Pues es una idea estupenda, la llevamos a la reunión del jueves. Gracias a ti y a tu madre.",
    ),
    (
        "es",
        "¿Debería haber recibido ya el paquete?",
        "Sí, debería haberlo recibido el martes; la agencia lo tenía retenido y hoy ha salido a reparto.",
    ),
    (
        "es",
        "Creo que me equivoqué al poner la calle",
        "No pasa nada, Julia: si te has equivocado de calle, lo cambiamos en un minuto. ¿Cuál es la buena?",
    ),
    (
        "es",
        "No entiendo las instrucciones del montaje",
        "Las instrucciones no se entienden, es verdad: el fallo es nuestro. Primero van los cuatro tornillos largos y después los cortos.",
    ),
    (
        "es",
        "¿qué pelotas de pádel vendéis?",
        "Tenemos tres marcas de pelotas; las de tres botes salen a 12 €.",
    ),
    (
        "es",
        "busco cojines y una alfombra de pelo largo",
        "Los cojines están en la segunda planta y la alfombra de pelo largo, en la tercera, junto a las lámparas.",
    ),
    (
        "es",
        "¿a quién le pregunto por el curso de cerámica?",
        "Pregunta por Concha o por Dolores, las dos lo dan y son un encanto.",
    ),
    ("es", "¿el arroz es picante?", "Lleva un poco de guindilla, pero puedes pedirlo sin ella."),
    (
        "es",
        "¿Es compatible con mi bici?",
        "El soporte puede colocarse en cualquier manillar y su tornillo es de acero. Te dejo la foto.",
    ),
    (
        "es",
        "Mi hija pidió unas zapatillas",
        "Tu hija puede recogerlas cuando quiera, solo tiene que dar su nombre en caja.",
    ),
    ("es", "Gracias por todo", "Gracias a usted por confiar en nosotros, don Matías. Aquí tiene su casa."),
    (
        "es",
        "¿Cuánto duran las gafas de la oferta?",
        "La oferta dura hasta fin de mes y las gafas llevan dos años de garantía.",
    ),
    (
        "es",
        "Ya es la tercera vez que me mandan la talla equivocada",
        "Tres veces es demasiado, doña Amparo; qué vergüenza nos da. La correcta va ya en reparto y esta corre de nuestra cuenta.",
    ),
    ("es", "¿el pedido 3 va con lazo?", "Va con lazo rojo y tarjeta, como en la foto."),
    ("es", "Sugiero que pongáis música más bajita", "¡Buena observación! Desde hoy va dos puntos más baja."),
    (
        "en",
        "Do you have size 12 in the blue boots?",
        "We do, two pairs left in blue. They run a little large, so an 11.5 may do.",
    ),
    (
        "en",
        "This lamp is amazing, lights up the whole room",
        "So happy to read that! It was our designer's first one.",
    ),
    (
        "en",
        "my cake sank",
        "It happens to all of us! Try it five minutes longer next time, and keep the door shut for the first half hour.",
    ),
    (
        "en",
        "why was I charged?",
        "The trial ended on the 3rd and the plan renewed by itself. I've refunded it in full.",
    ),
    ("en", "it's too small", "It does run small, you're not the first to say so. The 14 is on its way."),
    (
        "en",
        "what's the class like",
        "It's a good class for beginners, and Dick, who teaches it, has been assessing riders for years.",
    ),
    ("en", "how hot is the stew", "Scunthorpe hot, as the cook says: spicy, but you'll survive."),
    (
        "en",
        'So my refund is "processing". Again. Brilliant.',
        "I'd be rolling my eyes too. It left our bank at nine this morning, I checked it myself.",
    ),
    ("en", "is there parking", "There's free parking behind the shop, enter from Mill Street."),
    ("en", "not a complaint, but the music is a bit loud", "Fair point! We've turned it down."),
    (
        "es",
        "Buenas, se me olvidó el paraguas en el restaurante",
        "Lo tenemos aquí, señora Ríos, colgado en la entrada. Puede pasar a recogerlo cuando le venga bien.",
    ),
    (
        "es",
        "No me cabe el pie en la 41",
        "Ese modelo talla pequeño, nos lo dice mucha gente. Te cambiamos la 41 por una 42 sin coste, basta con que traigas la caja.",
    ),
    (
        "es",
        "¿Tengo que imprimir la entrada?",
        "No hace falta: enseña el código en el móvil y ya está. Ten a mano el DNI por si te lo piden en la puerta.",
    ),
    (
        "es",
        "Esperé media hora en la puerta",
        "Debimos poner un cartel: el timbre está a la derecha y no se ve. Perdone la espera.",
    ),
    ("es", "Mi hermano os recomendó", "¡Dale las gracias de nuestra parte! Le debemos un café."),
    (
        "es",
        "¿Cómo quito la mancha de vino?",
        "Sal gruesa cuanto antes, agua fría y nada de frotar. Si no sale, tráenos el mantel y vemos qué se puede hacer.",
    ),
    (
        "es",
        "¿El cuarto de baño tiene bañera?",
        "Tiene ducha a ras de suelo. Si prefiere bañera, le podemos ofrecer la 204.",
    ),
    ("es", "Hola", "¡Hola! ¿En qué te echamos una mano?"),
    (
        "es",
        "¿Y si lo rompe el gato?",
        "Los gatos lo respetan: es de una fibra que no les gusta. El mío lo huele y se va a su cojín.",
    ),
    ("es", "¡Gracias!", "¡A ti! Que tengas un finde estupendo."),
    ("es", "¿tenéis cabeza de jabalí?", "Sí, y también chorizo ibérico, morcilla y lomo."),
    (
        "es",
        "¿es un juego para burros?",
        "Se llama El Burro, sí, y se juega con cartas de animales: cerdo, vaca, gallina, perro y gato.",
    ),
    (
        "es",
        "¿me recomendáis un libro?",
        "Prueba con «La familia de Pascual Duarte» o con «El idiota», que acaba de llegar en bolsillo.",
    ),
    (
        "es",
        "os paso una foto de la tarta, un éxito total en la fiesta",
        "¡Menuda fiesta! Esa foto va derecha al corcho del obrador.",
    ),
    (
        "es",
        "Os sigo desde hace años y siempre acertáis",
        "Llevamos media mañana sonriendo por tu mensaje, Inma.",
    ),
    (
        "es",
        "Un poco caro, pero bien",
        "Gracias por la sinceridad. El precio subió con la harina, y aun así intentamos que compense.",
    ),
    ("en", "Do you deliver on Sundays?", "We do, between ten and two, for £3."),
    (
        "en",
        "I missed the return window by two days, anything you can do?",
        "Two days is nothing, bring it in on Saturday and we'll sort it.",
    ),
    ("en", "nobody opened the door", "The bell was dead, sorry. It has a new battery now."),
    (
        "en",
        "How do I get red wine out of linen?",
        "Salt, cold water, no rubbing. You shouldn't use hot water, it sets the stain.",
    ),
    ("en", "Did I do it right?", "You did everything right! The update simply hadn't finished."),
    ("en", "do you have cock ale", "We don't brew cock ale, but there's a stout and a pale ale on tap."),
    ("en", "is the ass milk soap back", "The donkey milk soap is back on the shelf, £6 a bar."),
    (
        "en",
        "My daughter cried all afternoon because you told her there was a place and then there wasn't",
        "It breaks my heart to read that. She has a place tomorrow, and we owe her an ice cream.",
    ),
    ("en", "When does my order come?", "It's out for delivery and comes today."),
    ("en", "any vegan options?", "Two mains and a pudding, marked with a leaf on the menu."),
    (
        "es",
        "¿Tenéis mochilas impermeables?",
        "Sí, dos modelos: la de 20 litros a 39 € y la de 30 a 49 €. Las dos aguantan un buen chaparrón.",
    ),
    ("es", "¿Puedo pagar con Bizum?", "Por supuesto. Al llegar a caja díganoslo y le damos el código."),
    (
        "es",
        "¿Y si no estoy en casa cuando venga el repartidor?",
        "El repartidor vuelve a pasar al día siguiente. Si tampoco estás, deja un aviso con la dirección del punto de recogida.",
    ),
    (
        "es",
        "¿Hay que reservar?",
        "No es imprescindible, aunque los viernes conviene. Indique si viene con niños y le ponemos trona.",
    ),
    ("es", "¿Sirven desayunos?", "De ocho a once y media, señora Pardo. Los domingos, hasta las doce."),
    (
        "es",
        "No sabía que cerrabais",
        "Es verdad que lo anunciamos tarde y con poca letra. Mañana abrimos a las 9.",
    ),
    (
        "es",
        "No me dieron factura",
        "Tendríamos que habérsela dado sin que la pidiera. Se la adjuntamos aquí.",
    ),
    ("es", "la tarta se seca", "Para que no se seque, tápala con una campana y déjala fuera de la nevera."),
    (
        "es",
        "¿tenéis zorros de peluche?",
        "Nos queda una zorra con sus cachorros y un perro salchicha. Son monísimos.",
    ),
    (
        "es",
        "¿A qué hora es la misa?",
        "La misa es a las doce; el párroco es don Ángel Cabrón de la Vega, si quiere hablar con él.",
    ),
    ("es", "¿de qué año es el vino?", "Es de 2019 y ha pasado un año en barrica."),
    ("es", "¿Cómo va lo mío?", "El paquete va a llegar el jueves, Óscar."),
    (
        "es",
        "Llevo desde el lunes sin línea y trabajo desde casa. Estoy perdiendo clientes",
        "Perder clientes por culpa de nuestra línea es de lo peor que nos pueden contar. La avería está localizada y un compañero está con ella.",
    ),
    ("es", "¿Sigue abierto el plazo?", "Sigue abierto hasta el viernes a las 14:00."),
    (
        "es",
        "No me llega el código",
        "A veces tarda un par de minutos. Prueba a pedirlo otra vez y mira en spam.",
    ),
    (
        "es",
        "Sois la mejor peluquería de Vigo con diferencia",
        "¡Nos has puesto coloradas a las cinco! Un beso grande, Uxía.",
    ),
    (
        "en",
        "what if I'm out when the driver comes",
        "He tries again the next day, and then leaves a card with the pickup point.",
    ),
    (
        "en",
        "I didn't know you were closed",
        "We announced it far too late. We're open again from nine tomorrow.",
    ),
    ("en", "I didn't get an invoice", "You shouldn't have had to ask. Here it is."),
    ("en", "the cake goes dry", "To keep it moist, cover it and leave it out of the fridge."),
    ("en", "do you have a stuffed fox", "There's a vixen with cubs and a great tit that sings."),
    (
        "en",
        "which wine goes with the tagine",
        "The 2019 red; it spent a year in oak, and it won't overpower the apricots.",
    ),
    ("en", "Do you give group discounts?", "10% for ten people or more."),
    ("en", "why is it dearer than last year", "Oil went up, so the bottle went from £4.20 to £4.60."),
    ("en", "is the museum open on Mondays", "It is, from ten. Mondays are the quietest day of the week."),
    (
        "es",
        "¿Puedo llevar a mi perro?",
        "Los perros son bienvenidos en la terraza. Dentro, por normativa, solo los de asistencia.",
    ),
    (
        "es",
        "se me ha olvidado la contraseña",
        "Pulse en «He olvidado mi contraseña» y recibirá un enlace. Si no lo ve, mire en correo no deseado.",
    ),
    (
        "es",
        "Llevamos dos horas esperando la comida y el niño llorando",
        "Dos horas con un peque hambriento no se las deseamos a nadie. Ya salen los platos, y los postres van de nuestra parte.",
    ),
    ("es", "¿Lleva tornillos?", "Los tornillos van en una bolsa dentro del cajón."),
    (
        "es",
        "Estaría genial que abrierais los lunes",
        "Ojalá pudiéramos, Sandra. De momento somos tres y el lunes respiramos, pero lo hablamos para verano.",
    ),
    (
        "es",
        "La lavadora pierde agua",
        "Cierre la llave de paso, por favor. Suele ser la goma del desagüe, que nosotros mismos debimos apretar mejor.",
    ),
    (
        "es",
        "No encuentro la tienda",
        "Está justo detrás de la iglesia; el mapa nos pone mal desde la obra. Si se pierde, pregunte por el bar Manolo.",
    ),
    (
        "es",
        "¿Puedo pagar a plazos?",
        "Puede pagar en tres plazos sin intereses. Lo elige usted al final de la compra.",
    ),
    (
        "es",
        "¿pesa mucho la bici?",
        "Once kilos; con el cuadro de carbono, ocho y medio. Se nota en el puerto.",
    ),
    ("es", "hola, ¿está Jesús?", "Jesús libra hoy; estoy yo, Magdalena, y te ayudo encantada."),
    ("en", "do you do MOT tests", "We do, £45 and about an hour. There's a slot on Thursday at ten."),
    (
        "en",
        "I forgot my password",
        'Press "Forgot password" and a link comes by e-mail. It may hide in the spam folder.',
    ),
    ("en", "are screws included", "Screws are in a bag inside the drawer."),
    (
        "en",
        "would be great if you opened on Mondays",
        "We'd love to, Sandra. There are only three of us for now, but it's a lovely thought for summer.",
    ),
    (
        "en",
        "the washing machine leaks",
        "Turn the tap off, please. It's usually the drain hose, which we should have tightened.",
    ),
    (
        "en",
        "can't find the shop",
        "It's right behind the church; the map has been wrong since the roadworks. Ask for Bob's café if you get lost.",
    ),
    ("en", "can I pay in instalments", "You can, in three, interest-free. You choose at checkout."),
    (
        "en",
        "does the bike weigh much",
        "Eleven kilos, or eight and a half in carbon. You'll feel it on the hills.",
    ),
    ("en", "what's in the punch", "Rum, lime and mint, bashed by hand."),
]


@pytest.mark.parametrize(("language", "question", "answer"), FOUND)
def test_c1_blame_is_found_however_it_is_put(language: str, question: str, answer: str) -> None:
    assert found(Draft(answer, question, language=language))


@pytest.mark.parametrize(("language", "question", "answer"), LEFT_ALONE)
def test_c1_what_blames_nobody_is_left_alone(language: str, question: str, answer: str) -> None:
    assert not found(Draft(answer, question, language=language))


def test_c1_the_mend_leaves_the_reminder_out() -> None:
    text = "Buenas tardes. Como ya le dijimos, sin etiqueta no hay devolución."
    (finding,) = found(Draft(text, language="es"))
    mended = text[: finding.start] + (finding.mend or "") + text[finding.end :]
    assert mended == "Buenas tardes. Sin etiqueta no hay devolución."
