"""People who have nothing but a mail client: each answer arrives where it belongs, whatever the program."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from cast import AIDE, ANDREA, CLAUDE, COORDINATOR, HOSTING, IMMERSION, NOA, STRUCTURE, confirm, press, send

from servers.town import headers, reply_address
from territory.calendar import is_working_day

#: Not text alone, as every PDF: programs then send it in base 64, to the byte.
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
NAMES = {COORDINATOR: "Alix Coordination", NOA: "Noa Fictif", CLAUDE: "Claude Accueil", ANDREA: "Andréa Direction"}

pytestmark = pytest.mark.slow


@pytest.fixture
def asked(client, town):
    """Noa has asked for help by the form, and pressed the button behind the link: the last page anybody opens."""
    send(client, "/aide", AIDE)
    confirm(client, town, NOA)


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "mandat signé.pdf"
    path.write_bytes(PDF)
    return path


def one_thread(letters) -> bool:
    """True when a mail client shows these letters as one conversation: each names one of the others, or what they name."""
    groups: list[set[str]] = []
    for letter in letters:
        mail = headers(letter)
        names = {word for name in ("Message-ID", "In-Reply-To", "References") for word in str(mail[name] or "").split()}
        groups = [group for group in groups if not group & names] + [set().union(names, *(g for g in groups if g & names))]
    return len(groups) == 1


def assert_nobody_is_shown(town, given: frozenset[tuple[str, str]] = frozenset()) -> None:
    """No letter holds the address of anybody else than its reader, but those the reader gave: ``(reader, address)``."""
    for reader in NAMES:
        for letter in town.mailbox(reader):
            shown = [other for other in NAMES
                     if other != reader and (reader, other) not in given and other.encode() in letter.raw]
            assert not shown, (reader, letter.subject, shown)


@pytest.mark.parametrize("door", ["pipe", "lmtp", "imap"], indirect=True)
def test_a_question_is_asked_answered_and_resolved_by_neomutt_s_nail_and_swaks(town, asked, scan):
    town.clients.reply(COORDINATOR, NAMES[COORDINATOR], "Bonjour Noa,\n\nVoici la procédure de mandat.")
    town.clients.s_nail(NOA, NAMES[NOA], "Merci. Voici le mandat signé.", files=[scan])
    relayed = town.last(COORDINATOR)
    assert relayed.files == (("mandat signé.pdf", "application/pdf", PDF),)
    answered = {"In-Reply-To": headers(relayed)["Message-ID"], "References": headers(relayed)["Message-ID"]}
    town.clients.swaks(COORDINATOR, reply_address(relayed), "Re: mandat", "C’est parfait, bonne journée.", headers=answered)
    town.clients.s_nail(NOA, NAMES[NOA], "C’est résolu")

    assert town.said() == ["Bonjour Noa,\n\nVoici la procédure de mandat.", "Merci. Voici le mandat signé.",
                           "C’est parfait, bonne journée."], "the new words, without what each program quotes"
    assert town.state() == "resolved"
    assert {taken.state for taken in town.taken()} == {"done"}
    for reader in (COORDINATOR, NOA):
        assert one_thread([letter for letter in town.mailbox(reader) if "AIDE-" in letter.subject])
    assert_nobody_is_shown(town)


def test_what_a_client_answers_names_the_letter_and_its_thread(town, asked):
    before = headers(town.last(COORDINATOR))
    town.clients.neomutt(COORDINATOR, NAMES[COORDINATOR], "Bonjour.")
    town.clients.s_nail(NOA, NAMES[NOA], "Merci.")
    first, second = (headers(taken) for taken in town.taken())
    assert first["In-Reply-To"] == before["Message-ID"]
    assert str(first["References"]).split() == [*str(before["References"]).split(), before["Message-ID"]]
    assert second["In-Reply-To"] == headers(town.last(NOA))["Message-ID"]
    assert first["In-Reply-To"] not in str(second["References"]), "the two threads never name each other's letters"


def test_a_command_in_a_new_message_to_the_reply_address_is_obeyed(town, asked):
    # What a mailto: link opens, in any client: no In-Reply-To, no quoted text.
    address = reply_address(town.last(COORDINATOR))
    town.clients.swaks(COORDINATOR, address, "Re: votre demande", "/clore\nRéponse donnée par téléphone.")
    assert town.state() == "closed"
    assert "Réponse donnée par téléphone." in town.last(NOA).text


def test_somebody_else_who_writes_to_that_address_waits_for_the_word_of_the_person_expected(town, asked):
    address = reply_address(town.last(COORDINATOR))
    town.clients.swaks(CLAUDE, address, "Re: votre demande", "/clore")
    assert town.state() == "submitted"
    assert town.taken()[-1].state == "waiting"
    (told,) = town.mailbox(CLAUDE)
    assert "Noa" not in told.text and "AIDE" not in told.text, "a stranger learns nothing of the exchange"


def test_a_structure_joins_and_is_welcomed_without_another_page(client, town):
    send(client, "/rejoindre/structure", STRUCTURE)
    confirm(client, town, CLAUDE)
    town.clients.reply(COORDINATOR, NAMES[COORDINATOR], "/accepter\n\nContente de vous compter parmi nous.")
    welcome = town.last(CLAUDE)
    assert "Contente de vous compter parmi nous." in welcome.text
    assert [(name, kind, content[:5]) for name, kind, content in welcome.files] == [
        (f"engagements-{reference(welcome)}.pdf", "application/pdf", b"%PDF-")]
    town.clients.s_nail(CLAUDE, NAMES[CLAUDE], "Merci, à bientôt.")
    assert "Merci, à bientôt." in town.last(COORDINATOR).text
    assert_nobody_is_shown(town)


def test_an_immersion_goes_by_mail_with_pages_for_its_host_its_dates_and_its_convention(client, town, scan):
    send(client, "/rejoindre/structure", STRUCTURE)
    confirm(client, town, CLAUDE)
    town.clients.s_nail(COORDINATOR, NAMES[COORDINATOR], "/accepter")
    send(client, "/immersion", soon(IMMERSION))
    confirm(client, town, NOA)
    town.clients.s_nail(COORDINATOR, NAMES[COORDINATOR], "/accepter")
    town.clients.reply(ANDREA, NAMES[ANDREA], "Oui\n\nC’est une bonne idée.")
    assert "C’est une bonne idée." in town.last(NOA).text
    # The pages of these steps stay, for whoever prefers them.
    path = town.last(COORDINATOR).link("d")
    press(client, f"{path}/proposer", structure="1")
    asked = town.last(CLAUDE)
    town.clients.reply(CLAUDE, NAMES[CLAUDE], "Avec plaisir. Plutôt le matin\u00a0?")
    assert "Plutôt le matin\u00a0?" in town.last(COORDINATOR).text
    town.clients.s_nail(COORDINATOR, NAMES[COORDINATOR], "Oui, le matin convient à Noa.")
    assert "le matin convient" in town.last(CLAUDE).text, "an answer goes to the person who wrote"
    assert "le matin convient" not in "".join(letter.text for letter in town.mailbox(NOA))
    press(client, f"{asked.link('d')}/accueillir", **hosting())
    press(client, f"{path}/rediger", travel_detail="94 km aller et retour")
    press(client, f"{path}/relecture")
    press(client, f"{path}/signature")

    letters = [town.last(address) for address in (NOA, ANDREA, CLAUDE)]
    (document,) = {letter.files[0][2] for letter in letters}
    assert document.startswith(b"%PDF-1.7"), "the same bytes in the three mailboxes"
    town.clients.s_nail(CLAUDE, NAMES[CLAUDE], "Signé, voir le scan.", files=[scan])
    assert town.last(COORDINATOR).files == (("mandat signé.pdf", "application/pdf", PDF),)
    assert {taken.state for taken in town.taken()} == {"done"}
    assert_nobody_is_shown(town, frozenset({(NOA, ANDREA)}))


def test_the_whole_story_is_played_without_a_page_after_the_forms(client, town, scan):
    """Issue 3: nobody has anything but a mail client, once a form is sent."""
    send(client, "/rejoindre/structure", STRUCTURE)
    town.clients.reply(CLAUDE, NAMES[CLAUDE], "Oui")
    town.clients.s_nail(COORDINATOR, NAMES[COORDINATOR], "/accepter")
    send(client, "/immersion", soon(IMMERSION))
    town.clients.s_nail(NOA, NAMES[NOA], "Je confirme")
    town.clients.s_nail(COORDINATOR, NAMES[COORDINATOR], "/accepter")
    town.clients.reply(ANDREA, NAMES[ANDREA], "Oui")
    town.clients.reply(COORDINATOR, NAMES[COORDINATOR], "proposer Structure Exemple C\n\nPouvez-vous recevoir Noa\u00a0?")
    assert "Pouvez-vous recevoir Noa" in town.last(CLAUDE).text
    # What the prepared link opens: a new message to the reply address.
    town.clients.swaks(CLAUDE, reply_address(town.last(CLAUDE)), "Re: immersion", host_answer())
    town.clients.s_nail(COORDINATOR, NAMES[COORDINATOR], "relecture")
    assert town.last(COORDINATOR).files[0][2] == town.last(NOA).files[0][2]
    town.clients.reply(COORDINATOR, NAMES[COORDINATOR], "signature")
    (document,) = {town.last(address).files[0][2] for address in (NOA, ANDREA, CLAUDE)}
    assert document.startswith(b"%PDF-1.7"), "the same bytes in the three mailboxes"
    town.clients.s_nail(CLAUDE, NAMES[CLAUDE], "Signé, voir le scan.", files=[scan])
    assert town.last(COORDINATOR).files == (("mandat signé.pdf", "application/pdf", PDF),)
    assert town.state("IMM") == "to_sign" and {taken.state for taken in town.taken()} == {"done"}
    assert_nobody_is_shown(town, frozenset({(NOA, ANDREA)}))


def host_answer() -> str:
    """The prepared answer of a host, completed."""
    days = "\n".join(f"{on:%d/%m/%Y} 9h-12h30 13h30-17h" for on in visits())
    return ("accueillir\n\nDates :\n" + days + "\n\nAdresse : 3 rue des Lilas\nTuteur ou tutrice : Ariel Modèle\n"
            "Sa fonction : conseiller\nSon téléphone : 06 39 98 00 09\nSignataire : Claude Accueil\nSa qualité : Directrice\n"
            "Assurance : Mutuelle Exemple\nRepas (facultatif) :\nSécurité (facultatif) :\nUn mot (facultatif) :")


def reference(letter) -> str:
    """The reference in a letter's subject."""
    return letter.subject.partition("[")[2].partition("]")[0]


def soon(pages):
    """The same request for an immersion, two months from today: this clock does not stand still."""
    (on, _) = visits()
    when = {"earliest-jour": str(on.day), "earliest-mois": str(on.month), "earliest-annee": str(on.year)}
    return [(slug, answers | when if "earliest-jour" in answers else answers) for slug, answers in pages]


def hosting() -> dict[str, str]:
    """The same answer of the host, on these days."""
    days = {}
    for number, on in enumerate(visits(), 1):
        days |= {f"seance{number}-on-jour": str(on.day), f"seance{number}-on-mois": str(on.month),
                 f"seance{number}-on-annee": str(on.year)}
    return HOSTING | days


def visits() -> tuple[date, date]:
    """Two working Tuesdays, two months from today."""
    days = (datetime.now(UTC).date() + timedelta(days=60 + number) for number in range(40))
    first, second, *_ = [day for day in days if day.weekday() == 1 and is_working_day(day)]
    return first, second
