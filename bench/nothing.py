"""The least that a command of a Flask application with a database can be (bench/start.py)."""

from __future__ import annotations

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
db = SQLAlchemy(app)


@app.cli.command("nothing")
def nothing() -> None:
    """Do nothing."""
