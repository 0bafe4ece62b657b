"""What a browser sends to django-helpdesk's public form, with the same words as ours."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode


def write_helpdesk_bodies(path: Path, answers: dict[str, dict], count: int) -> Path:
    """``count`` bodies, one a line."""
    asked, who = answers["question"], answers["vous"]
    about = "\n".join(f"{name}: {value}" for page in answers.values() for name, value in page.items() if value)
    ticket = {"queue": "1", "title": asked["question"][:90], "body": f"{asked['question']}\n\n{about}", "priority": "3"}
    path.write_text("".join(urlencode({**ticket, "submitter_email": f"{who['given_name'].lower()}{index}@structure.example"})
                            + "\n" for index in range(count)), "ascii")
    return path
