"""The kinds of fields a person meets, each with its words and what it expects.

A field knows how to be shown (``kind``, ``hint``, ``optional``, ``width``) and what to say when an answer is missing.
The templates in ``templates/components/form.html`` draw them; nothing here knows HTML or the database.
"""

from .answers import Answer, Decoy, Email, LongText, Number, Phone, Siret, Text, Website, clean_line, clean_text
from .choices import Agreement, Checkboxes, Radios
from .days import Day, Hour, parse_hour
from .files import Files, OneFile
from .people import NamedPerson, People, read_people
from .places import CommuneChoice

__all__ = [
    "Agreement", "Answer", "Checkboxes", "CommuneChoice", "Day", "Decoy", "Email", "Files", "Hour", "LongText",
    "NamedPerson", "Number", "OneFile", "People", "Phone", "Radios", "Siret", "Text", "Website", "clean_line", "clean_text",
    "parse_hour", "read_people",
]
