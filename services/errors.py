"""What a verb may refuse, as named errors; each carries the sentence to show.

RingError
├── Refused              the person may read why, nothing changed
│   ├── LinkUnknown      no such link
│   ├── LinkExpired      too old, or replaced; may be asked again
│   ├── AlreadyDone      somebody was faster, or it is the second click
│   │   └── Overtaken    something happened since the page was shown: to be looked at before acting
│   ├── NotAllowed       this role may not do that now
│   ├── TextMissing      the action wants words
│   ├── TooMany          asked too often
│   └── FileRefused      a file is not taken
├── NotFound             no such dossier, file or letter
└── Busy                 too much is asked at this moment; the same thing is possible in a minute
"""

from __future__ import annotations


class RingError(Exception):
    """Base of what verbs raise on purpose."""

    sentence = "Cette action n’est pas possible."

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence)
        self.sentence = sentence or self.sentence


class Refused(RingError):
    pass


class LinkUnknown(Refused):
    sentence = "Ce lien n’est pas reconnu. Il est peut-être coupé : copiez l’adresse entière depuis le courriel."


class LinkExpired(Refused):
    sentence = "Ce lien n’est plus valable."

    def __init__(self, sentence: str = "", *, renewable: bool = False) -> None:
        super().__init__(sentence)
        self.renewable = renewable


class AlreadyDone(Refused):
    sentence = "C’est déjà fait."


class Overtaken(AlreadyDone):
    """``since``: what happened, in sentences; ``latest``: the journal entry that was seen once they are read."""

    def __init__(self, since: list[str], latest: int) -> None:
        super().__init__("Entre-temps, la demande a bougé. Lisez ce qui s’est passé avant de continuer.")
        self.since, self.latest = since, latest


class NotAllowed(Refused):
    sentence = "Cette action n’est plus possible dans l’état actuel de la demande."


class TextMissing(Refused):
    sentence = "Écrivez quelques mots."


class TooMany(Refused):
    sentence = ("Beaucoup de demandes sont arrivées depuis cet accès à internet. Rien n’est perdu : gardez cette page "
                "ouverte et envoyez de nouveau dans une heure.")


class FileRefused(Refused):
    pass


class NotFound(RingError):
    sentence = "Cette page n’existe pas."


class Busy(RingError):
    sentence = "Le site est très demandé en ce moment. Réessayez dans une minute."
