"""How well incoming mail is understood, on any folder in the format of ../shared/fixtures/mail.

    .venv/bin/python bench/replies.py FOLDER [--show] [--sent]

Reads what the folder has: ``replies*.json`` (replies with the text that should remain), ``expected.json`` beside
non-delivery reports (their failed addresses), and every other file of one mail. Prints, per file, the replies that are
exact, those that lose a word of the answer, what raised, and the times; then the bounces recognised with their
addresses, the mails read without an exception, and the people's mails taken for a machine's. ``--show`` prints each
miss, ``--sent`` gives the mail that was answered where a case has it. Ends with 1 where a target of issue 3 is missed.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from inbox.kind import Kind, bounced_addresses, classify
from inbox.parse import parse
from inbox.reply_text import reply_text

DOMAIN = "ring.example"
LIMIT_MS = 15.0
EXACT_SHARE, LOST_SHARE, BOUNCES_MISSED, FRENCH_MISSED = 0.92, 0.01, 3, 1


def words(text: str) -> Counter[str]:
    """Words of a text, as a multiset: what may not be lost."""
    return Counter(re.findall(r"\w+", text.lower()))


def trimmed(text: str) -> str:
    """The text without blanks at the ends of lines and at its own end: how the reference compares."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").rstrip().split("\n"))


@dataclass
class Score:
    """What one file of replies gave."""

    cases: int = 0
    exact: int = 0
    lost: list[str] = field(default_factory=list)
    lost_words: list[str] = field(default_factory=list)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)
    people_mistaken: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


def right(case: dict, kept: str) -> bool:
    """Whether the words kept are those a case expects (see the README of the folder)."""
    kept = trimmed(kept)
    if case.get("match") == "contains":
        return case["expected"] in kept and not any(text in kept for text in case.get("not_contains") or ())
    if kept in (trimmed(text) for text in (case["expected"], *(case.get("alternatives") or ()))):
        return True
    held = case.get("must_contain") or ()
    return bool(held) and all(text in kept for text in held)


def loses(case: dict, kept: str) -> bool:
    """Whether a word of the answer is missing from each text that would be right."""
    return all(words(text) - words(kept) for text in (case["expected"], *(case.get("alternatives") or ())))


def signed_by_a_program(case: dict) -> str:
    """The expected text without its "-- " block and the line a phone adds: some sets keep them as words of the answer,
    others cut them. A case that loses no more than that loses no word of a person."""
    return re.split(r"^(?:-- ?$|sent (?:from|with) )", case["expected"], maxsplit=1, flags=re.MULTILINE | re.IGNORECASE)[0]


def timed(call: Callable, *given: object) -> tuple[object, float]:
    """What a call gives, and its shortest time of three, in milliseconds: another process must not count."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        found = call(*given)
        times.append((time.perf_counter() - began) * 1000)
    return found, min(times)


def as_mail(case: dict) -> bytes:
    """A case of a reply as a person would have sent it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Camille Essai <camille@structure.example>", f"reponse@{DOMAIN}", "Re: Demande"
    mail["Message-ID"] = "<1@structure.example>"
    mail.set_content(case["text"] or " ", cte="base64")
    return bytes(mail)


def score_replies(path: Path, with_sent: bool) -> Score:
    """Cut every reply of a file."""
    score = Score()
    for case in json.loads(path.read_text("utf-8")):
        name = " ".join(filter(None, (case.get("set"), str(case["id"]))))
        score.cases += 1
        given = (case["text"], case.get("html") or "", (case.get("parent") or "") if with_sent else "")
        try:
            found, milliseconds = timed(reply_text, *given)
            mistaken = classify(parse(as_mail(case)), DOMAIN).kind
        except Exception as error:
            score.crashed.append(f"{name}: {error!r}")
            continue
        score.times.append(milliseconds)
        score.exact += right(case, found.kept)
        if not right(case, found.kept):
            score.wrong.append((name, case["expected"], found.kept))
        if case.get("match") != "contains" and loses(case, found.kept):
            score.lost.append(name)
            if words(signed_by_a_program(case)) - words(found.kept):
                score.lost_words.append(name)
        if mistaken != Kind.HUMAN:
            score.people_mistaken.append(f"{path.name} {name}: {mistaken}")
    return score


def print_replies(path: Path, score: Score, show: bool) -> bool:
    """Print the figures of one file; gives whether it reaches its target."""
    french = "french" in path.name
    met = (not score.crashed and max(score.times, default=0) < LIMIT_MS
           and (score.cases - score.exact <= FRENCH_MISSED if french else
                score.exact >= EXACT_SHARE * score.cases and len(score.lost) <= LOST_SHARE * score.cases))
    share = 100 * score.exact / max(1, score.cases)
    print(f"{path.name}: {score.exact} of {score.cases} exact ({share:.1f} %), {len(score.lost)} losing words "
          f"({100 * len(score.lost) / max(1, score.cases):.1f} %), of which {len(score.lost_words)} a person's "
          f"({100 * len(score.lost_words) / max(1, score.cases):.1f} %), {len(score.crashed)} crashes, "
          f"slowest {max(score.times, default=0):.1f} ms, median {statistics.median(score.times or [0]):.2f} ms"
          f"  [{'met' if met else 'MISSED'}]")
    for name in score.lost if show else ():
        print(f"    loses words: {name}")
    for name in score.crashed:
        print(f"    crashed: {name}")
    for name, expected, kept in score.wrong if show else ():
        print(f"--- {name}, expected:\n{expected}\n--- kept:\n{kept}\n")
    return met


def print_bounces(path: Path, show: bool) -> bool:
    """Recognise the reports that an ``expected.json`` lists; gives whether the target is reached."""
    kinds, addresses, crashed, read = [], [], [], 0
    for name, expected in json.loads(path.read_text("utf-8")).items():
        report = path.parent / name
        if not report.is_file() or not expected:
            continue  # no address: that set keeps an order form and an automatic answer as counter-examples
        read += 1
        try:
            mail = parse(report.read_bytes())
            if classify(mail, DOMAIN).kind != Kind.BOUNCE:
                kinds.append(name)
            found = {bounce.address for bounce in bounced_addresses(mail, report.read_bytes())}
        except Exception as error:
            crashed.append(f"{name}: {error!r}")
            continue
        if found != {address.lower() for address in expected}:
            addresses.append(f"{name}: {sorted(found)} instead of {sorted(expected)}")
    both = {line.split(":")[0] for line in (*kinds, *addresses, *crashed)}
    met = len(both) <= BOUNCES_MISSED and not crashed
    print(f"{path.parent.name}: {read - len(both)} of {read} bounces recognised with their addresses "
          f"({len(kinds)} not recognised, {len(addresses)} with other addresses, {len(crashed)} crashes)"
          f"  [{'met' if met else 'MISSED'}]")
    for line in [*kinds, *addresses, *crashed] if show else crashed:
        print(f"    {line}")
    return met


def says_it_is_a_machine(raw: bytes) -> bool:
    """Whether the header of a mail says that no person wrote it, by signs that need no guess."""
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].lower()
    return bool(re.search(rb"^(?:auto-submitted:\s*auto|precedence:|list-id:|return-path:\s*<>\s*$"
                          rb"|content-type:\s*multipart/report|x-failed-recipients:|x-auto(?:reply|respond|generated)"
                          rb"|from:.*(?:mailer-daemon|postmaster|no-?reply))", head, re.MULTILINE)
                or b"message/delivery-status" in raw.lower())


def print_mails(folder: Path, known: set[Path], show: bool) -> tuple[bool, list[str]]:
    """Read every mail that no list names; gives whether none raised, and the people's taken for a machine's."""
    raised, mistaken, noted, times, read = [], [], [], [], 0
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path in known or path.suffix in (".json", ".md", ".yaml") or "LICENSE" in path.name:
            continue
        raw = path.read_bytes()
        read += 1
        try:
            mail, milliseconds = timed(parse, raw)
            kind = classify(mail, DOMAIN).kind
            bounced_addresses(mail)
            reply_text(mail.text, mail.html)
        except Exception as error:
            raised.append(f"{path.name}: {error!r}")
            continue
        times.append(milliseconds)
        noted += [f"{path.name}: {', '.join(mail.broken)}"] if mail.broken else []
        if kind in (Kind.BOUNCE, Kind.AUTOMATIC, Kind.RECEIPT) and not says_it_is_a_machine(raw):
            mistaken.append(f"{path.name}: {kind}")
    print(f"mails: {read - len(raised)} of {read} read without an exception, {len(noted)} with a note of repair, "
          f"slowest {max(times, default=0):.1f} ms, median {statistics.median(times or [0]):.2f} ms"
          f"  [{'met' if not raised else 'MISSED'}]")
    for line in [*raised, *noted] if show else raised:
        print(f"    {line}")
    return not raised, mistaken


def main() -> int:
    """Print everything; 1 where a target is missed."""
    words_given = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words_given.add_argument("folder", type=Path)
    words_given.add_argument("--show", action="store_true", help="print each miss")
    words_given.add_argument("--sent", action="store_true", help="give the mail that was answered, where a case has it")
    options = words_given.parse_args()
    met, mistaken = [], []
    for path in sorted(options.folder.rglob("replies*.json")):
        score = score_replies(path, options.sent)
        met.append(print_replies(path, score, options.show))
        mistaken += score.people_mistaken
    known: set[Path] = set()
    for path in sorted(options.folder.rglob("expected.json")):
        met.append(print_bounces(path, options.show))
        known |= {path.parent / name for name in json.loads(path.read_text("utf-8"))}
    unharmed, taken = print_mails(options.folder, known, options.show)
    mistaken += taken
    met += [unharmed, not mistaken]
    print(f"people taken for a bounce or an automatic answer: {len(mistaken)}  [{'MISSED' if mistaken else 'met'}]")
    for line in mistaken:
        print(f"    {line}")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
