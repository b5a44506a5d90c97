"""Read JSON tolerantly: an absent field, null, or a number sent as text is no error (rule R50)."""

import json
import math
from typing import Any

import msgspec

from drtui.core.formatting.times import LAST

Json = dict[str, Any]

_LARGEST = 2**63 - 1
"""The largest integer of 64 bits; a number beyond it is no count, code or time of any server."""

MAX_VALUES = 15_000_000
"""Values in one answer, more than a hundred thousand backups have: `{},` takes three bytes, and as a value sixty."""

TOO_LARGE = "the answer is nested too deeply, or holds more values than that of any site"


class WireError(ValueError):
    """An answer that is not of the documented shape; the message says in what way."""


def parse_json(body: bytes) -> Any:
    """The JSON value in `body`.

    Raises:
        WireError: it is not JSON, is nested too deeply, or holds more values than there is room for.
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
    """How many values there may be in `body`, at most."""
    return sum(map(body.count, (b"{", b"[", b",")))


def _parse_leniently(body: bytes) -> Any:
    """Lone surrogates, NaN, broken UTF-8 and raw tabs do occur; the standard library is less strict than msgspec.

    A number that JSON cannot write is a text: what is kept of an answer has to say the same when it is read again.
    """
    try:
        text = body.decode("utf-8-sig", "replace")
        return json.loads(text, strict=False, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise WireError("the answer is not JSON") from error


def _finite(text: str) -> float | str:
    """A number; NaN and the infinities, which JSON cannot write, stay the text that was sent."""
    found = float(text)
    return found if math.isfinite(found) else text


def require_list(answer: Json, key: str) -> list[Any]:
    """The list under `key`: only that counts as a list, even an empty one (rule R11)."""
    if key not in answer:
        raise WireError(f'the answer has no "{key}"')
    found = answer[key]
    if not isinstance(found, list):
        raise WireError(f'the answer has {json_type_name(found)} under "{key}", not a list')
    return found


def records(answer: Json, key: str) -> list[Json]:
    """The objects in the list under `key`; an element that is none stands for a record of which nothing is known."""
    return [each if isinstance(each, dict) else {} for each in require_list(answer, key)]


def elements(value: Any) -> list[Any]:
    """Return the elements of a list, or `value` itself as the only one."""
    return value if isinstance(value, list) else [value]


def dicts(value: Any) -> list[Json]:
    """The objects in `value`, which may be one or a list of them."""
    return [each for each in elements(value) if isinstance(each, dict)]


def scalar_text(value: Any) -> str:
    """A scalar as text; nothing for what is none."""
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return ""
    return value if isinstance(value, str) else str(value)


def display_value(value: Any) -> str:
    """Return a value as a message shows it: a scalar as it is, anything else by its kind."""
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else json_type_name(value)


def text(record: Json, key: str) -> str:
    """The text under `key`; empty if there is none."""
    return scalar_text(record.get(key))


def status_text(record: Json) -> str | None:
    """A status as the server wrote it; None if it wrote none."""
    value = record.get("status")
    return None if value is None or isinstance(value, (dict, list)) else str(value)


def messages(value: Any) -> tuple[str, ...]:
    """The texts in `value`: a list of texts or of objects with a message, one text, or nothing."""
    found = value if isinstance(value, list) else [value]
    texts = (text(each, "message") if isinstance(each, dict) else scalar_text(each) for each in found)
    return tuple(filter(None, texts))


def boolean(value: Any) -> bool | None:
    """True or false, also if it came as a text; None for anything else."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def number(value: Any) -> int | None:
    """A whole number of at most 64 bits, also if it came as a text of digits; None for anything else."""
    if isinstance(value, str):
        digits = value.strip()
        found = int(digits) if len(digits) < 20 and digits.isascii() and digits.removeprefix("-").isdigit() else None
    elif isinstance(value, float):
        found = math.floor(value) if math.isfinite(value) else None
    else:
        found = value if isinstance(value, int) and not isinstance(value, bool) else None
    return found if found is not None and -_LARGEST <= found <= _LARGEST else None


def epoch_ms(value: Any) -> int | None:
    """Return epoch ms; None for 0, -1 (docs/api.md#conventions) and for texts in words, without a zone (rule R50)."""
    found = number(value)
    return found if found is not None and 0 < found <= LAST else None


def json_type_name(value: Any) -> str:
    """What a JSON value is called, for a message."""
    names: dict[type, str] = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        type(None): "nothing",
    }
    return names.get(type(value), "a number")
