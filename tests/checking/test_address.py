"""Tú and usted: the other form, both in one answer, and what is neither (NEEDS C1, C6)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialdesk.checking.check import check
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import load

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def found(draft: Draft) -> list[Finding]:
    """Return what the family finds."""
    return [finding for finding in check(draft, load(), NOW) if finding.family == "address"]


FOUND = [
    ("usted", "¿Abren el 6 de enero?", "Sí. Venid con hambre, que hemos horneado el doble."),
    ("usted", "¿Está lista mi mesa?", "Os esperamos: vuestra mesa está lista."),
    ("usted", "¿Tienen parking?", "Sí. Al llegar pulsad el timbre; si queréis, la barrera sube sola."),
    ("tu", "¿Está lista mi mesa?", "Su mesa está lista desde las nueve. Pase cuando guste."),
    ("usted", "¿Está lista mi mesa?", "Tu mesa está lista desde las nueve."),
    ("usted", "¿A qué hora cierran?", "Cerramos a las ocho. Si vienes por la tarde, hay menos gente."),
    ("usted", "¿Puedo cambiar la fecha?", "Claro, elige la que mejor te venga y nosotros la apuntamos."),
    ("tu", "¿Puedo cambiar la fecha?", "Por supuesto, indíquenos la que mejor le venga."),
    ("", "¿Puedo cambiar la fecha?", "Claro que sí, dinos qué día prefiere y lo cambiamos."),
    (
        "",
        "¿Tienen pan sin sal?",
        "Sí, señora. Lo tiene en la estantería de arriba; si no lo encuentras, avísanos.",
    ),
    ("tu", "¿el arroz es picante?", "Lleva un poco de guindilla, pero puede pedirlo sin ella."),
    (
        "tu",
        "¿El cuarto tiene bañera?",
        "Tiene ducha a ras de suelo. Si prefiere bañera, le podemos ofrecer la 204.",
    ),
    (
        "usted",
        "¿El cuarto tiene bañera?",
        "Tiene ducha a ras de suelo. Si quieres bañera, te podemos ofrecer la 204.",
    ),
    ("tu", "¿Qué hago?", "Reinicie el aparato, espere diez segundos y vuelva a encenderlo."),
    ("usted", "¿Qué hago?", "Reinicia el aparato, espera diez segundos y vuelve a encenderlo."),
    ("", "¿Qué hago?", "Reinicia el aparato y, si sigue igual, nos lo trae y se lo miramos."),
    ("", "¿Qué hago?", "No se preocupe, que te lo cambiamos sin problema."),
    ("usted", "Hola", "¡Hola, Nuria! ¿En qué podemos ayudarte?"),
    ("tu", "Hola", "¡Hola! ¿En qué podemos ayudarle?"),
    ("tu", "¡Gracias!", "¡A usted! Que tenga un buen fin de semana."),
    (
        "usted",
        "estoy muy perdida con las tallas",
        "¡Para eso estamos! Mídete el contorno de pecho y le digo cuál es la suya.",
    ),
    ("tu", "¿Tenéis aparcamiento?", "Tenemos uno a la vuelta. Traiga el tique y se lo sellamos."),
    ("usted", "¿Tenéis aparcamiento?", "Tenemos uno a la vuelta. Trae el tique y te lo sellamos."),
    ("", "¿Tenéis aparcamiento?", "Tenemos uno a la vuelta. Trae el tique y se lo sellamos."),
    ("tu", "Gracias, sois geniales", "Gracias a usted por sus palabras, nos alegra la mañana."),
    ("usted", "Gracias, son geniales", "Gracias a ti por tus palabras, nos alegran la mañana."),
    ("usted", "¿Cómo va lo mío?", "Vas a recibirlo el jueves, señor Ledesma."),
    ("tu", "¿Cómo va lo mío?", "Va a recibirlo el jueves, Óscar."),
    ("tu", "se me ha olvidado la contraseña", "Pulse en «He olvidado mi contraseña» y recibirá un enlace."),
    (
        "usted",
        "se me ha olvidado la contraseña",
        "Pulsa en «He olvidado mi contraseña» y recibirás un enlace.",
    ),
]

LEFT_ALONE = [
    (
        "usted",
        "¿Qué pongo?",
        "Su ID es la mitad de la actividad: la verdad, tengo sed de ciudad y dieciséis euros.",
    ),
    ("tu", "¡Qué buena!", "¡Gracias, nos hace una ilusión tremenda!"),
    (
        "usted",
        "¿Cuándo llega?",
        "Su regalo sale mañana: los detalles de los viajes, las cuotas fijas y los animales están en las páginas públicas.",
    ),
    (
        "usted",
        "¿Qué cuotas hay?",
        "Las personas propietarias pagan las diarias; tras las rebajas, en paralelo, otras ocupan las habitaciones amplias.",
    ),
    ("tu", "¿Qué tal la tarde?", "Tarde o temprano llega. Viaje confirmado, ya te lo mandamos."),
    ("tu", "¿Por qué me han multado?", "El vigilante no tenía tu matrícula porque no se la pasamos."),
    (
        "tu",
        "Hola, ¿cuándo abrís el lunes?",
        "¡Buenas! El lunes estamos desde las nueve y media. ¿Te apetece que te guardemos una barra?",
    ),
    (
        "tu",
        "¿Tenéis la talla 40?",
        "Nos queda una en azul marino y otra en verde botella. Dime cuál prefieres.",
    ),
    (
        "usted",
        "¿Se puede aparcar cerca?",
        "Sí, hay un aparcamiento público a cien metros y a nuestros clientes se les descuenta una hora. Pida el vale en recepción al salir.",
    ),
    (
        "usted",
        "La sopa llegó helada y tuvimos que pedir otra",
        "Tiene usted toda la razón y le pedimos disculpas: la sopa no salió a la temperatura que debía. Hemos hablado con la cocina esta misma mañana.",
    ),
    ("tu", "El cupón no va", "El cupón caducó ayer, pero te hemos activado uno nuevo: prueba con OTOÑO10."),
    (
        "usted",
        "¿Debería haber recibido ya el paquete?",
        "Sí, debería haberlo recibido el martes; la agencia lo tenía retenido y hoy ha salido a reparto.",
    ),
    (
        "tu",
        "No me ha llegado el correo de confirmación",
        "Deberías haber recibido el correo al momento, así que algo falló por nuestra parte. Te lo acabamos de reenviar.",
    ),
    (
        "tu",
        "Creo que me equivoqué al poner la calle",
        "No pasa nada, Julia: si te has equivocado de calle, lo cambiamos en un minuto. ¿Cuál es la buena?",
    ),
    (
        "tu",
        "¿Qué hago si no me llega?",
        "Si no lo has recibido el jueves, escríbenos por aquí mismo y lo buscamos juntos.",
    ),
    (
        "usted",
        "No entiendo las instrucciones del montaje",
        "Las instrucciones no se entienden, es verdad: el fallo es nuestro. Primero van los cuatro tornillos largos y después los cortos.",
    ),
    (
        "tu",
        "¿tenéis huevos de corral?",
        "Sí, la docena de huevos de corral está a 3,20 € y los de codorniz a 1,80 €.",
    ),
    (
        "tu",
        "¿qué pelotas de pádel vendéis?",
        "Tenemos tres marcas de pelotas; las de tres botes salen a 12 €.",
    ),
    ("tu", "¿hacéis brazo de gitano?", "Sí, de nata y de trufa, por encargo."),
    (
        "tu",
        "busco cojines y una alfombra de pelo largo",
        "Los cojines están en la segunda planta y la alfombra de pelo largo, en la tercera, junto a las lámparas.",
    ),
    (
        "usted",
        "¿Venden leche sin lactosa?",
        "Sí, señora, la leche sin lactosa está junto a la mantequilla, al fondo a la derecha.",
    ),
    (
        "tu",
        "¿a quién le pregunto por el curso de cerámica?",
        "Pregunta por Concha o por Dolores, las dos lo dan y son un encanto.",
    ),
    (
        "tu",
        "¿lleva cacahuete?",
        "No lleva cacahuete ni otros frutos secos, pero se hornea en el mismo obrador.",
    ),
    ("tu", "¿el arroz es picante?", "Lleva un poco de guindilla, pero puedes pedirlo sin ella."),
    ("usted", "¿el arroz es picante?", "Lleva un poco de guindilla, pero puede pedirlo sin ella."),
    (
        "tu",
        "¿Es compatible con mi bici?",
        "El soporte puede colocarse en cualquier manillar y su tornillo es de acero. Te dejo la foto.",
    ),
    (
        "tu",
        "¿Ha llegado el repartidor?",
        "El repartidor ha llegado a tu calle y está buscando aparcamiento; en cuanto lo vea, te llama.",
    ),
    (
        "tu",
        "Mi hija pidió unas zapatillas",
        "Tu hija puede recogerlas cuando quiera, solo tiene que dar su nombre en caja.",
    ),
    (
        "usted",
        "¿Qué hago con el albarán?",
        "Guarde el albarán y no se preocupe: con él puede reclamar cualquier desperfecto.",
    ),
    ("usted", "Gracias por todo", "Gracias a usted por confiar en nosotros, don Matías. Aquí tiene su casa."),
    (
        "tu",
        "¿Qué tal es el vino?",
        "Es un tinto joven, afrutado; va de maravilla con quesos. Si te gustan los más secos, mejor el crianza.",
    ),
    (
        "usted",
        "¿Cuánto duran las gafas de la oferta?",
        "La oferta dura hasta fin de mes y las gafas llevan dos años de garantía.",
    ),
    (
        "tu",
        "¡Qué chulada de tienda!",
        "¡Muchas gracias! Vuelve cuando quieras, que siempre hay novedades en la mesa del fondo.",
    ),
    (
        "usted",
        "Ya es la tercera vez que me mandan la talla equivocada",
        "Tres veces es demasiado, doña Amparo; qué vergüenza nos da. La correcta va ya en reparto y esta corre de nuestra cuenta.",
    ),
    (
        "tu",
        "no encuentro el botón de pagar",
        "Está abajo a la derecha, en verde. A veces el aviso de cookies lo tapa: ciérralo y aparece.",
    ),
    ("tu", "¿el pedido 3 va con lazo?", "Va con lazo rojo y tarjeta, como en la foto."),
    (
        "tu",
        "¿Llegará antes del viernes?",
        "Con el envío exprés, sí: lo que sale hoy antes de las 13 h suele llegar mañana. Si te va bien, elígelo al pagar.",
    ),
    (
        "usted",
        "Buenas, se me olvidó el paraguas en el restaurante",
        "Lo tenemos aquí, señora Ríos, colgado en la entrada. Puede pasar a recogerlo cuando le venga bien.",
    ),
    ("tu", "me he dejado el paraguas", "¡Aquí está esperándote! Azul con lunares, ¿verdad?"),
    (
        "tu",
        "No me cabe el pie en la 41",
        "Ese modelo talla pequeño, nos lo dice mucha gente. Te cambiamos la 41 por una 42 sin coste, basta con que traigas la caja.",
    ),
    (
        "usted",
        "¿Qué necesito para devolverlo?",
        "Necesita el tique y que la prenda conserve la etiqueta. Tiene treinta días desde la compra.",
    ),
    (
        "tu",
        "¿Tengo que imprimir la entrada?",
        "No hace falta: enseña el código en el móvil y ya está. Ten a mano el DNI por si te lo piden en la puerta.",
    ),
    (
        "tu",
        "se me pasó la fecha de la devolución, ¿se puede hacer algo?",
        "Sí, tranquila, que por dos días no vamos a discutir. Tráelo el sábado y lo arreglamos.",
    ),
    (
        "usted",
        "Esperé media hora en la puerta",
        "Debimos poner un cartel: el timbre está a la derecha y no se ve. Perdone la espera.",
    ),
    (
        "tu",
        "perdí el tique",
        "No te preocupes por el tique, con la tarjeta con la que pagaste lo encontramos.",
    ),
    ("tu", "Mi hermano os recomendó", "¡Dale las gracias de nuestra parte! Le debemos un café."),
    (
        "usted",
        "¿A nombre de quién está la reserva?",
        "Está a nombre de su marido, el señor Quiroga, para las dos y media.",
    ),
    (
        "tu",
        "¿Cómo quito la mancha de vino?",
        "Sal gruesa cuanto antes, agua fría y nada de frotar. Si no sale, tráenos el mantel y vemos qué se puede hacer.",
    ),
    (
        "tu",
        "¿Vosotros hacéis bicis a medida?",
        "Sí. Nos dices tu altura y lo que sueles rodar, y en una tarde sale el boceto.",
    ),
    (
        "usted",
        "¿El cuarto de baño tiene bañera?",
        "Tiene ducha a ras de suelo. Si prefiere bañera, le podemos ofrecer la 204.",
    ),
    ("usted", "Hola", "¡Hola, Nuria! ¿En qué podemos ayudarla?"),
    ("tu", "Hola", "¡Hola! ¿En qué te echamos una mano?"),
    ("tu", "Os paso el número de mi padre", "Perfecto, hablamos con él y le explicamos cómo se monta."),
    (
        "tu",
        "¿Y si lo rompe el gato?",
        "Los gatos lo respetan: es de una fibra que no les gusta. El mío lo huele y se va a su cojín.",
    ),
    ("usted", "¿Me lo puede apartar mi vecina?", "Sí, su vecina puede apartarlo y usted lo recoge el lunes."),
    ("tu", "¡Gracias!", "¡A ti! Que tengas un finde estupendo."),
    ("usted", "¡Gracias!", "¡A usted! Que tenga un buen fin de semana."),
    ("tu", "¿tenéis cabeza de jabalí?", "Sí, y también chorizo ibérico, morcilla y lomo."),
    ("tu", "qué hacéis con las mermas", "Las mermas van al comedor social. Aquí no se tira ni una hogaza."),
    (
        "tu",
        "¿es un juego para burros?",
        "Se llama El Burro, sí, y se juega con cartas de animales: cerdo, vaca, gallina, perro y gato.",
    ),
    ("tu", "¿a qué sabe?", "A limón y un poco a leche condensada. Está de muerte."),
    (
        "tu",
        "¿me recomendáis un libro?",
        "Prueba con «La familia de Pascual Duarte» o con «El idiota», que acaba de llegar en bolsillo.",
    ),
    (
        "tu",
        "¿Tenéis mochilas impermeables?",
        "Sí, dos modelos: la de 20 litros a 39 € y la de 30 a 49 €. Las dos aguantan un buen chaparrón.",
    ),
    (
        "tu",
        "¿Puedo pagar con Bizum?",
        "Claro, en la web y en la tienda. Cuando llegues a caja, nos lo dices y te damos el código.",
    ),
    ("usted", "¿Puedo pagar con Bizum?", "Por supuesto. Al llegar a caja díganoslo y le damos el código."),
    (
        "usted",
        "¿Y si no estoy en casa cuando venga el repartidor?",
        "El repartidor vuelve a pasar al día siguiente. Si tampoco está usted, deja un aviso con la dirección del punto de recogida.",
    ),
    (
        "tu",
        "¿Y si no estoy en casa cuando venga el repartidor?",
        "El repartidor vuelve a pasar al día siguiente. Si tampoco estás, deja un aviso con la dirección del punto de recogida.",
    ),
    (
        "tu",
        "¿Cuál es la diferencia entre los dos cascos?",
        "El negro pesa menos y el blanco ventila mejor. Para ciudad, cualquiera de los dos te servirá.",
    ),
    (
        "usted",
        "¿Hay que reservar?",
        "No es imprescindible, aunque los viernes conviene. Indique si viene con niños y le ponemos trona.",
    ),
    (
        "tu",
        "¿El curso vale para principiantes?",
        "Está pensado para gente que empieza desde cero. Traes ganas y nosotros ponemos el barro.",
    ),
    ("usted", "¿Sirven desayunos?", "De ocho a once y media, señora Pardo. Los domingos, hasta las doce."),
    (
        "tu",
        "me habéis cobrado dos veces",
        "Perdona el susto, Laia. Fue un fallo del datáfono y ya te hemos devuelto los 23 €; los verás hoy mismo.",
    ),
    (
        "tu",
        "No sabía que cerrabais",
        "Es verdad que lo anunciamos tarde y con poca letra. Mañana abrimos a las 9.",
    ),
    (
        "tu",
        "¿Me lo cambiáis?",
        "Aunque en rebajas no solemos hacer cambios, contigo hacemos una excepción: es de la misma colección.",
    ),
    (
        "usted",
        "No me dieron factura",
        "Tendríamos que habérsela dado sin que la pidiera. Se la adjuntamos aquí.",
    ),
    (
        "usted",
        "No he recibido el vale",
        "Debería tenerlo ya en su correo; si no aparece, mírelo en promociones, que a veces va ahí.",
    ),
    ("tu", "la tarta se seca", "Para que no se seque, tápala con una campana y déjala fuera de la nevera."),
    (
        "tu",
        "¿vendéis comida para hurones?",
        "Sí, pienso de pollo y pavo. También juguetes: pelotas, ratas de peluche y túneles.",
    ),
    (
        "tu",
        "¿tenéis zorros de peluche?",
        "Nos queda una zorra con sus cachorros y un perro salchicha. Son monísimos.",
    ),
    (
        "tu",
        "¿es verdad que la ostra va cruda?",
        "Va cruda, con unas gotas de limón. En Ostia la probamos así y nos la trajimos.",
    ),
    (
        "usted",
        "¿A qué hora es la misa?",
        "La misa es a las doce; el párroco es don Ángel Cabrón de la Vega, si quiere hablar con él.",
    ),
    ("tu", "¿lleva cola?", "No lleva cola: va cosido a mano, con hilo encerado."),
    ("tu", "¿de qué año es el vino?", "Es de 2019 y ha pasado un año en barrica."),
    (
        "tu",
        "estoy muy perdida con las tallas",
        "¡Para eso estamos! Mídete el contorno de pecho y te digo cuál es la tuya.",
    ),
    ("tu", "¿Cómo va lo mío?", "El paquete va a llegar el jueves, Óscar."),
    ("usted", "¿Cómo va lo mío?", "El paquete va a llegar el jueves, señor Ledesma."),
    (
        "tu",
        "Buenos días, ¿hacéis revisiones de ITV?",
        "¡Buenos días, Joan! Hacemos la preITV por 35 € y en una hora la tienes. El jueves hay hueco a las diez.",
    ),
    (
        "usted",
        "¿Puedo llevar a mi perro?",
        "Los perros son bienvenidos en la terraza. Dentro, por normativa, solo los de asistencia.",
    ),
    (
        "tu",
        "se me ha olvidado la contraseña",
        "Pulsa en «He olvidado mi contraseña» y te llega un enlace. Si no lo ves, mira en correo no deseado.",
    ),
    (
        "usted",
        "se me ha olvidado la contraseña",
        "Pulse en «He olvidado mi contraseña» y recibirá un enlace. Si no lo ve, mire en correo no deseado.",
    ),
    ("tu", "¿Cuánto cuesta el menú?", "14,50 € con bebida y café. Los jueves hay arroz, avisado estás."),
    (
        "usted",
        "Me operaron el martes y nadie me ha llamado para la cura. Estoy preocupada",
        "Esa llamada tenía que haberle llegado ayer, y sentimos la preocupación. Tiene la cura mañana a las nueve.",
    ),
    (
        "tu",
        "He perdido el tren",
        "¡Vaya faena! El siguiente sale a las 17:05 y tu billete vale también para ese.",
    ),
    (
        "usted",
        "La lavadora pierde agua",
        "Cierre la llave de paso, por favor. Suele ser la goma del desagüe, que nosotros mismos debimos apretar mejor.",
    ),
    (
        "tu",
        "Me llegó la talla mal",
        "Metimos la 40 en la caja de la 42, qué despiste el nuestro. Sale otra hoy.",
    ),
    (
        "usted",
        "No encuentro la tienda",
        "Está justo detrás de la iglesia; el mapa nos pone mal desde la obra. Si se pierde, pregunte por el bar Manolo.",
    ),
    (
        "tu",
        "¿Qué pasó con el evento?",
        "Se suspendió por la lluvia. Si compraste entrada, el dinero vuelve solo a la tarjeta.",
    ),
    (
        "usted",
        "¿Puedo pagar a plazos?",
        "Puede pagar en tres plazos sin intereses. Lo elige usted al final de la compra.",
    ),
    ("tu", "¿qué flores hay?", "Capullos de peonía, margaritas y culantrillo. El ramo pequeño, 12 €."),
    (
        "tu",
        "¿pesa mucho la bici?",
        "Once kilos; con el cuadro de carbono, ocho y medio. Se nota en el puerto.",
    ),
    ("tu", "¿Qué lleva el cóctel?", "Ron, lima y hierbabuena, machacada a mano. No te arrepentirás."),
    ("tu", "hola, ¿está Jesús?", "Jesús libra hoy; estoy yo, Magdalena, y te ayudo encantada."),
    ("usted", "¿hay descuento para jubilados?", "Sí, un 15 % los martes presentando la tarjeta."),
]


@pytest.mark.parametrize(("house", "question", "answer"), FOUND)
def test_c1_the_other_form_of_address_is_found(house: str, question: str, answer: str) -> None:
    assert found(Draft(answer, question, address=house, language="es"))


@pytest.mark.parametrize(("house", "question", "answer"), LEFT_ALONE)
def test_c1_the_form_of_the_house_is_left_alone(house: str, question: str, answer: str) -> None:
    assert not found(Draft(answer, question, address=house, language="es"))


def test_c1_without_a_form_of_the_house_the_rarer_one_is_the_slip() -> None:
    text = "Su pedido está listo; puede recogerlo hoy. ¡Te esperamos!"
    (finding,) = found(Draft(text, language="es"))
    assert (finding.rule, text[finding.start : finding.end]) == ("mixed", "Te")


def test_c1_quoted_words_names_and_the_brand_address_nobody() -> None:
    assert not found(Draft("La colección «Tú decides» está en tienda.", address="usted", language="es"))
    assert not found(Draft("Tu Bici abre a las diez.", address="usted", brand="Tu Bici", language="es"))


@pytest.mark.parametrize(
    ("language", "house", "answer"),
    [
        ("fr", "usted", "Tu peux passer quand tu veux, ton colis est prêt."),
        ("fr", "tu", "Vous pouvez passer quand vous voulez."),
        ("de", "usted", "Du kannst deine Bestellung im Laden abholen."),
        ("de", "tu", "Können Sie uns Ihre Bestellnummer nennen?"),
        ("it", "usted", "Puoi passare quando vuoi, il tuo ordine è pronto."),
        ("nl", "tu", "U kunt uw bestelling ophalen in de winkel."),
        ("pt", "usted", "Podes passar na loja, a tua encomenda está pronta."),
        ("ca", "tu", "Vostè pot passar quan vulgui."),
    ],
)
def test_c6_the_forms_of_other_languages_are_told_apart(language: str, house: str, answer: str) -> None:
    assert found(Draft(answer, address=house, language=language))


def test_c6_no_spanish_word_is_put_into_an_answer_of_another_language() -> None:
    answer = "Bonjour Marie, nous sommes désolés. Tu recevras ton colis demain."
    findings = found(Draft(answer, "Bonjour, mon colis n'est pas arrivé", address="usted"))
    assert findings
    assert not {finding.mend for finding in findings} & {"Su", "Usted", "Le", "su"}
