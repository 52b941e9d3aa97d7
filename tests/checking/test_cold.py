"""Answers without understanding, without thanks or like a machine's, and those that feel in other words (NEEDS C1)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialdesk.checking.check import check
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import load

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def found(draft: Draft) -> list[Finding]:
    """Return what the family finds."""
    return [finding for finding in check(draft, load(), NOW) if finding.family == "cold"]


FOUND = [
    (
        "es",
        "La sopa llegó helada, el camarero ni se inmutó, un horror",
        "La sopa se sirve a 65 grados según protocolo.",
    ),
    (
        "es",
        "Vaya tomadura de pelo, llevo tres semanas con la caldera parada",
        "El técnico tiene agenda completa hasta el día 20.",
    ),
    (
        "es",
        "Os he llamado siete veces y ni caso. Sois unos informales",
        "Nuestro horario telefónico es de 9 a 14.",
    ),
    ("es", "Me encanta vuestra nueva web, muy cómoda", "La web se actualizó en octubre."),
    ("es", "¿Y si pusierais un banco en la entrada? Mi madre no aguanta de pie", "No está previsto."),
    (
        "es",
        "Se me ha roto la cremallera al segundo uso, estoy muy disgustada",
        "La garantía legal es de tres años. Debe presentarse el tique.",
    ),
    (
        "es",
        "Se me ha roto la cremallera al segundo uso, estoy muy disgustada",
        "Esa cremallera solo se rompe si se fuerza, así que algo habrá hecho usted.",
    ),
    (
        "es",
        "nadie me avisó de que cambiabais el horario y fui con los niños para nada",
        "El nuevo horario está vigente desde septiembre.",
    ),
    (
        "es",
        "Ya es la tercera vez que me mandan la talla equivocada",
        "La talla se ha cambiado por la correcta. Salida prevista: jueves.",
    ),
    ("es", "", "Le comunicamos que su reclamación ha sido trasladada al departamento correspondiente."),
    ("es", "el pescado estaba buenísimo", "Trabajamos con lonja diaria."),
    (
        "en",
        "Third time my delivery hasn't turned up. I'm at the end of my tether",
        "Deliveries are handled by a partner company between 8 and 6.",
    ),
    ("en", "This lamp is amazing, lights up the whole room", "It uses a 9 W bulb."),
    ("en", "You might want to put a step by the door, my mum tripped", "The door complies with regulations."),
    ("en", "Been on hold for 50 minutes. What a shower.", "Call volumes are high at present."),
    ("en", 'So my refund is "processing". Again. Brilliant.', "Refunds take five to ten working days."),
    (
        "en",
        "I'm scared, the heater smells of burning",
        "Unplug the heater. The manual covers this on page 12.",
    ),
    ("en", "The staff were brilliant with my nan today", "Opening hours are nine to five."),
    ("en", "", "Your enquiry has been logged and forwarded to the relevant team."),
    (
        "es",
        "Mi hija se pasó la tarde llorando porque le dijisteis que había sitio y luego que no",
        "Las plazas se asignan por orden de inscripción.",
    ),
    (
        "es",
        "Increíble: os aviso de que el producto está caducado y ni os disculpáis",
        "El lote indicado consta como correcto en nuestro sistema.",
    ),
    (
        "es",
        "Nos dejaron esperando en el aeropuerto cuatro horas con dos bebés, sin agua",
        "Según el reglamento europeo, la compañía ofrece agua a partir de la segunda hora.",
    ),
    (
        "es",
        "os paso una foto de la tarta, un éxito total en la fiesta",
        "La próxima promoción empieza el día 10.",
    ),
    ("es", "No pienso volver, la camarera nos miró con una cara...", "El personal rota por turnos."),
    ("es", "Me parece una falta de respeto que cerréis sin avisar", "El cierre estaba previsto."),
    ("es", "Os sigo desde hace años y siempre acertáis", "El catálogo de otoño ya está en la web."),
    ("es", "¿Se puede saber qué pasa con mi pedido? Van ya 12 días", "El pedido está en curso."),
    ("es", "", "En relación con su escrito, procedemos a dar traslado del mismo al área competente."),
    ("es", "Os falta opción vegana en la carta, sería estupendo", "La carta se renueva en primavera."),
    (
        "en",
        "My daughter cried all afternoon because you told her there was a place and then there wasn't",
        "Places are given in order of registration.",
    ),
    (
        "en",
        "I told you the milk was out of date and you didn't even apologise",
        "The batch is recorded as correct in our system.",
    ),
    (
        "en",
        "Four hours on the tarmac with two babies and no water",
        "Water is offered from the second hour onwards.",
    ),
    ("en", "Here's a photo of the cake, it was a hit at the party!", "Our next offer starts on the 10th."),
    ("en", "I won't be back, the waitress gave us such a look", "Staff work in shifts."),
    ("en", "What on earth is going on with my order? It's been 12 days", "Your order is in progress."),
    ("en", "been following you for years, never had a dud", "The autumn catalogue is online."),
    ("en", "A vegan pudding would be a nice addition", "The menu changes in spring."),
    (
        "es",
        "me habéis cobrado dos veces, esto es un robo",
        "El cargo aparece en dos extractos distintos. Consulta con tu banco.",
    ),
    (
        "es",
        "Llevo desde el lunes sin línea y trabajo desde casa. Estoy perdiendo clientes",
        "La avería de la zona se está reparando.",
    ),
    (
        "es",
        "Qué decepción de vestido, no se parece en nada a la foto",
        "Los colores pueden variar según la pantalla.",
    ),
    ("es", "¡¡¡DEVOLVEDME MI DINERO!!!", "El plazo de devolución es de 14 días."),
    (
        "es",
        "Me he quedado sin regalo de Reyes para mi sobrino por vuestro retraso",
        "Los envíos de enero se entregan en 7-10 días.",
    ),
    (
        "es",
        "La recepcionista fue muy grosera con mi madre, que tiene 80 años",
        "Nuestro personal recibe formación periódica.",
    ),
    ("es", "Sois la mejor peluquería de Vigo con diferencia", "Reserva tu próxima cita en la app."),
    ("es", "Propuesta: poned un timbre en el probador", "Existe personal en cada planta."),
    (
        "en",
        "you charged me twice, this is theft",
        "The charge shows on two statements. Check with your bank.",
    ),
    (
        "en",
        "I've had no line since Monday and I work from home. I'm losing clients",
        "The fault in your area is being repaired.",
    ),
    ("en", "The dress is such a let-down, nothing like the photo", "Colours may vary with your screen."),
    ("en", "GIVE ME MY MONEY BACK!!!", "The return period is 14 days."),
    ("en", "No present for my nephew because of your delay", "January deliveries take 7-10 days."),
    ("en", "The receptionist was so rude to my mother, who is 80", "Our staff are trained regularly."),
    ("en", "best hairdresser's in Leeds by miles", "Book your next visit in the app."),
    ("en", "Idea: put a bell in the changing room", "There is staff on every floor."),
    ("es", "Llevamos dos horas esperando la comida y el niño llorando", "Los domingos hay mucha afluencia."),
    (
        "es",
        "Me operaron el martes y nadie me ha llamado para la cura. Estoy preocupada",
        "Las curas se solicitan en el mostrador de enfermería.",
    ),
    (
        "es",
        "Fatal. El mueble llegó sin tornillos y el montaje lo hago yo, claro",
        "Los tornillos van en una bolsa dentro del cajón.",
    ),
    ("es", "Chapó por la profe de yoga, salgo nueva", "Las clases son de lunes a jueves."),
    ("es", "Estaría genial que abrierais los lunes", "Los lunes cerramos por descanso."),
    ("en", "two hours waiting for our food and the little one in tears", "Sundays are busy."),
    (
        "en",
        "I had surgery on Tuesday and nobody has called about the dressing. I'm worried",
        "Dressings are requested at the nurses' desk.",
    ),
    ("en", "Useless. The wardrobe came without screws", "Screws are in a bag inside the drawer."),
    ("en", "hats off to the yoga teacher, I feel brand new", "Classes run Monday to Thursday."),
    ("en", "would be great if you opened on Mondays", "We close on Mondays."),
]

LEFT_ALONE = [
    (
        "es",
        "Hola, ¿cuándo abrís el lunes?",
        "¡Buenas! El lunes estamos desde las nueve y media. ¿Te apetece que te guardemos una barra?",
    ),
    (
        "es",
        "¿Tenéis la talla 40?",
        "Nos queda una en azul marino y otra en verde botella. Dime cuál prefieres.",
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
        "Os he llamado siete veces y ni caso. Sois unos informales",
        "Siete llamadas sin respuesta no tienen perdón. La centralita estuvo caída toda la mañana y ya funciona.",
    ),
    (
        "es",
        "Me encanta vuestra nueva web, muy cómoda",
        "¡Qué ilusión leerte! Se lo enseño a Nacho, que la hizo.",
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
        "¿Qué hago si no me llega?",
        "Si no lo has recibido el jueves, escríbenos por aquí mismo y lo buscamos juntos.",
    ),
    (
        "es",
        "¿tenéis huevos de corral?",
        "Sí, la docena de huevos de corral está a 3,20 € y los de codorniz a 1,80 €.",
    ),
    (
        "es",
        "¿qué pelotas de pádel vendéis?",
        "Tenemos tres marcas de pelotas; las de tres botes salen a 12 €.",
    ),
    ("es", "¿hacéis brazo de gitano?", "Sí, de nata y de trufa, por encargo."),
    (
        "es",
        "¿Venden leche sin lactosa?",
        "Sí, señora, la leche sin lactosa está junto a la mantequilla, al fondo a la derecha.",
    ),
    (
        "es",
        "¿a quién le pregunto por el curso de cerámica?",
        "Pregunta por Concha o por Dolores, las dos lo dan y son un encanto.",
    ),
    (
        "es",
        "¿lleva cacahuete?",
        "No lleva cacahuete ni otros frutos secos, pero se hornea en el mismo obrador.",
    ),
    ("es", "¿el arroz es picante?", "Lleva un poco de guindilla, pero puedes pedirlo sin ella."),
    ("es", "¿el arroz es picante?", "Lleva un poco de guindilla, pero puede pedirlo sin ella."),
    (
        "es",
        "¿Es compatible con mi bici?",
        "El soporte puede colocarse en cualquier manillar y su tornillo es de acero. Te dejo la foto.",
    ),
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
        "¿Cuánto duran las gafas de la oferta?",
        "La oferta dura hasta fin de mes y las gafas llevan dos años de garantía.",
    ),
    (
        "es",
        "¡Qué chulada de tienda!",
        "¡Muchas gracias! Vuelve cuando quieras, que siempre hay novedades en la mesa del fondo.",
    ),
    (
        "es",
        "Ya es la tercera vez que me mandan la talla equivocada",
        "Tres veces es demasiado, doña Amparo; qué vergüenza nos da. La correcta va ya en reparto y esta corre de nuestra cuenta.",
    ),
    ("es", "¿el pedido 3 va con lazo?", "Va con lazo rojo y tarjeta, como en la foto."),
    ("es", "¿tenéis wifi?", "¡Claro! La red se llama Invitados y no hace falta clave."),
    ("es", "Sugiero que pongáis música más bajita", "¡Buena observación! Desde hoy va dos puntos más baja."),
    ("es", "el pescado estaba buenísimo", "¡Oído cocina! Se lo decimos a Paco, que se va a poner muy ancho."),
    (
        "en",
        "Do you have size 12 in the blue boots?",
        "We do, two pairs left in blue. They run a little large, so an 11.5 may do.",
    ),
    (
        "en",
        "Third time my delivery hasn't turned up. I'm at the end of my tether",
        "Three missed deliveries would test a saint, and we're ashamed of it. The parcel is in our own van now, and Ravi is driving it himself.",
    ),
    (
        "en",
        "This lamp is amazing, lights up the whole room",
        "So happy to read that! It was our designer's first one.",
    ),
    (
        "en",
        "You might want to put a step by the door, my mum tripped",
        "Goodness, is your mum all right? Thanks for the nudge, a step went in this morning.",
    ),
    (
        "en",
        "why was I charged?",
        "The trial ended on the 3rd and the plan renewed by itself. I've refunded it in full.",
    ),
    (
        "en",
        'So my refund is "processing". Again. Brilliant.',
        "I'd be rolling my eyes too. It left our bank at nine this morning, I checked it myself.",
    ),
    ("en", "not a complaint, but the music is a bit loud", "Fair point! We've turned it down."),
    (
        "es",
        "¿Llegará antes del viernes?",
        "Con el envío exprés, sí: lo que sale hoy antes de las 13 h suele llegar mañana. Si te va bien, elígelo al pagar.",
    ),
    (
        "es",
        "Buenas, se me olvidó el paraguas en el restaurante",
        "Lo tenemos aquí, señora Ríos, colgado en la entrada. Puede pasar a recogerlo cuando le venga bien.",
    ),
    (
        "es",
        "¿Qué necesito para devolverlo?",
        "Necesita el tique y que la prenda conserve la etiqueta. Tiene treinta días desde la compra.",
    ),
    (
        "es",
        "¿Tengo que imprimir la entrada?",
        "No hace falta: enseña el código en el móvil y ya está. Ten a mano el DNI por si te lo piden en la puerta.",
    ),
    (
        "es",
        "se me pasó la fecha de la devolución, ¿se puede hacer algo?",
        "Sí, tranquila, que por dos días no vamos a discutir. Tráelo el sábado y lo arreglamos.",
    ),
    (
        "es",
        "¿A nombre de quién está la reserva?",
        "Está a nombre de su marido, el señor Quiroga, para las dos y media.",
    ),
    (
        "es",
        "¿Cómo quito la mancha de vino?",
        "Sal gruesa cuanto antes, agua fría y nada de frotar. Si no sale, tráenos el mantel y vemos qué se puede hacer.",
    ),
    (
        "es",
        "¿Vosotros hacéis bicis a medida?",
        "Sí. Nos dices tu altura y lo que sueles rodar, y en una tarde sale el boceto.",
    ),
    (
        "es",
        "¿El cuarto de baño tiene bañera?",
        "Tiene ducha a ras de suelo. Si prefiere bañera, le podemos ofrecer la 204.",
    ),
    (
        "es",
        "¿Y si lo rompe el gato?",
        "Los gatos lo respetan: es de una fibra que no les gusta. El mío lo huele y se va a su cojín.",
    ),
    ("es", "¿Me lo puede apartar mi vecina?", "Sí, su vecina puede apartarlo y usted lo recoge el lunes."),
    ("es", "¡Gracias!", "¡A ti! Que tengas un finde estupendo."),
    ("es", "¡Gracias!", "¡A usted! Que tenga un buen fin de semana."),
    ("es", "¿tenéis cabeza de jabalí?", "Sí, y también chorizo ibérico, morcilla y lomo."),
    (
        "es",
        "¿es un juego para burros?",
        "Se llama El Burro, sí, y se juega con cartas de animales: cerdo, vaca, gallina, perro y gato.",
    ),
    ("es", "¿a qué sabe?", "A limón y un poco a leche condensada. Está de muerte."),
    (
        "es",
        "¿me recomendáis un libro?",
        "Prueba con «La familia de Pascual Duarte» o con «El idiota», que acaba de llegar en bolsillo.",
    ),
    (
        "es",
        "Mi hija se pasó la tarde llorando porque le dijisteis que había sitio y luego que no",
        "Imaginar a tu hija llorando por un error nuestro nos deja fatal. Tiene su sitio mañana, y la merienda la ponemos nosotros.",
    ),
    (
        "es",
        "os paso una foto de la tarta, un éxito total en la fiesta",
        "¡Menuda fiesta! Esa foto va derecha al corcho del obrador.",
    ),
    ("es", "¿Sabéis si mañana llueve?", "Dan sol toda la mañana y chubascos por la tarde."),
    (
        "es",
        "Os sigo desde hace años y siempre acertáis",
        "Llevamos media mañana sonriendo por tu mensaje, Inma.",
    ),
    ("es", "¿Cuándo llega mi pedido?", "El pedido está en reparto y llega hoy."),
    (
        "es",
        "Un poco caro, pero bien",
        "Gracias por la sinceridad. El precio subió con la harina, y aun así intentamos que compense.",
    ),
    (
        "es",
        "Os falta opción vegana en la carta",
        "¡Tomamos nota! En la carta de primavera habrá dos platos veganos.",
    ),
    ("en", "Do you deliver on Sundays?", "We do, between ten and two, for £3."),
    (
        "en",
        "I missed the return window by two days, anything you can do?",
        "Two days is nothing, bring it in on Saturday and we'll sort it.",
    ),
    (
        "en",
        "the room was noisy",
        "Street rooms do get the buses, sorry about that. The quiet one at the back is yours for tonight.",
    ),
    (
        "en",
        "How do I get red wine out of linen?",
        "Salt, cold water, no rubbing. You shouldn't use hot water, it sets the stain.",
    ),
    (
        "en",
        "Which one should I have bought for a beginner?",
        "You should have a look at the small one: lighter, cheaper, and you can't go wrong with it.",
    ),
    ("en", "Did I do it right?", "You did everything right! The update simply hadn't finished."),
    ("en", "Should I have booked?", "No need, we keep half of the tables free."),
    (
        "en",
        "My daughter cried all afternoon because you told her there was a place and then there wasn't",
        "It breaks my heart to read that. She has a place tomorrow, and we owe her an ice cream.",
    ),
    (
        "en",
        "Here's a photo of the cake, it was a hit at the party!",
        "That photo is going straight on the bakery wall!",
    ),
    ("en", "When does my order come?", "It's out for delivery and comes today."),
    ("en", "been following you for years, never had a dud", "You've had us smiling all morning."),
    ("en", "any vegan options?", "Two mains and a pudding, marked with a leaf on the menu."),
    (
        "es",
        "¿Tenéis mochilas impermeables?",
        "Sí, dos modelos: la de 20 litros a 39 € y la de 30 a 49 €. Las dos aguantan un buen chaparrón.",
    ),
    (
        "es",
        "¿Puedo pagar con Bizum?",
        "Claro, en la web y en la tienda. Cuando llegues a caja, nos lo dices y te damos el código.",
    ),
    ("es", "¿Puedo pagar con Bizum?", "Por supuesto. Al llegar a caja díganoslo y le damos el código."),
    (
        "es",
        "¿Y si no estoy en casa cuando venga el repartidor?",
        "El repartidor vuelve a pasar al día siguiente. Si tampoco está usted, deja un aviso con la dirección del punto de recogida.",
    ),
    (
        "es",
        "¿Y si no estoy en casa cuando venga el repartidor?",
        "El repartidor vuelve a pasar al día siguiente. Si tampoco estás, deja un aviso con la dirección del punto de recogida.",
    ),
    (
        "es",
        "¿Cuál es la diferencia entre los dos cascos?",
        "El negro pesa menos y el blanco ventila mejor. Para ciudad, cualquiera de los dos te servirá.",
    ),
    (
        "es",
        "¿Hay que reservar?",
        "No es imprescindible, aunque los viernes conviene. Indique si viene con niños y le ponemos trona.",
    ),
    (
        "es",
        "¿El curso vale para principiantes?",
        "Está pensado para gente que empieza desde cero. Traes ganas y nosotros ponemos el barro.",
    ),
    ("es", "¿Sirven desayunos?", "De ocho a once y media, señora Pardo. Los domingos, hasta las doce."),
    (
        "es",
        "¿Me lo cambiáis?",
        "Aunque en rebajas no solemos hacer cambios, contigo hacemos una excepción: es de la misma colección.",
    ),
    (
        "es",
        "¿vendéis comida para hurones?",
        "Sí, pienso de pollo y pavo. También juguetes: pelotas, ratas de peluche y túneles.",
    ),
    (
        "es",
        "¿tenéis zorros de peluche?",
        "Nos queda una zorra con sus cachorros y un perro salchicha. Son monísimos.",
    ),
    (
        "es",
        "¿es verdad que la ostra va cruda?",
        "Va cruda, con unas gotas de limón. En Ostia la probamos así y nos la trajimos.",
    ),
    (
        "es",
        "¿A qué hora es la misa?",
        "La misa es a las doce; el párroco es don Ángel Cabrón de la Vega, si quiere hablar con él.",
    ),
    ("es", "¿lleva cola?", "No lleva cola: va cosido a mano, con hilo encerado."),
    ("es", "¿de qué año es el vino?", "Es de 2019 y ha pasado un año en barrica."),
    ("es", "¿Cómo va lo mío?", "El paquete va a llegar el jueves, Óscar."),
    ("es", "¿Cómo va lo mío?", "El paquete va a llegar el jueves, señor Ledesma."),
    (
        "es",
        "Llevo desde el lunes sin línea y trabajo desde casa. Estoy perdiendo clientes",
        "Perder clientes por culpa de nuestra línea es de lo peor que nos pueden contar. La avería está localizada y un compañero está con ella.",
    ),
    ("es", "¿Hacéis descuento a grupos?", "A partir de diez personas, un 10 %."),
    ("es", "¿Sigue abierto el plazo?", "Sigue abierto hasta el viernes a las 14:00."),
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
        "es",
        "Sois la mejor peluquería de Vigo con diferencia",
        "¡Nos has puesto coloradas a las cinco! Un beso grande, Uxía.",
    ),
    (
        "en",
        "Do you have waterproof backpacks?",
        "Two of them: 20 litres for £39 and 30 for £49. Both shrug off a downpour.",
    ),
    (
        "en",
        "I've had no line since Monday and I work from home. I'm losing clients",
        "Losing clients because of our line is about the worst thing we can hear. The fault is found and a colleague is on it now.",
    ),
    ("en", "Do you give group discounts?", "10% for ten people or more."),
    ("en", "best hairdresser's in Leeds by miles", "You've got all five of us blushing!"),
    (
        "es",
        "Buenos días, ¿hacéis revisiones de ITV?",
        "¡Buenos días, Joan! Hacemos la preITV por 35 € y en una hora la tienes. El jueves hay hueco a las diez.",
    ),
    (
        "es",
        "¿Puedo llevar a mi perro?",
        "Los perros son bienvenidos en la terraza. Dentro, por normativa, solo los de asistencia.",
    ),
    ("es", "¿Cuánto cuesta el menú?", "14,50 € con bebida y café. Los jueves hay arroz, avisado estás."),
    (
        "es",
        "Me operaron el martes y nadie me ha llamado para la cura. Estoy preocupada",
        "Esa llamada tenía que haberle llegado ayer, y sentimos la preocupación. Tiene la cura mañana a las nueve.",
    ),
    ("es", "¿Lleva tornillos?", "Los tornillos van en una bolsa dentro del cajón."),
    (
        "es",
        "Chapó por la profe de yoga, salgo nueva",
        "¡Se lo digo ahora mismo, que le va a hacer mucha ilusión!",
    ),
    (
        "es",
        "Estaría genial que abrierais los lunes",
        "Ojalá pudiéramos, Sandra. De momento somos tres y el lunes respiramos, pero lo hablamos para verano.",
    ),
    (
        "es",
        "¿Qué pasó con el evento?",
        "Se suspendió por la lluvia. Si compraste entrada, el dinero vuelve solo a la tarjeta.",
    ),
    (
        "es",
        "¿Puedo pagar a plazos?",
        "Puede pagar en tres plazos sin intereses. Lo elige usted al final de la compra.",
    ),
    ("es", "¿qué flores hay?", "Capullos de peonía, margaritas y culantrillo. El ramo pequeño, 12 €."),
    (
        "es",
        "¿pesa mucho la bici?",
        "Once kilos; con el cuadro de carbono, ocho y medio. Se nota en el puerto.",
    ),
    ("es", "¿Qué lleva el cóctel?", "Ron, lima y hierbabuena, machacada a mano. No te arrepentirás."),
    ("es", "hola, ¿está Jesús?", "Jesús libra hoy; estoy yo, Magdalena, y te ayudo encantada."),
    ("es", "¿hay descuento para jubilados?", "Sí, un 15 % los martes presentando la tarjeta."),
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
        "would be great if you opened on Mondays",
        "We'd love to, Sandra. There are only three of us for now, but it's a lovely thought for summer.",
    ),
]


@pytest.mark.parametrize(("language", "question", "answer"), FOUND)
def test_c1_a_cold_answer_is_found(language: str, question: str, answer: str) -> None:
    assert found(Draft(answer, question, language=language))


@pytest.mark.parametrize(("language", "question", "answer"), LEFT_ALONE)
def test_c1_understanding_and_thanks_in_any_words_are_enough(
    language: str, question: str, answer: str
) -> None:
    assert not found(Draft(answer, question, language=language))


def test_c1_the_mend_begins_by_understanding_but_greets_first() -> None:
    text = "¡Hola, Marta! El paquete sale el jueves."
    (finding,) = found(Draft(text, "Estoy indignada, qué vergüenza de servicio", language="es"))
    assert finding.rule == "no_understanding"
    assert (finding.mend or "").startswith("¡Hola, Marta! Sentimos")


def test_c1_the_mend_of_praise_thanks() -> None:
    (finding,) = found(Draft("We open at nine.", "The cake was wonderful, best in town!", language="en"))
    assert finding.rule == "no_thanks"
    assert "Thank you" in (finding.mend or "")


@pytest.mark.parametrize(
    ("language", "question", "answer"),
    [
        ("fr", "C'est une honte, je suis furieuse !", "Le colis est au dépôt depuis jeudi."),
        ("de", "Ich bin stinksauer, seit drei Wochen warte ich!", "Das Paket liegt seit Montag im Lager."),
        ("it", "Sono furiosa, nessuno risponde da due settimane", "Il pacco è in magazzino."),
        ("pt", "Estou farta, há três semanas à espera! Que vergonha", "A encomenda está no armazém."),
        ("nl", "Ik wacht al drie weken, schandalig! Niemand reageert", "Het pakket ligt in het magazijn."),
        ("ca", "Estic molt enfadada, ningú respon! Quina vergonya", "La comanda és al magatzem."),
        ("gl", "Estou moi enfadada, ninguén responde! Que vergoña", "O pedido está no almacén."),
        ("eu", "Oso haserre nago, inork ez du erantzuten! Lotsagarria da", "Paketea biltegian dago."),
    ],
)
def test_c6_coldness_shows_in_ten_languages(language: str, question: str, answer: str) -> None:
    assert found(Draft(answer, question, language=language))


@pytest.mark.parametrize(
    "answer",
    [
        "对不起,您的包裹已经在仓库了。",
        "Нам очень жаль, посылка уже на складе.",
        "ขออภัยค่ะ พัสดุอยู่ที่คลังสินค้าแล้ว",
        "Bardzo przepraszamy, przesyłka czeka już w magazynie.",
    ],
)
@pytest.mark.parametrize("language", ["", "es"])
def test_c6_of_a_language_that_is_not_ours_nothing_is_said(answer: str, language: str) -> None:
    """Nobody here can read whether it shows understanding, and a Spanish sentence in front of it would be absurd."""
    assert not found(Draft(answer, "Menuda vergüenza, llevo tres semanas esperando", language=language))


def test_the_mend_leaves_an_emoji_of_several_signs_whole() -> None:
    draft = Draft(
        "Hola 👩‍👩‍👧 Marta, tu paquete está en el almacén.", "Menuda vergüenza, tres semanas esperando"
    )
    (finding,) = found(draft)
    rest = draft.text[finding.end :]
    assert not rest.startswith(("\u200d", "\ufe0f"))
    assert "👩‍👩‍👧" in (finding.mend or "") + rest
