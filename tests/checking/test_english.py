"""Families of the check in English, by drafts that say the same in other words (A1, B1, C1, C3, C5)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialdesk.checking.check import check
from socialdesk.checking.draft import Draft
from socialdesk.checking.rules import load

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def families(text: str) -> set[str]:
    """Return the families that find something in an English draft."""
    return {finding.family for finding in check(Draft(text, language="en"), load(), NOW)}


@pytest.mark.parametrize(
    "text",
    [
        "Our Zumba is really one for the mummies, dads tend to hover at the back looking lost.",
        "The night porter is from Nigeria but he's very honest, so your bags are safe.",
        "With an accent like yours I wasn't sure you'd understood the deposit.",
        "It's mainly retired folk in the afternoon, they nod off, so we keep the music low.",
        "We had a group of lads from Liverpool once, never again.",
        "He's gay, so you can trust his taste in curtains.",
        "That sort of name usually means a no-show, so we took a deposit.",
        "Only a vegan would complain about the smell of bacon.",
        "Your lot don't drink, so I've taken the wine off the bill.",
        "Two women won't manage the canal boat on their own, take a fella along.",
        "The guide speaks slowly so foreigners can follow, bless them.",
        "We put the disabled at the table by the toilets, it's easier for everyone.",
        "Don't let the headscarf put you off, Amina cuts hair beautifully.",
        "We find single dads make messy tenants.",
        "Kids with ADHD wear the others out, so maybe a private lesson.",
        "The course is for serious people, not bored housewives.",
        "A grown man asking for a pink bike, that's a first!",
        "Chelsea supporters can use the back room, if they wipe their feet.",
        "She's very capable for her age, still does all the accounts at 70.",
        "I'd have thought a woman would know how to fold a pram.",
        "We'd take your CV but the customers like an English voice on the phone.",
        "It's a rough estate, so we ask for cash from people out there.",
    ],
)
def test_c5_discrimination_is_found(text: str) -> None:
    assert "discrimination" in families(text)


@pytest.mark.parametrize(
    "text",
    [
        "It would've been fine if the lid had gone back on.",
        "We can't be expected to chase people for their sizes.",
        "You've had since March to hand the form in.",
        "Read the email again and you'll see it's all there.",
        "The kit doesn't lose screws, people do.",
        "If the dog hadn't been let off the lead, none of this would've happened.",
        "Well, you signed for it, so I don't know what to tell you.",
        "This is why we say to try things on.",
        "The gate was shut because you turned up at ten past.",
        "It isn't rocket science, just follow the arrows.",
        "I did mention it when you booked.",
        "Your son was told twice not to climb on it.",
        "Had you rung ahead we'd have kept one.",
        "The dent wasn't there when it left us.",
        "Somebody at your house must have signed for it.",
        "Everyone else found the entrance without any trouble.",
        "Ordering at the last minute has its risks.",
        "With respect, you picked the wrong size.",
        "No one made you pay in cash.",
        "You were quite rude to Jenny, so she hung up.",
        "If you'd kept the receipt this would be easy.",
        "We're not responsible for what guests leave in the pockets.",
    ],
)
def test_c1_blame_is_found(text: str) -> None:
    assert "blame" in families(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'll have Dave give you a shout once he's off the roof.",
        "Your keys will be waiting behind the bar from six.",
        "We're back on the case first thing Monday.",
        "Refund's going through this afternoon.",
        "You'll have the draft in your inbox by Thursday lunchtime.",
        "Shall sort that out for you tonight.",
        "One of the girls will pop it round after school.",
        "Leave it with me, I'm seeing the supplier tomorrow.",
        "We'll knock the delivery charge off your next bill.",
        "A new bulb is going in on Wednesday.",
        "The council crew comes out on Friday to clear it.",
        "I'll see what the boss says and let you know.",
        "Expect a text from Karen before the weekend.",
        "We owe you a coffee, it's on us next time you're in.",
        "The second coat goes on tomorrow, then it's yours.",
        "I've put you down for the 14th and will confirm in the morning.",
        "Our vet will look at the scan tonight and phone you.",
        "We'll hold the pram for you till Saturday.",
        "The rest of your order follows next week.",
        "You have my word that the shower gets fixed this week.",
        "Once Tom's back from lunch he'll look it up for you.",
        "We aim to have all claims settled by the 30th, yours too.",
    ],
)
def test_a1_commitment_is_found(text: str) -> None:
    assert "commitment" in families(text)


@pytest.mark.parametrize(
    "text",
    [
        "Best catch Lisa at the desk, she does the rotas.",
        "Could you drop the school a line about that?",
        "You'd have to take that up with the landlord.",
        "It's all in the welcome pack on our site.",
        "Bookings are through the app these days.",
        "Text the word TOW to 60606 for a quote.",
        "Our Facebook group is better for that sort of question.",
        "Have a flick through the brochure on our homepage.",
        "Ask at the till next time you're in.",
        "Anything about fees goes to bursar@oakfield.example.",
        "Pick up the phone and we'll talk it through.",
        "That'd be a question for your airline.",
        "We only quote in person, so pop by with the measurements.",
        "The surgery takes repeat requests online.",
        "Message the page, not the comments please.",
        'You can look that up under "My bookings".',
        "The ladies at reception can tell you, extension 12.",
        "Log a ticket with IT support.",
        "Give Head Office a bell, they hold the stock list.",
        "Visit our showroom in Leeds to find out.",
        "Your best bet is the helpline.",
        "Use the QR code on the door for prices.",
    ],
)
def test_b1_channel_switch_is_found(text: str) -> None:
    assert "channel-switch" in families(text)


@pytest.mark.parametrize(
    "text",
    [
        "We're all ready for you're visit on Sunday.",
        "The potatos are organic and from a farm nearby.",
        "I'll let you no when the dye lot arrives.",
        "Its been a pleasure having the kids here.",
        "The dogs can sleep their, there's a blanket.",
        "Your more then welcome to bring a cake.",
        "We had to brake the lock to get in, sorry.",
        "Please bare with us while the oven heats.",
        "The affects of the cream last a day.",
        "You can chose between oak and pine.",
        "Theres a bus stop right outside.",
        "The manger is in on Tuesdays.",
        "It's to late for today's bread.",
        "Our bred is baked at five.",
        "Could you confirm wich colour?",
        "The principle ingredient is chickpeas.",
        "We definitly have a high chair.",
        "The ticket includes a free desert.",
        "I'm not aloud to give out her number.",
        "She past her test, so she can drive the van.",
        "Were open all day on Saturday.",
        "Who's dog is the spaniel?",
    ],
)
def test_c3_spelling_is_found(text: str) -> None:
    assert "spelling" in families(text)


@pytest.mark.parametrize(
    "text",
    [
        "The ladies' loo is upstairs, the gents is by the bar.",
        "Seniors get ten percent off on Tuesdays.",
        "Pensioners travel free after 9.30 with a bus pass.",
        "Yes, wheelchair users can get in through the side gate, there's a ramp.",
        "Our chef is Italian and the pasta is made here.",
        "The girls' football club meets on Saturdays and is open to beginners.",
        "We have prayer mats and a quiet room, and most of the menu is halal.",
        "Women and men train together on Mondays.",
        "The film is in French with English subtitles.",
        "Students pay eight pounds, everyone else ten.",
        "The mums and toddlers group is on Wednesday, dads are very welcome.",
        "Gay couples and straight couples pay the same, of course you can both come.",
        "The lads carried it up two floors, all good.",
        "Teenagers need an adult with them after nine.",
        "It's a Polish sausage, so it has garlic in it.",
        "The men's jacket is a bit longer than the women's.",
        "My colleague is from Brazil, so she can answer you in Portuguese.",
        "People over sixty can have the flu jab free of charge.",
        "We're sorry for what the driver said about your headscarf, that was wrong.",
        "The over-50s walk leaves at ten and goes at an easy pace.",
        "Children under twelve eat free, teenagers get a smaller bill.",
        "The Arsenal match is on at three, the Spurs one at half five.",
        "Guide dogs are always welcome, even in the kitchen garden.",
        "Older phones may need an update first.",
        "The old town is lovely at night.",
        "Mothers' Day lunch is sold out, but there are tables on the Saturday.",
        "You should be able to open it by turning the cap to the left.",
        "You might want to let it cool before slicing.",
        "You asked whether it's dishwasher safe: yes, on the top rack.",
        "If it was damaged in the post, we replace it.",
        "The wrong size was sent by us, sorry about that.",
        "You haven't missed it, the sale ends on Sunday.",
        "Check the filter first, that solves it nine times out of ten.",
        "The door was left open by our cleaner, so the heating had to catch up.",
        "You chose a good one: the oak lasts for decades.",
        "Nothing you did wrong, the valve was faulty.",
        "I explained it badly, so here it is again: two tablets, not one.",
        "Most people find the size chart runs small, so go one up.",
        "It's popular for a reason: the crust is baked twice.",
        "The stain wasn't there because of you, it's a dye fault on our side.",
        "Yes, it's been washed before sale, so it won't shrink any more.",
        "We open at ten tomorrow and the first tour is at eleven.",
        "The bus leaves at nine on Fridays from the square.",
        "Soup of the day is leek and potato, with bread.",
        "The tide comes in at four, so the path closes at three.",
        "The bakery next door opens at six.",
        "It takes about ten minutes to walk from the station.",
        "The parcel was posted on Monday and arrived at the depot today.",
        "You'll need a pin code to get in, it's 4471.",
        "The course runs from September to June.",
        "Your points expire in March.",
        "You can bring it back within 30 days with the receipt.",
        "The battery will last around six hours.",
        "Phone cases are on the second shelf from the left.",
        "The website is down at the moment, but yes, we've got it in blue for £12.",
        "Ask for the daily special, it's never on the menu.",
        "The call button is on the wall next to the bed.",
        "No need to ring, walk-ins are fine until six.",
        "The email address on your account is fine as it is.",
        "We're opposite the post office, with the red door.",
        "Yes, dogs are fine on a lead. The beach itself is closed to them in July.",
        "The shop on Mill Street has your size, £45, and it's open until eight.",
        "It's on the website too, but the short answer is 9 to 5 on weekdays.",
        "The weight is 12 kg with the box.",
        "Two of them were too big, to be fair.",
        "The cat lost its collar, it's blue with a bell.",
        "Who's coming on Friday, and whose turn is it to bring cake?",
        "They're on the shelf over there with their price tags.",
        "The quiet room is quite small, two people at most.",
        "We accept everything except cheques.",
        "It affects the taste, but the effect is small.",
        "You were right about the weather, whether we like it or not.",
        "The principal reason is the principle of the thing.",
        "Let's see, it lets in a bit of light.",
        "I passed the note on, it's half past two now.",
        "Where were you sitting? We're by the window.",
        "The stationery shop sells paper, the stationary bike is in the gym.",
        "Could you tell me which one you moved to?",
        "It's the one I'm used to, and I like it.",
        "That's what the tap is attached to.",
        "We would advise taking his advice.",
        "The knight rode into the night.",
        "He threw it through the window in the play.",
        "It's a fair fare for the fair.",
        "The bread was bred into us, as my gran used to say.",
        "We used to open on Mondays, we don't any more.",
        "I'd be lost without it too.",
        "Loose tea, loose change, loose fit: all fine.",
        "Break it in half and it won't break your teeth.",
    ],
)
def test_c1_what_only_looks_alike_is_left_alone(text: str) -> None:
    assert families(text) == set()
