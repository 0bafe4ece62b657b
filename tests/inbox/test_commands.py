"""The first line of a reply: an order, a letter, or a doubt; the table of words read whole."""

from __future__ import annotations

import unicodedata

import pytest

from inbox.commands import doubtful_word, read_command
from models.states import Kind, Role
from services.acting import ACTIONS, OF_ONESELF
from services.words import WORDS, Takes, words_of

PHRASES = [(word, phrase, role, kind) for word in WORDS for phrase in (word.say, *word.also) for role in sorted(word.roles)
           for kind in word.slugs]


def read(text: str, role: str = "coordinator", kind: str = "entraide"):
    found = read_command(text, role, kind)
    return (found.slug, found.words) if found else None


@pytest.mark.parametrize(("word", "phrase", "role", "kind"), PHRASES, ids=lambda value: getattr(value, "say", str(value)))
def test_every_word_is_understood_with_or_without_slash_accents_and_capitals(word, phrase, role, kind):
    plain = "".join(c for c in unicodedata.normalize("NFD", phrase) if not unicodedata.combining(c)).replace("’", "'")
    follows = {Takes.COLLEAGUE: " Charlie", Takes.DAYS: " 12 décembre"}.get(word.takes, "")
    for written in (phrase, plain, phrase.upper(), f"/{phrase}", f"/ {plain}", f"« {phrase} »", f"*{phrase}*", f"\n\n {phrase}"):
        line = written + follows
        found = read_command(line, role, kind)
        assert found is not None and found.slug == word.slugs[kind], line
        assert found.argument.strip("*» ") == follows.strip()
        assert doubtful_word(line, role, kind) == "", line


def test_no_word_is_said_two_ways_for_one_role():
    for role in Role:
        phrases = [phrase for word in words_of(role) for phrase in word.phrases]
        assert len(phrases) == len(set(phrases)), role


def test_every_word_stands_for_an_action_that_role_has_for_that_kind():
    for word in WORDS:
        for kind, slug in word.slugs.items():
            for role in word.roles:
                known = any(a.slug == slug and role in a.roles and kind in a.where for a in ACTIONS)
                assert known or slug in {*OF_ONESELF, "retour"}, (word.say, kind, role)


def test_what_undoes_a_word_is_a_word_of_the_same_role():
    for word in WORDS:
        if word.undo:
            for role in word.roles:
                assert word.undo in {other.say for other in words_of(role)}, (word.say, role)


@pytest.mark.parametrize(("text", "found"), [
    ("/refuser Le dossier est incomplet", ("refuser", "Le dossier est incomplet")),
    ("Refuser : déjà traité", ("refuser", "déjà traité")), ("refuser\nIl manque une pièce.", ("refuser", "Il manque une pièce.")),
    ("Clore.", ("clore", "")), ("clore\n\nCordialement,\nAlix", ("clore", "")),
    ("/note Rappeler\njeudi", ("note", "Rappeler\njeudi")),
    ("Note : rappeler", ("note", "rappeler")), ("je prends", ("prendre", "")), ("Je prends !", ("prendre", "")),
    ("je prends\n\nBien à vous\nAlix Coordination", ("prendre", "")),
    ("/je prends\nJ’appelle Noa.", ("prendre", "J’appelle Noa.")),
    ("je prends quand même", ("prendre-quand-meme", "")), ("je prends la demande", ("prendre", "")),
])
def test_an_order_is_read(text, found):
    assert read(text) == found and doubtful_word(text, "coordinator", "entraide") == ""


@pytest.mark.parametrize("text", [
    "Bonjour Noa, je prends contact demain.", "Je prends note, merci.", "Je prends contact avec la mairie",
    "Je rends visite à Noa",
    "Je suis de retour, voici ma réponse.", "Retour sur votre question", "Bonjour,\n\nJe prends note.", "", "  \n",
    "Prendre rendez-vous est plus simple.", "12/12 convient.", "http://exemple.fr/clore",
])
def test_a_letter_is_a_letter(text):
    assert read(text) is None and doubtful_word(text, "coordinator", "entraide") == ""


@pytest.mark.parametrize(("text", "word"), [
    ("Accepter serait difficile", "accepter"), ("refuser dossier incomplet", "refuser"), ("Clore maintenant ?", "clore"),
    ("accepter", "accepter"), ("stop", "stop"), ("/fusionner", "fusionner"),
    ("Je prends\nVoici ma réponse, Noa.", "je prends"), ("Je suis de retour\nVoici ma réponse.", "je suis de retour"),
    ("Je m’absente jusqu’au 12 décembre\nJe vous réponds ensuite.", "je m’absente jusqu’au"),
    ("Bonjour,\n\n/clore", "clore"), ("Bonjour\nclore", "clore"), ("/note à revoir\n/clore", "clore"),
    ("Voici la réponse.\n/clore", "clore"), ("Note bien ceci", "note"),
])
def test_what_may_be_an_order_and_is_not_surely_one_is_a_doubt(text, word):
    """« accepter » means nothing for a request for help, and « stop » nothing for the coordination."""
    assert doubtful_word(text, "coordinator", "entraide") == word


@pytest.mark.parametrize(("text", "role", "kind", "slug"), [
    ("Oui", "employer", "immersion", "accepter"), ("D’accord !", "employer", "immersion", "accepter"),
    ("Non : période chargée", "employer", "immersion", "refuser"), ("Oui, mais pas en mars", "employer", "immersion", None),
    ("Oui\nmais pas en mars", "employer", "immersion", None), ("oui\nSous réserve des dates", "employer", "immersion", None),
    ("ok", "employer", "adhesion", None), ("Oui", "host", "immersion", "accepter"), ("non", "host", "immersion", "refuser"),
    ("C’est résolu !", "author", "entraide", "resolu"), ("résolu", "author", "immersion", None),
    ("STOP.", "author", "adhesion", "stop"), ("stop\nMerci", "host", "immersion", "stop"),
    ("/clore", "author", "entraide", None), ("je prends", "author", "entraide", None),
    ("Retirer ma demande", "author", "immersion", "retirer"),
    ("Reprendre les courriels", "employer", "immersion", "reprendre-courriels"),
])
def test_the_others_have_words_of_their_own_and_what_is_not_one_is_read_by_a_person(text, role, kind, slug):
    found = read_command(text, role, kind)
    assert (found.slug if found else None) == slug
    assert doubtful_word(text, role, kind) == "", "their words are read by the coordination"


def test_rouvrir_means_for_each_kind_what_can_be_reopened():
    assert {kind: read("rouvrir", kind=kind)[0] for kind in Kind} == {
        Kind.ADHESION: "reprendre", Kind.ENTRAIDE: "rouvrir", Kind.IMMERSION: "rouvrir",
        Kind.MENTORAT: "rouvrir"}
