"""Every page a person can meet, in each of its states: how to reach it, and the template that must have drawn it.

One file a subject; a page that a slice adds goes in the file of its subject.
"""

from __future__ import annotations

from browser.atlas.acces import ACCES
from browser.atlas.afterwards import AFTER
from browser.atlas.alerts import ALERTS
from browser.atlas.coordination import COORDINATION, DESK
from browser.atlas.documents import VERIFIER
from browser.atlas.mail import CARRIERS, COURRIELS, EMPTY, MAILBOX
from browser.atlas.members import MEMBERS
from browser.atlas.mentoring import MENTORING
from browser.atlas.own import OWN
from browser.atlas.people import PEOPLE
from browser.atlas.place import Place
from browser.atlas.public import DEVELOPMENT, ERRORS, PUBLIC, SENDING

__all__ = ["PLACES", "Place"]

PLACES = (*ALERTS, *ACCES, *DESK, *PUBLIC, *VERIFIER, *SENDING, *OWN, *PEOPLE, *COORDINATION, *COURRIELS, *EMPTY, *MAILBOX,
          *CARRIERS, *AFTER, *MEMBERS, *MENTORING, *DEVELOPMENT, *ERRORS)
