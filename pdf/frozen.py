"""Frozen values that go into a JSON column and come back equal, with a fingerprint of their content.

Only plain values are known: str, int, bool, date, time, datetime, None, tuples of one type, other frozen dataclasses.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_MOMENTS = (date, time, datetime)
#: `field(default=..., metadata=LATER)`: came after documents were stored; left out while it has its default, so that the
#: fingerprints of those documents still hold.
LATER = {"later": True}


class UnreadableDocument(ValueError):
    """A stored value does not have the shape of its document: the message names the place."""


def to_plain(value: Any) -> Any:
    """Return `value` (a frozen dataclass or a part of one) as dicts, lists, strings, numbers, booleans and None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(part) for field in fields(value)
                if (part := getattr(value, field.name)) != field.default or not field.metadata.get("later")}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, _MOMENTS):
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int):
        return value
    raise TypeError(f"{type(value).__name__} has no place in a document")


def from_plain(kind: type[T], plain: Any, where: str = "") -> T:
    """Return the value of type `kind` that `to_plain` made `plain` from.

    A field that is absent takes its default, so that a document stored before the field existed can still be read.
    Raises UnreadableDocument with the path of what does not fit.
    """
    place = where or getattr(kind, "__name__", str(kind))
    if get_origin(kind) in (Union, UnionType):
        if plain is None and NoneType in get_args(kind):
            return None  # type: ignore[return-value]
        (inner,) = (arg for arg in get_args(kind) if arg is not NoneType)
        return from_plain(inner, plain, place)
    if get_origin(kind) is tuple:
        if not isinstance(plain, list):
            raise UnreadableDocument(f"{place}: a list is expected")
        return tuple(  # type: ignore[return-value]
            from_plain(get_args(kind)[0], item, f"{place}[{number}]") for number, item in enumerate(plain))
    if is_dataclass(kind):
        return _from_object(kind, plain, place)
    if kind in _MOMENTS and isinstance(plain, str):
        try:
            return kind.fromisoformat(plain)  # type: ignore[attr-defined]
        except ValueError as error:
            raise UnreadableDocument(f"{place}: {error}") from error
    if type(plain) is not kind:
        raise UnreadableDocument(f"{place}: {getattr(kind, '__name__', kind)} is expected")
    return plain


def canonical_json(value: Any) -> bytes:
    """Return the one JSON text of a value: sorted keys, two-space indent, UTF-8, a final newline.

    It is what the fingerprint is made of and what the PDF carries: `sha256sum` of the attached file gives the
    fingerprint printed in the document. Raises ValueError on a lone surrogate, which has no UTF-8.
    """
    return (json.dumps(to_plain(value), ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of `canonical_json(value)`, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _from_object(kind: type[T], plain: Any, place: str) -> T:
    if not isinstance(plain, dict):
        raise UnreadableDocument(f"{place}: an object is expected")
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(plain) - set(known)):
        raise UnreadableDocument(f"{place}: unknown {', '.join(unknown)}")
    for name, field in known.items():
        if name not in plain and field.default is MISSING and field.default_factory is MISSING:
            raise UnreadableDocument(f"{place}.{name}: missing")
    return kind(**{name: from_plain(_hints(kind)[name], item, f"{place}.{name}") for name, item in plain.items()})
