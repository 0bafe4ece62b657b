"""What leaves as a table: requests without a name, members, activity for the State's tool. Never a word of alerts."""

from .sheets import FORMATS, Sheet, write
from .tables import TABLES, build, years

__all__ = ["FORMATS", "TABLES", "Sheet", "build", "write", "years"]
