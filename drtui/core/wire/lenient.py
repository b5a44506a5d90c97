"""Read JSON leniently: an absent field, null, or a number sent as text is no error (rule R50)."""

import json
import math
from typing import Any

import msgspec

from drtui.core.formatting.times import LAST

Json = dict[str, Any]

_LARGEST = 2**63 - 1
"""Largest integer of 64 bits; greater numbers are not accepted as a count, code or time."""

MAX_VALUES = 15_000_000
"""Maximum number of values in an answer, enough for 100,000 backups. A value such as `{}` of 3 bytes takes 60 bytes."""

TOO_LARGE = "the answer is nested too deeply or contains too many values"


class WireError(ValueError):
    """Raised for an answer that does not have the documented shape; the message says why."""


def parse_json(body: bytes) -> Any:
    """Return the JSON value in `body`.

    Raises:
        WireError: `body` is not JSON, is nested too deeply, or contains more than `MAX_VALUES` values.
    """
    if len(body) > MAX_VALUES and count_values(body) > MAX_VALUES:
        raise WireError(TOO_LARGE)
    try:
        return msgspec.json.decode(body)
    except RecursionError as error:
        raise WireError("the answer is nested too deeply") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _parse_leniently(body)


def count_values(body: bytes) -> int:
    """Return an upper limit for the number of values in `body`."""
    return sum(map(body.count, (b"{", b"[", b",")))


def _parse_leniently(body: bytes) -> Any:
    """Parse JSON with the standard library, which accepts lone surrogates, NaN, broken UTF-8 and raw tabs.

    A number that JSON cannot represent becomes a text, so that a saved answer reads the same as the original.
    """
    try:
        text = body.decode("utf-8-sig", "replace")
        return json.loads(text, strict=False, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise WireError("the answer is not JSON") from error


def _finite(text: str) -> float | str:
    """Return a number; NaN and infinities, which JSON cannot represent, are returned as text."""
    value = float(text)
    return value if math.isfinite(value) else text


def require_list(answer: Json, key: str) -> list[Any]:
    """Return the list under `key`, which may be empty (rule R11).

    Raises:
        WireError: the key is missing, or its value is not a list.
    """
    if key not in answer:
        raise WireError(f'the answer has no "{key}"')
    value = answer[key]
    if not isinstance(value, list):
        raise WireError(f'the answer has {json_type_name(value)} under "{key}", not a list')
    return value


def records(answer: Json, key: str) -> list[Json]:
    """Return the objects in the list under `key`; an element that is not an object becomes an empty one."""
    return [element if isinstance(element, dict) else {} for element in require_list(answer, key)]


def elements(value: Any) -> list[Any]:
    """Return the elements of a list, or `value` itself as the only one."""
    return value if isinstance(value, list) else [value]


def dicts(value: Any) -> list[Json]:
    """Return the objects in `value`, which may be one object or a list."""
    return [element for element in elements(value) if isinstance(element, dict)]


def scalar_text(value: Any) -> str:
    """Return a text or number as text; empty for any other value."""
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return ""
    return value if isinstance(value, str) else str(value)


def display_value(value: Any) -> str:
    """Return a value for a message: texts and numbers as they are, any other value by its type."""
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else json_type_name(value)


def text(record: Json, key: str) -> str:
    """Return the text under `key`; empty if there is none."""
    return scalar_text(record.get(key))


def status_text(record: Json) -> str | None:
    """Return the status as the site wrote it; None if there is none."""
    value = record.get("status")
    return None if value is None or isinstance(value, (dict, list)) else str(value)


def messages(value: Any) -> tuple[str, ...]:
    """Return the texts in `value`, which may be a text, or a list of texts or of objects with a message."""
    texts = (text(item, "message") if isinstance(item, dict) else scalar_text(item) for item in elements(value))
    return tuple(filter(None, texts))


def boolean(value: Any) -> bool | None:
    """Return a boolean, also from a text; None for any other value."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def number(value: Any) -> int | None:
    """Return an integer of at most 64 bits, also from a text of digits or a float; None for any other value."""
    if isinstance(value, str):
        digits = value.strip()
        integer = int(digits) if len(digits) < 20 and digits.isascii() and digits.removeprefix("-").isdigit() else None
    elif isinstance(value, float):
        integer = math.floor(value) if math.isfinite(value) else None
    else:
        integer = value if isinstance(value, int) and not isinstance(value, bool) else None
    return integer if integer is not None and -_LARGEST <= integer <= _LARGEST else None


def epoch_ms(value: Any) -> int | None:
    """Return a time, epoch ms; None for 0 and -1 (docs/api.md#conventions), and for texts such as dates (rule R50)."""
    moment = number(value)
    return moment if moment is not None and 0 < moment <= LAST else None


def json_type_name(value: Any) -> str:
    """Return the name of the type of a JSON value, for a message."""
    names: dict[type, str] = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        type(None): "nothing",
    }
    return names.get(type(value), "a number")
