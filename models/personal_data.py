"""Every column of every table: whether it is about a person, why it is kept, how long, and how it goes.

It says what is true today: what jobs remove is under :attr:`Erasure.JOB` with its days; the rest is kept until the person
asks for its erasure: a member does from their space (services/donnees/erased.py), an operator does by hand for others.
``tests/house/test_personal_data.py`` compares this with the tables and with the jobs (GDPR articles 5.1.e, 13 and 30).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Erasure(StrEnum):
    """How a row goes."""

    JOB = "job"
    """Removed by the hourly job, ``days`` after the event that :attr:`Kept.since` names."""
    WITH_DOSSIER = "with_dossier"
    """Removed with its dossier, in the same transaction."""
    WITH_ALERTE = "with_alerte"
    """Removed with its alert, in the same transaction."""
    BY_HAND = "by_hand"
    """Kept until its erasure is asked for: done by the job for a member who asked in their space, else by an operator."""


@dataclass(frozen=True)
class Kept:
    """One table.

    ``personal``: column -> why it is needed. ``technical``: the columns that say nothing about anybody. ``exported``:
    belongs to what a person receives who asks for their data (article 15); done by an operator today.
    """

    why: str
    erased: tuple[Erasure, ...]
    exported: bool
    personal: dict[str, str]
    technical: tuple[str, ...]
    days: int | None = None
    since: str = ""
    emptied: tuple[str, ...] = ()
    """Columns emptied earlier than their row goes, ``emptied_days`` after ``emptied_since``, by the hourly job."""
    emptied_days: int | None = None
    emptied_since: str = ""


PERSONAL_DATA: dict[str, Kept] = {
    "dossier": Kept(
        "to deal with a request", (Erasure.JOB, Erasure.BY_HAND), True,
        {"answers": "what the verbs work with", "summary": "what the person read and sent, shown as it was",
         "title": "names the request in lists; holds the name of a structure, never of a person",
         "commune": "chooses the coordinator and the hosts nearby", "reference": "names the request to its people",
         "state": "where the request stands", "kind": "what is asked", "created_at": "when it was sent",
         "confirmed_at": "when the address was proved", "moved_at": "when the request last moved",
         "promised_on": "when an answer is due",
         "assigned_to": "who takes care of it", "first_answer_at": "how long people wait",
         "host_id": "which structure would receive the person", "follows_id": "which immersion it goes on from"},
        ("id", "year", "number", "submission_key", "reminded_at", "version", "awaits_coordination", "next_wave_at",
         "waves", "watched_on", "watch_step", "opinion_given"),
        days=7, since="created_at, where the address was never confirmed"),
    "participant": Kept(
        "to write to those who take part, and to know who speaks", (Erasure.WITH_DOSSIER,), True,
        {"role": "what they may do", "name": "to address them", "email": "to write to them", "phone": "given to be called",
         "quality": "who signs what", "organisation": "who speaks", "named": "whether the other may read their name"},
        ("id", "dossier_id", "active", "muted_at")),
    "journal_entry": Kept(
        "to tell what happened and who decided", (Erasure.WITH_DOSSIER,), True,
        {"at": "when", "kind": "what", "participant_id": "who", "via": "by which door", "facts": "numbers and versions"},
        ("id", "dossier_id")),
    "message": Kept(
        "the conversation of a request", (Erasure.WITH_DOSSIER,), True,
        {"participant_id": "who wrote", "to_id": "to whom", "at": "when", "body": "the words", "elided": "what a reply quoted"},
        ("id", "dossier_id", "is_note", "shared", "via")),
    "stored_file": Kept(
        "files joined to a request, and the conventions sent", (Erasure.JOB, Erasure.BY_HAND), True,
        {"name": "as its sender named it", "sha256": "finds the content on disk", "at": "when", "media_type": "how to open it",
         "size": "how heavy"},
        ("id", "key_hash", "dossier_id", "message_id"), days=1, since="at, where its form was never sent"),
    "immersion_session": Kept(
        "when a person is received", (Erasure.WITH_DOSSIER,), True,
        {"on": "the day", "starts": "the hours", "ends": "the hours", "starts_again": "the hours", "ends_again": "the hours"},
        ("id", "immersion_id", "calendar_rank", "reminded_at")),
    "convention": Kept(
        "what three parties agree on, word for word", (Erasure.WITH_DOSSIER,), True,
        {"data": "all that the document says", "content_hash": "proves the text", "pdf_sha256": "proves the file",
         "issued_at": "when it was sent to be signed", "completed_at": "when all had signed",
         "verification_code": "finds it for who holds the document", "because": "why it was taken back",
         "corrections": "how to reach people, since"},
        ("id", "immersion_id", "kind", "number", "amends_id", "version", "state", "template", "file_id", "saved_at",
         "seal_state")),
    "signature": Kept(
        "to prove who signed what, how and when (code civil, article 1367)", (Erasure.WITH_DOSSIER,), True,
        {"name": "who signs", "quality": "in which function", "capacity": "by which power", "structure": "for whom",
         "email": "where the link and the code went", "participant_id": "whose seat", "way": "how", "signed_at": "when",
         "signed_on": "the day written by hand", "statement": "what was agreed to", "shown_hash": "which document was in view",
         "link": "which link was used", "link_sent_at": "when it was sent", "identified_by": "how they were recognised",
         "code_sent_at": "when the code was sent", "deposited_at": "when the paper came", "deposited_by": "from whom",
         "accepted_at": "when it was accepted", "accepted_by": "by whom", "declined_at": "when they declined",
         "reason": "why they declined", "voided_at": "since when it does not count", "voided_because": "why",
         "views": "to tell who may have overlooked the letter", "first_viewed_at": "the same", "last_viewed_at": "the same",
         "reminded_at": "not to remind too often", "reminders": "not to remind too often"},
        ("id", "convention_id", "party", "position", "copy_id", "code_hash", "code_until", "code_tries")),
    "sealing": Kept(
        "to seal what all have signed, whatever fails meanwhile", (Erasure.WITH_DOSSIER,), True,
        {"sealed_at": "when it was sealed", "level": "how", "sha256": "recognises the file", "file_id": "the sealed file"},
        ("convention_id", "attempts", "begun_at", "lease_until", "next_try_at", "failures", "error", "told_at", "note")),
    "returned_copy": Kept(
        "the document signed by hand, as it came back", (Erasure.WITH_DOSSIER,), True,
        {"deposited_by_id": "who sent it", "deposited_at": "when", "sources": "which files",
         "found": "what differs from what was sent", "kind": "what it seems to be", "decided_at": "when it was decided",
         "decided_by": "by whom", "reason": "why not"},
        ("id", "convention_id", "via", "file_id", "state", "attempts", "next_try_at")),
    "session_move": Kept(
        "to change a date with everybody's agreement", (Erasure.WITH_DOSSIER,), True,
        {"was": "the date as it was", "on": "the date proposed", "starts": "the hours", "ends": "the hours",
         "starts_again": "the hours", "ends_again": "the hours", "asked_by_id": "who proposed it", "asked_at": "when",
         "agreed": "who agreed, when", "decided_at": "when"},
        ("id", "immersion_id", "session_id", "state")),
    "evaluation": Kept(
        "what each party says of an immersion", (Erasure.WITH_DOSSIER,), True,
        {"voice": "whose report", "asked_at": "when it was asked", "given_at": "when it came", "given_by_id": "who gave it",
         "answers": "what they say", "publication": "what the author wants published", "agreements": "who agreed to publish it",
         "published_at": "since when anybody may read it"},
        ("id", "immersion_id", "reminders", "via")),
    "protocole": Kept(
        "what a mentor, who they accompany and the network agree on", (Erasure.WITH_DOSSIER,), True,
        {"data": "all that the document says", "content_hash": "proves the text", "saved_at": "when it was written",
         "agreements": "who agreed to that very text, and when"},
        ("id", "dossier_id", "version", "state", "template", "attempts", "next_try_at", "file_id")),
    "checkpoint": Kept(
        "to take news of a mentoring from each of the two, apart", (Erasure.WITH_DOSSIER,), True,
        {"participant_id": "who is asked", "due_on": "when", "asked_at": "when they were", "how": "how they say it goes",
         "answered_at": "when they said it"},
        ("id", "dossier_id", "last", "reminded_at")),
    "attestation": Kept(
        "to recognise what somebody did, and to let it be verified", (Erasure.WITH_DOSSIER,), True,
        {"participant_id": "for whom", "recipient": "for whom", "data": "what is attested", "awarded_at": "when",
         "badge": "the same as a signed credential", "badge_uuid": "names the badge",
         "revoked_at": "since when it no longer holds", "revoked_why": "why", "verification_code": "finds it for who holds it"},
        ("id", "immersion_id", "state", "salt", "attempts", "next_try_at", "file_id", "pdf_sha256")),
    "membre": Kept(
        "who is a member, and what they agreed to show", (Erasure.BY_HAND,), True,
        {"kind": "how they joined", "given_name": "identity", "family_name": "identity", "email": "to write to them",
         "phone": "given to be called", "job": "what they do", "commune": "who is near whom",
         "skills_offered": "to put people in touch", "skills_sought": "to put people in touch",
         "levels": "to find the right person", "checked_at": "when they last said it is right",
         "asked_to_check_at": "not to ask twice a year",
         "directory": "what they agreed to show", "pace": "how often they accept to be asked for help",
         "mentors": "whether they agree to be a mentor",
         "pause_ends_on": "until when they ask for peace", "advises_employers": "what they agreed to be asked",
         "answers": "their request to join, as sent",
         "charter_version": "what they agreed to", "joined_at": "since when", "left_at": "until when",
         "structure_id": "where they work"},
        ("id", "adhesion_id")),
    "solicitation": Kept(
        "to ask nobody for help more often than they accepted", (Erasure.WITH_DOSSIER,), True,
        {"email": "whose pace is counted", "asked_at": "when they were asked", "answer": "what they said",
         "answered_at": "when they said it"},
        ("id", "dossier_id", "participant_id", "wave")),
    "meeting": Kept(
        "to set a moment to talk", (Erasure.WITH_DOSSIER,), True,
        {"slots": "when people can", "place": "where they meet", "starts_at": "when they meet", "minutes": "for how long",
         "proposed_by_id": "who proposed it", "proposed_at": "when"},
        ("id", "dossier_id", "sequence")),
    "fiche": Kept(
        "a question and its answer for others, without names, as both who wrote it agreed", (Erasure.BY_HAND,), True,
        {"author_agreed_at": "when who asked agreed", "helper_agreed_at": "when who answered agreed",
         "question": "read again so that it names nobody", "answer": "read again so that it names nobody",
         "title": "read again so that it names nobody"},
        ("id", "dossier_id", "slug", "state", "theme", "proposed_at", "published_at")),
    "opinion_count": Kept("to know whether help helps: numbers, tied to nobody", (), False, {},
                          ("year", "help_kind", "question", "answer", "count")),
    "structure": Kept(
        "who employs and who can receive; a sole trader's structure is a person", (Erasure.BY_HAND,), True,
        {"name": "identity", "siret": "identity", "address": "where it is", "commune": "who is near whom", "website": "contact",
         "public": "legal frame of a convention", "typology": "legal frame of a convention", "skills": "to choose a host",
         "hosts": "to choose a host", "host_places": "to choose a host", "host_technical": "to choose a host",
         "host_human": "to choose a host", "host_periods": "to choose a host",
         "host_access": "to come and move there", "possibilities": "to choose a host", "constraints": "to choose a host"},
        ("id",)),
    "access_link": Kept(
        "personal links and sessions, as hashes", (Erasure.JOB, Erasure.WITH_DOSSIER), False,
        {"participant_id": "whose link", "email": "the only address it may be sent to again",
         "about": "another address of theirs, to be confirmed; or the digest of the mail a form is filled with",
         "used_at": "a link that acts once",
         "created_at": "when"},
        ("id", "token_hash", "purpose", "expires_at", "revoked_at"), days=30, since="expires_at"),
    "outbox_message": Kept(
        "letters sent, with what the mail server said", (Erasure.JOB, Erasure.BY_HAND), True,
        {"participant_id": "to whom", "answer_for_id": "whose words it carries", "recipient": "to whom",
         "recipient_name": "to whom", "subject": "what about",
         "sent_at": "when", "server_said": "why it could not be delivered"},
        ("id", "message_id", "letter", "dossier_id", "envelope_from", "state", "created_at", "due_at", "lease_until", "attempts",
         "first_tried_at"),
        days=7, since="the dossier's created_at, where the address was never confirmed"),
    "outbox_body": Kept(
        "the words of letters, to send them and to show them to who sent them", (Erasure.JOB, Erasure.BY_HAND), True,
        {"raw": "the letter, as it left"}, ("outbox_message_id",),
        days=90, since="its letter's created_at, once it left or never will; goes with its letter before"),
    "inbound_message": Kept(
        "mail received, so that none is lost", (Erasure.JOB, Erasure.BY_HAND), True,
        {"participant_id": "from whom", "received_at": "when", "sender": "from whom", "subject": "what about",
         "reason": "why it was set aside, or what it waits for", "handled_by": "who decided"},
        ("id", "dedupe_key", "carrier", "message_id", "state", "attempts", "lease_until", "handled_at", "dossier_id"),
        days=7, since="the dossier's created_at, where the address was never confirmed",
        emptied=("sender", "subject"), emptied_days=30, emptied_since="received_at, or the coordinator's handled_at; "
        "never while it waits for somebody"),
    "inbound_body": Kept(
        "the words of mail, to read it again where it was misread", (Erasure.JOB, Erasure.BY_HAND), True,
        {"raw": "the mail, as it came"}, ("inbound_message_id",),
        days=30, since="its mail's received_at or handled_at; never while it waits for somebody; goes with its mail before"),
    "carrier_state": Kept(
        "to take mail up where it was left", (), False, {},
        ("name", "last_success_at", "last_error_at", "last_error", "position")),
    "delivery_event": Kept(
        "to say what servers answered to a letter", (Erasure.JOB,), True,
        {"email": "whose mailbox", "at": "when", "outcome": "what became of the letter", "said": "why"},
        ("id", "outbox_message_id", "code"), days=90, since="at"),
    "stopped_address": Kept(
        "to stop writing to an address that does not work", (Erasure.JOB, Erasure.BY_HAND), True,
        {"email": "which address", "stopped_at": "since when", "lifted_at": "until when", "because": "why", "said": "why"}, (),
        days=35, since="lifted_at, or stopped_at where nobody has that address any more"),
    "mail_opt_out": Kept(
        "to respect who does not want a kind of letters", (Erasure.BY_HAND,), True,
        {"email": "whose wish", "topic": "which letters", "at": "since when"}, ()),
    "digest_item": Kept(
        "to tell a coordinator several things in one letter", (Erasure.JOB, Erasure.WITH_DOSSIER), False,
        {"email": "to whom", "name": "to whom", "sentence": "what happened", "created_at": "when"},
        ("id", "dossier_id", "inbound_id", "sent_at"), days=14, since="created_at"),
    "second_address": Kept(
        "to recognise somebody who writes from another address of theirs", (Erasure.JOB, Erasure.BY_HAND), True,
        {"email": "whose", "other": "the other address", "asked_at": "when", "confirmed_at": "when it was proved theirs"},
        ("id",), days=30, since="asked_at, where the question was never answered by yes"),
    "invitation": Kept(
        "to invite the professionals a structure names, once", (Erasure.JOB,), True,
        {"structure_id": "where they work", "by": "who named them", "given_name": "identity", "family_name": "identity",
         "email": "to write to them", "invited_at": "when", "reminded_at": "not to remind twice",
         "declined_at": "that they said no thank you"},
        ("id",), days=90, since="invited_at"),
    "erasure_request": Kept(
        "to erase what a member asks to have erased, and to know that it was done", (Erasure.BY_HAND,), False,
        {"membre_id": "whose; nobody's once it is done", "asked_at": "when it was confirmed", "due_at": "when it is done",
         "cancelled_at": "that they changed their mind", "done_at": "when it was done"}, ("id",)),
    "charter_round": Kept(
        "to put a new version of the commitments to the members", (Erasure.BY_HAND,), False,
        {"asked_by": "who did it", "asked_at": "when"}, ("version", "why")),
    "charter_agreement": Kept(
        "to know who agreed to which commitments", (Erasure.BY_HAND,), True,
        {"membre_id": "who", "version": "to what", "asked_at": "when they were asked", "reminded_at": "not to remind too often",
         "reminders": "not to remind too often", "agreed_at": "when they agreed", "way": "how"}, ("id",)),
    "merge": Kept(
        "to undo the merge of two records of one person, where they were two", (Erasure.JOB,), True,
        {"kept_id": "whose", "gone_id": "whose", "before": "both records, as they were", "by": "who did it", "at": "when",
         "undone_at": "when it was undone"},
        ("id", "kind"), days=30, since="at"),
    "distinct": Kept(
        "not to take two people for one again", (Erasure.BY_HAND,), False,
        {"first_id": "who", "second_id": "who", "by": "who said so", "at": "when"}, ("id", "kind")),
    "alike": Kept(
        "to show a coordinator two records that may be one", (Erasure.BY_HAND,), False,
        {"first_id": "who", "second_id": "who"}, ("id", "kind")),
    "address_move": Kept(
        "to write to a member elsewhere, once both addresses agree", (Erasure.JOB,), True,
        {"member_id": "whose", "old": "the present address", "new": "the one asked for", "asked_at": "when",
         "old_said_at": "that the present address agreed", "new_said_at": "that the new one agreed",
         "done_at": "when it was done or replaced"},
        ("id",), days=30, since="asked_at"),
    "coordinator_absence": Kept(
        "to send requests to a deputy meanwhile", (Erasure.JOB,), True,
        {"email": "whose", "first_on": "from when", "last_on": "until when", "said_at": "when it was said"}, ("id",), days=30,
        since="last_on"),
    "reply_template": Kept(
        "to answer many alike; holds nobody's name but of who changed it", (Erasure.BY_HAND,), False,
        {"changed_by": "who to ask about it", "changed_at": "when"}, ("id", "title", "body", "kind")),
    "bulk_action": Kept(
        "to undo what was done to several requests", (Erasure.JOB,), False,
        {"email": "who did it", "given_to": "who has them", "before": "who had them", "at": "when", "undone_at": "when"}, ("id",),
        days=1, since="at"),
    "search_entry": Kept(
        "to find a request, a person or a mail by its words; it goes with what it finds", (Erasure.WITH_DOSSIER, Erasure.BY_HAND),
        False, {"stems": "the words that find it, without accents or endings", "dossier_id": "what", "message_id": "what",
                "membre_id": "who", "structure_id": "who", "inbound_id": "what"}, ("id", "subject")),
    "second_factor": Kept(
        "to know that who signs in holds their own telephone", (Erasure.BY_HAND,), False,
        {"email": "whose", "secret": "makes the codes; sealed under a key of the instance", "made_at": "when",
         "confirmed_at": "since when it is asked", "recovery": "keyed hashes of codes on paper"}, ("last_step",)),
    "clock_failure": Kept(
        "to mend what the clock cannot do", (), False, {}, ("work", "about", "error", "since_on", "last_on", "times")),
    "throttle": Kept(
        "to slow down abuse, under a keyed hash of the address counted", (Erasure.JOB,), False,
        {"key": "a hash that only this instance can compute", "count": "how often", "window_start": "since when"}, (),
        days=1, since="window_start"),
    "alerte": Kept(
        "to keep an alert, sealed, for the referents who may read it", (Erasure.JOB,), False,
        {"public_key": "seals what is added", "author_key": "lets its author read again, with their code alone",
         "locator": "finds the alert of a code", "state": "where it stands", "sent_on": "the day it came",
         "moved_on": "the day somebody last wrote, read, closed or erased",
         "waits_since_at": "the half-day of words not read yet"},
        ("id", "recalled_on", "recalls", "escalated_on"), days=60,
        since="moved_on, once it is closed, or was erased by its author"),
    "alerte_message": Kept(
        "the words of an alert, which only its readers and its author can open", (Erasure.WITH_ALERTE,), False,
        {"sealed": "the words, who wrote them, and how to reach them", "written_on": "which day",
         "mail_key": "a hash that only this instance can compute, of a mail"}, ("id", "alerte_id")),
    "alerte_access": Kept(
        "which referents can read an alert", (Erasure.WITH_ALERTE,), False,
        {"key_id": "who", "sealed_key": "what opens it, for them alone"}, ("id", "alerte_id", "stands_by")),
    "alerte_reading": Kept(
        "to tell the author who opened their alert", (Erasure.WITH_ALERTE,), False,
        {"email": "which referent", "at": "when", "session_id": "from which page"}, ("id", "alerte_id")),
    "alerte_key": Kept(
        "the keys of referents", (Erasure.BY_HAND,), False,
        {"email": "whose", "made_on": "since when"},
        ("id", "public_key", "locked_key", "salt", "passes", "memory")),
    "alerte_session": Kept(
        "a referent who reads now, their key locked under a secret of their browser", (Erasure.JOB,), False,
        {"key_id": "who"}, ("id", "token_hash", "locked_key", "expires_at"), days=0, since="expires_at"),
    "alerte_notice": Kept(
        "a neutral letter on its way; gone as soon as a server took it", (Erasure.JOB,), False,
        {"locked": "to whom, and the letter, under the instance's secret"},
        ("id", "due_at", "given_up_at", "attempts", "captured"), days=3, since="due_at, where no server takes it"),
    "alerte_count": Kept("how many alerts a year brought", (), False, {}, ("year", "received")),
    "alerte_synthese": Kept(
        "themes for everybody, without any case", (Erasure.BY_HAND,), False,
        {"written_by": "which referent"}, ("id", "title", "body", "written_on")),
    "reference_counter": Kept("to number requests", (), False, {}, ("kind", "year", "last")),
}
