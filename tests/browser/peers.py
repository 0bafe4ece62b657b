"""Help among peers, for the browser: who is asked, who helps, a meeting to choose, a fiche to read again and one published."""

from __future__ import annotations

import re

from cast import COORDINATOR, LEARNER, confirm, press, send
from roads.peers import member, question

#: Asked, and has not answered.
PEER_ASKED = "iris@structure-p.example"
#: Helps, and proposed slots.
PEER_HELPS = "charlie@structure-q.example"
#: Whom they help; whose exchange became a fiche; whose fiche waits for the coordination.
HELPED_BY_A_PEER, IN_A_FICHE, FICHE_TO_EDIT = ("jo@structure-r.example", "kim@structure-s.example", "val@structure-t.example")
#: Asks to join under a name that members have (tests/activity.py).
NAMESAKE = "ama@structure-u.example"
#: Nobody has taken their question yet.
WAITS = "axel@structure-u.example"
_THEME, _OTHER = "outils_libres", "culture_numerique"


def play_peers(app, client, post) -> None:
    """Play the exchanges through the doors."""
    with app.app_context():
        member(PEER_HELPS, skills=(_THEME,))
        member(PEER_ASKED, skills=(_OTHER,))
    for author, theme in ((HELPED_BY_A_PEER, _THEME), (IN_A_FICHE, _THEME), (FICHE_TO_EDIT, _THEME), (WAITS, _OTHER)):
        send(client, "/aide", question(theme=theme, email=author))
        confirm(client, post, author)
    send(client, "/rejoindre/en-devenir", [(slug, answers | ({"given_name": "Ama", "family_name": "Exemple", "email": NAMESAKE}
                                                            if slug == "vous" else {})) for slug, answers in LEARNER])
    confirm(client, post, NAMESAKE)
    post.reply(post.last(PEER_HELPS, "peer_asked"), "Oui, nous utilisons cet outil depuis deux ans.")
    press(client, f"{post.last(PEER_HELPS, 'to_help').link('d')}/creneaux", **{
        "day1-jour": "19", "day1-mois": "1", "day1-annee": "2027", "hour1": "14 h", "day2-jour": "21", "day2-mois": "1",
        "day2-annee": "2027", "hour2": "10 h", "minutes": "30", "place": "Visio"})
    for author in (IN_A_FICHE, FICHE_TO_EDIT):
        post.reply(_brought(post, author), "Il faut un mandat écrit, signé.")
        mine = post.last(author, "message_relayed").link("d").removesuffix("/resolu")
        press(client, f"{mine}/resolu")
        press(client, f"{mine}/fiche")
        post.reply(post.last(COORDINATOR, "fiche_proposed"), "d’accord pour une fiche")
        if author == IN_A_FICHE:
            press(client, post.last(COORDINATOR, "fiche_to_edit").link("d"), title="Un mandat sans adresse de courriel",
                  answer="Il faut un mandat écrit, signé.")


def _brought(post, author: str):
    """The letter that brought that author's request to the coordination."""
    reference = re.search(r"AIDE-\d{4}-\d{4}", post.last(author, "request_received").text)[0]
    return next(letter for letter in reversed(post.to(COORDINATOR)) if letter.letter.endswith("/request_to_coordinator")
                and reference.encode() in letter.raw)
