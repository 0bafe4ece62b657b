"""An answer may say what the letter itself offers to say: those words are the person's, and not a quote."""

from __future__ import annotations

import pytest

from inbox.reply_text import reply_text

SENT = """Bonjour Noa Fictif,

Alix Coordination vous écrit\u00a0:

  C’est parfait, bonne journée.

Votre question a trouvé sa réponse\u00a0?

C’est résolu\u00a0:
http://localhost/d/NLanUlrPDtGJo_m7xqybZkhUHYI0jxW4w6_geDueXys/resolu
"""
#: s-nail quotes after a tab, above the answer, with no mark that another program would know.
QUOTED = "Réseau Exemple <reseau@ring.example> wrote:\n\n" + "".join(f"\t{line}\n" for line in SENT.splitlines())


@pytest.mark.parametrize("answer", ["C’est résolu", "C’est parfait, bonne journée.", "C’est résolu\n\nBonjour Noa Fictif,"])
@pytest.mark.parametrize("text", ["{quoted}{answer}\n", "{quoted}\n\n{answer}\n", "{answer}\n\n{quoted}"])
def test_a_line_of_the_letter_said_once_more_is_the_answer(text, answer):
    assert reply_text(text.format(quoted=QUOTED, answer=answer), "", SENT).kept == answer


def test_the_letter_alone_holds_no_answer():
    assert reply_text(QUOTED, "", SENT).kept == ""
