"""Mentoring, for the browser: somebody to propose to, a mentor asked, a protocol to write, one to agree to."""

from __future__ import annotations

from cast import COORDINATOR, press
from roads.mentoring import TERMS, joined, mentor

#: A mentor who is asked, one whose pair writes its protocol, one whose pair agrees to it; one who may be proposed still.
ASKED_MENTOR, WRITES, AGREES, FREE = ("robin.mentor@structure-v.example", "kim.mentor@structure-v.example",
                                      "val.mentor@structure-v.example", "jo.mentor@structure-v.example")
#: Who waits for the answer of a mentor, who writes, who agrees, who waits for the coordination.
WAITS_FOR_MENTOR, WRITING, AGREEING, WAITING = ("robin@courriel-trois.example", "kim@courriel-trois.example",
                                                "val@courriel-trois.example", "jo@courriel-trois.example")


def play_mentoring(app, client, post) -> None:
    """Play the pairs through the doors."""
    for who, theirs in ((WAITS_FOR_MENTOR, ASKED_MENTOR), (WRITING, WRITES), (AGREEING, AGREES)):
        with app.app_context():
            mentor(theirs)
        joined(client, post, email=who)
        post.reply(post.last(COORDINATOR, "mentor_to_propose"), f"proposer {theirs.partition('.')[0]} Mentor")
        if who != WAITS_FOR_MENTOR:
            post.reply(post.last(theirs, "mentor_asked"), "oui")
            post.reply(post.last(who, "mentor_found"), "oui")
    press(client, post.last(AGREEING, "pair_made").link("d"), **TERMS, tell_employer="non")
    with app.app_context():
        mentor(FREE)
    joined(client, post, email=WAITING)
