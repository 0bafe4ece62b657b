"""A report written in a mail, read line by line: labels, numbers, questions kept above their answers."""

from __future__ import annotations

from inbox.report_answer import answers_questions, read_report
from models.evaluation import Voice
from models.report_questions import QUESTIONS
from services.evaluation.questions import accepted, chosen, prepared, problems

C, H, E = Voice.COMPANION, Voice.HOST, Voice.EMPLOYER


def test_the_prepared_mail_once_completed_is_a_whole_report():
    text = prepared(C).partition("\n")[2]
    for label, answer in (("Comme prévu :", "oui"), ("Vu et fait :", "Des ateliers"), ("Retenu :", "Le « faire avec »"),
                          ("Publier :", "oui, sans mon nom")):
        text = text.replace(label, f"{label} {answer}")
    lines = read_report(text, C)
    assert list(problems(C, lines.values)) == []
    assert accepted(C, lines.values) == {"held": "oui", "seen": "Des ateliers", "kept": "Le « faire avec »",
                                         "publish": "nameless"}


def test_numbers_do_as_well_and_an_answer_may_take_several_lines():
    lines = read_report("Bonjour,\n\n1. En partie, il a neigé\n2) Un atelier Pix\nUne permanence\n\n3 - Prendre le temps\n"
                        "5. non\n\nBien cordialement,\nNoa", C)
    assert lines.values["seen"] == "Un atelier Pix\nUne permanence"
    assert accepted(C, lines.values)["held"] == "en partie"
    assert lines.values["publish"] == "non" and not list(problems(C, lines.values))
    assert answers_questions(lines)


def test_the_questions_left_above_the_answers_are_not_taken_for_them():
    text = "\n".join(f"{n}. {q.ask}{' (facultatif)' if q.optional else ''}\n{a}\n" for n, (q, a) in enumerate(
        zip(QUESTIONS[E], ("oui", "Du temps pour transmettre", "", "peut-être"), strict=True), 1))
    lines = read_report(text, E)
    assert accepted(E, lines.values) == {"useful": "oui", "changed": "Du temps pour transmettre", "again": "peut-être"}


def test_what_is_missing_and_what_is_no_answer_is_said():
    lines = read_report("Comme prévu : bof\nMontré et partagé :", H)
    said = [sentence.replace("\u00a0", " ") for sentence in problems(H, lines.values)]
    assert said[0].startswith("« Comme prévu » : écrivez l’une de ces réponses")
    assert said[1] == "Il manque « Montré et partagé » : Qu’avez-vous montré et partagé ?"
    assert said[2].startswith("Il manque « Accueillir de nouveau »")


def test_words_without_labels_are_no_report():
    for text in ("Bonjour, merci pour tout, c’était très bien.", "Rendez-vous à 14 h : je serai là.", "Oui", ""):
        assert not answers_questions(read_report(text, C)), text


def test_a_label_given_two_values_is_doubtful():
    assert read_report("Retenu : ceci\nRetenu : cela", C).twice == ("Retenu",)
    assert read_report("Retenu : ceci\nRetenu : ceci", C).twice == ()


def test_a_choice_is_understood_in_many_words():
    publish = QUESTIONS[C][-1]
    assert [chosen(publish, said) for said in ("Oui avec mon nom", "oui, sans mon nom", "Non merci", "oui", "pourquoi pas")] == [
        "named", "nameless", "no", "named", None]
