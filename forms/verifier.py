"""What somebody gives to have a document checked: its code, or the file."""

from __future__ import annotations

from .base import RingForm
from .fields import OneFile, Text


class CodeForm(RingForm):
    """The code printed on the document."""

    code = Text("Le code de vérification", longest=40, width=20,
                missing="Indiquez le code imprimé à la fin du document, par exemple 7K4M-XQ2P-9RTD.",
                hint="Douze lettres et chiffres, imprimés à la fin du document, à côté du carré à photographier")


class FileForm(RingForm):
    """The document itself."""

    fichier = OneFile("Le fichier PDF", missing="Choisissez le fichier PDF à vérifier.",
                      hint="Le fichier reçu par courriel, ni imprimé ni enregistré par un autre programme. 24 Mo au plus")
