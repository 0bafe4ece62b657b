"""django-helpdesk's public submission, as durable as ours: settings, addresses and WSGI application in one module.

Run as a program, it makes the database of ``$BENCH_FOLDER``: tables, letter templates, one public queue. What is not
obvious: pinax_teams is asked for unless teams mode is off, letters come from a fixture, and a Site row must exist
(reference feasibility.md 6). It sends its letters within the request: what keeps them from being lost is that the mail
server took them, as what keeps ours is that the outbox holds them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.conf import settings

FOLDER = Path(os.environ["BENCH_FOLDER"])
#: Where letters are handed over, in the request, as it does; without a port they are thrown away (Django's dummy mailer).
SMTP_PORT = os.environ.get("BENCH_SMTP_PORT", "")
ROOT_URLCONF = __name__ if __name__ != "__main__" else "helpdesk_peer"

settings.configure(
    SECRET_KEY="a-secret-for-measuring-only", DEBUG=False, ALLOWED_HOSTS=["*"], ROOT_URLCONF=ROOT_URLCONF, SITE_ID=1,
    USE_TZ=True, LANGUAGE_CODE="en", STATIC_URL="/static/", DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "helpdesk.db", "CONN_MAX_AGE": None,
                           "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20,
                                       "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"}}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.sites",
                    "django.contrib.messages", "django.contrib.staticfiles", "django.contrib.admin",
                    "django.contrib.humanize", "rest_framework", "helpdesk"],
    # Without Django's CSRF check: ours reads two headers, theirs would need a page before each submission.
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
                "django.contrib.auth.middleware.AuthenticationMiddleware",
                "django.contrib.messages.middleware.MessageMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
        "context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                               "django.contrib.messages.context_processors.messages"]}}],
    EMAIL_BACKEND=f"django.core.mail.backends.{'smtp' if SMTP_PORT else 'dummy'}.EmailBackend", EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(SMTP_PORT or 25), DEFAULT_FROM_EMAIL="reseau@ring.example",
    HELPDESK_TEAMS_MODE_ENABLED=False, LOGGING_CONFIG=None)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
application = get_wsgi_application()


def make() -> None:
    """Make the database."""
    from django.contrib.sites.models import Site
    from django.core.management import call_command
    from helpdesk.models import Queue

    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    Site.objects.update_or_create(id=1, defaults={"domain": "127.0.0.1", "name": "bench"})
    Queue.objects.create(title="Entraide", slug="entraide", allow_public_submission=True,
                         new_ticket_cc="coordination@ring.example", email_address="reseau@ring.example")


if __name__ == "__main__":
    sys.modules["helpdesk_peer"] = sys.modules["__main__"]
    make()
