"""One exchange is one thread in each person's mail program: identifiers and subjects over a whole story."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default

from cast import ANDREA, CLAUDE, IMMERSION, confirm, send
from roads.correspondents import COORDINATOR, NOA, Story
from setting import databases

from models.base import db

_PREFIX = re.compile(r"^(?:re|ré|tr|fwd?)\s?:\s*", re.IGNORECASE)


def bare(subject: str) -> str:
    """The subject as Gmail and Outlook group by it."""
    while _PREFIX.match(subject):
        subject = _PREFIX.sub("", subject, count=1)
    return " ".join(subject.split())


def ids(message, name: str) -> list[str]:
    return re.findall(r"<[^>]+>", str(message[name] or ""))


class Mailbox:
    """What one person's mail program holds: the letters that came, and the answers it sent."""

    def __init__(self, story: Story, address: str) -> None:
        self.story, self.address, self.sent = story, address, []

    def answers(self, words: str, letter: str = "", subject: str = "") -> None:
        row = self.story.says(self.address, words, letter, headers={"Subject": subject} if subject else None)
        with self.story.app.app_context():
            self.sent.append(message_from_bytes(db.session.merge(row).raw, policy=default))

    def latest(self, letter: str = ""):
        return self.story.headers(self.address, letter)

    def all(self) -> list:
        return [message_from_bytes(item.raw, policy=default) for item in self.story.post.to(self.address)]


@databases("sqlite", "postgresql")
def test_each_answer_continues_the_thread_of_the_mail_it_answers(help_asked):
    noa, alix = Mailbox(help_asked, NOA), Mailbox(help_asked, COORDINATOR)
    subjects = {bare(str(alix.latest()["Subject"]))}
    alix.answers("Bonjour Noa, voici une piste.")
    first = noa.latest("message_relayed")
    noa.answers("Merci. Et sans adresse ?", "message_relayed")
    relayed = alix.latest("message_relayed")
    alix.answers("C’est possible aussi.", "message_relayed")
    second = noa.latest("message_relayed")
    noa.answers("Parfait.", "message_relayed")
    third = alix.latest("message_relayed")

    assert ids(relayed, "In-Reply-To") == [alix.sent[0]["Message-ID"]], "Alix reads it under the mail Alix wrote"
    assert ids(second, "In-Reply-To") == [noa.sent[0]["Message-ID"]]
    assert ids(third, "In-Reply-To") == [alix.sent[1]["Message-ID"]]
    assert ids(noa.sent[0], "In-Reply-To") == [first["Message-ID"]]
    for mailbox in (noa, alix):
        roots = {ids(letter, "References")[0] for letter in mailbox.all()[1:]}
        assert len(roots) == 1, "one root for one person"
        for letter in mailbox.all():
            assert len(str(letter["References"])) <= 1500
            assert ids(letter, "References")[-1:] == (ids(letter, "In-Reply-To") or ids(letter, "References")[-1:])
    subjects |= {bare(str(message["Subject"])) for message in (first, relayed, second, third, *noa.sent, *alix.sent)}
    assert len(subjects) == 1, "Gmail and Outlook begin a new thread when the subject changes"
    assert str(second["Subject"]).startswith("Re: [AIDE-2027-0001]")


def test_nobodys_identifiers_are_shown_to_somebody_else(help_asked):
    noa, alix = Mailbox(help_asked, NOA), Mailbox(help_asked, COORDINATOR)
    alix.answers("Bonjour Noa.")
    noa.answers("Merci.", "message_relayed")
    alix.answers("/note À suivre", "message_relayed")
    alix.answers("Bonne suite.", "message_relayed")
    for mine, other in ((noa, alix), (alix, noa)):
        foreign = [sent["Message-ID"] for sent in other.sent] + [letter["Message-ID"] for letter in other.all()]
        foreign += [ids(letter, "References")[0] for letter in other.all() if letter["References"]]
        for item in help_asked.post.to(mine.address):
            assert not [one for one in foreign if one.encode() in item.raw]


def test_what_an_order_did_is_told_under_the_mail_that_gave_it(help_asked):
    alix = Mailbox(help_asked, COORDINATOR)
    alix.answers("je prends")
    done = alix.latest("command_done")
    assert ids(done, "In-Reply-To") == [alix.sent[0]["Message-ID"]]
    assert bare(str(done["Subject"])) == bare(str(alix.sent[0]["Subject"]))
    assert str(done["Auto-Submitted"]) == "auto-generated" and help_asked.headers(NOA)["Auto-Submitted"]


def test_an_order_in_between_does_not_break_the_thread_of_words(app, client, post, clock):
    """Words answer the words: the subject of a decision is not given to what somebody else says later."""
    send(client, "/immersion", IMMERSION)
    confirm(client, post, NOA)
    story = Story(app, client, post, clock, "IMM-2027-0001")
    noa, alix, andrea = (Mailbox(story, address) for address in (NOA, COORDINATOR, ANDREA))
    alix.answers("accepter")
    andrea.answers("Quelles dates ?", "employer_to_agree")
    assert bare(str(alix.latest("message_relayed")["Subject"])) == bare(str(alix.latest("request_to_coordinator")["Subject"]))
    alix.answers("Deux jours en février.", "message_relayed")
    assert bare(str(andrea.latest("message_relayed")["Subject"])) == bare(str(andrea.sent[0]["Subject"]))
    assert ids(andrea.latest("message_relayed"), "In-Reply-To") == [andrea.sent[0]["Message-ID"]]
    andrea.answers("Oui", "employer_to_agree")
    agreed = alix.latest("employer_agreed")
    assert "proposer un accueil" in str(agreed["Subject"])
    alix.answers("/note À proposer", "employer_agreed")
    assert "proposer un accueil" in str(alix.latest("command_done")["Subject"])
    noa.answers("Avez-vous des nouvelles ?", "taken_in_hand")
    assert "proposer un accueil" not in str(alix.latest("message_relayed")["Subject"])
    assert story.count(CLAUDE) == 0


def test_a_subject_of_somebodys_own_is_not_taken_over(help_asked):
    noa, alix = Mailbox(help_asked, NOA), Mailbox(help_asked, COORDINATOR)
    noa.answers("Une question", subject="Urgent : virement pour direction@banque.example")
    alix.answers("La réponse", "message_relayed")
    for mailbox in (noa, alix):
        assert all("virement" not in str(letter["Subject"]) for letter in mailbox.all())


def test_what_a_gateway_adds_to_a_subject_is_not_sent_back(help_asked):
    noa, alix = Mailbox(help_asked, NOA), Mailbox(help_asked, COORDINATOR)
    ours = str(noa.latest("request_received")["Subject"])
    noa.answers("Une question", "request_received", subject=f"RE: [EXTERNE] {ours}")
    alix.answers("La réponse", "message_relayed")
    assert str(noa.latest("message_relayed")["Subject"]) == f"Re: {ours}"


def test_a_mail_without_a_usable_identifier_is_answered_in_the_thread_all_the_same(help_asked):
    noa, alix = Mailbox(help_asked, NOA), Mailbox(help_asked, COORDINATOR)
    received = noa.latest("request_received")
    noa.story.says(NOA, "Une question", headers={"Message-ID": "<" + "x" * 400 + "@long.example>"})
    alix.answers("La réponse", "message_relayed")
    answer = noa.latest("message_relayed")
    assert ids(answer, "In-Reply-To") == [received["Message-ID"]]
