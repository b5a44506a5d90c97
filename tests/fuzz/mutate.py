"""Change valid input into unexpected input: JSON trees, bytes and texts."""

import json
import random
import re
from collections.abc import Sequence
from typing import Any

HOSTILE = (
    "\x1b[2J", "\x00", "\x07", "\x7f", "\x9b", "\r\n", "\t", "\u202e", "\u2066", "\ud800", "\udfff", "\ufeff", "\u2028",
    "\u200d", "\u0301", "\u1f468\u200d", "\U0001f468\u200d\U0001f469", "\ufe0f", "\u5b57", "\U000e0041", "\u0130",
    "\u00df", "\uff21", "\u0660", "\u00b2", "\ufdfa", "[bold]", "|", "`", "```", "<b>", "=1+1", "\\", '"', "'", ",",
    "%s", "{}", "../", " ", "\u00a0", "-", ".",
)  # fmt: skip
"""Text that confuses terminals, tables, parsers or calendars."""

NUMBERS: tuple[int | float, ...] = (
    0, 1, -1, 2, 59, 64, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63), 2**64, 10**25, -(10**40), 10**400, 0.5, -0.0,
    1e308, 5e-324,
    float("nan"), float("inf"), float("-inf"), 1_790_000_000_000, 1_789_999_999_999.5, 253_402_214_400_000,
    253_402_214_400_001, 32_503_680_000_000, 86_400, 86_400_000,
)  # fmt: skip
"""Limits of counts, times and floats."""

WORDS = (
    "", "completed", "COMPLETED ", "failed", "running", "error", "true", "False", "-1", "0", "1790000000000", "1e3",
    "1" * 19, "1" * 25, "11.4", "10.9.1", "99999999.1", "paused", "CreateBackup", "restore", "success", "NaN", "null",
    "0 0 0 ? * *", "* * * * * *", "0 0 0 LW * ?", "0 0 0 30 2 ?", "0/1 0 4 ? * MON#5", "vault", "nightly-", "{crypt",
    "nightly-2026-09-20-00-00-09", "a" * 300,
)  # fmt: skip
"""Words with a meaning somewhere, for places where they have none."""

NAMES = (
    "status", "name", "backupName", "startTime", "completeTime", "error", "code", "messages", "success", "backups",
    "result", "jobs", "items", "backupStores", "geodatabases", "gdbName", "egdbID", "buckets", "clusterID", "metaData",
    "cronExpression", "runIntervalSeconds", "stages", "retentionDate", "parameters", "default", "jobid", "answer",
)  # fmt: skip

PLANTED = "Planted"
"""Beginning of every planted secret, and of nothing else."""

SECRETS = (
    "passcode", "encryptKey", "identityKey", "metadata", "METADATA", "password", "PASSWD", "adminUserPassword",
    "access_key", "secretKey", "Credential-Id", "token", "refreshToken", "pass\x1bcode", "api\u200bKey", "private_key",
    "tokens", "encryptKeys", "passphrase", "pwd", "connectionString", "sig", "Authorization", "key2",
)  # fmt: skip
"""Keys whose values must be removed, in the spellings of servers."""

ASSIGNED = (
    "https://a:{}@h/c",
    "?sv=1&sig={}&se=2",
    "AccountKey={};x=1",
    "Pwd='{} b';c",
    "token={}",
    "a\x1cpassword={}",
)
"""Texts that name a secret themselves."""

_TWIN = "\x00twin"
"""Marks a key that is to appear twice in its object."""

_DEEP = "\x00deep-"
"""Stands for deep nesting."""

_DEEP_WRITTEN = re.compile(r'"\\u0000deep-([lo])([0-9]{1,4})"')


def scalar(random: random.Random) -> Any:
    """Return a JSON value without entries."""
    match random.randrange(6):
        case 0:
            return random.choice((None, True, False))
        case 1 | 2:
            return random.choice(NUMBERS)
        case 3:
            return random.choice(WORDS)
        case 4:
            return random.choice(WORDS) + random.choice(HOSTILE)
        case _:
            return "".join(random.choices(HOSTILE, k=random.randrange(1, 5)))


def value(random: random.Random, deep: int = 2) -> Any:
    """Return any JSON value."""
    kind = random.randrange(10) if deep else 9
    if kind == 0:
        return [value(random, deep - 1) for _ in range(random.randrange(4))]
    if kind == 1:
        return {random.choice(NAMES): value(random, deep - 1) for _ in range(random.randrange(4))}
    if kind == 2 and deep == 2:
        return nested(random.choice((5, 60, 61, 62, 63, 64, 65, 66, 2_000)), random)
    return scalar(random)


def nested(levels: int, random: random.Random) -> str:
    """Return a placeholder for this many nested lists or objects: no encoder can write them."""
    return f"{_DEEP}{random.choice('lo')}{levels}"


def tree(random: random.Random, whole: Any, corpus: Sequence[Any]) -> Any:  # noqa: C901, PLR0912 - a table of changes
    """Return `whole` after one change somewhere in it; it is changed in place."""
    holders = list(_holders(whole))
    if not holders or random.random() < 0.01:
        return value(random)
    holder = random.choice(holders)
    if not holder:
        _add(random, holder, value(random))
        return whole
    key: Any = random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))
    match random.randrange(12):
        case 0:
            del holder[key]
        case 1:
            holder[key] = [holder[key]]
        case 2:
            holder[key] = {random.choice(NAMES): holder[key]}
        case 3:
            holder[key] = _copy(random.choice(_holders(random.choice(corpus)) or [None]))
        case 4:
            _add(random, holder, _copy(holder[key]))
        case 5:
            holder[key] = str(holder[key]) if not isinstance(holder[key], (dict, list)) else None
        case 6:
            if isinstance(holder[key], str):
                holder[key] = text(random, holder[key], WORDS)
        case 7 if isinstance(holder, dict):
            holder[f"{key}{_TWIN}"] = value(random)
        case 8 if isinstance(holder, dict):
            holder[random.choice(NAMES)] = holder.pop(key)
        case 9 if isinstance(holder[key], (int, float)):
            steps = (1, -1, 3_600_000, -86_400_000, 10**12, 0.5)
            # Numbers beyond every float cannot be halved.
            holder[key] += random.choice(steps if abs(holder[key]) < 2**64 else steps[:5])
        case _:
            holder[key] = value(random)
    return whole


def _add(random: random.Random, holder: Any, new_value: Any) -> None:
    if isinstance(holder, dict):
        holder[random.choice((*NAMES, random.choice(HOSTILE)))] = new_value
    else:
        holder.insert(random.randrange(len(holder) + 1), new_value)


def _holders(whole: Any) -> list[Any]:
    """Return every object and list in `whole`, up to a limit."""
    holders: list[Any] = []
    waiting = [whole]
    while waiting and len(holders) < 500:
        entry = waiting.pop()
        if isinstance(entry, (dict, list)):
            holders.append(entry)
            waiting.extend(entry.values() if isinstance(entry, dict) else entry)
    return holders


def plant(random: random.Random, whole: Any) -> None:
    """Plant secrets in some objects, under a key that names a secret, or encrypted under any key."""
    objects = [entry for entry in _holders(whole) if isinstance(entry, dict)]
    for holder in random.sample(objects, min(len(objects), 3)):
        secret = f"{PLANTED}{random.randrange(1_000)}"
        kind = random.randrange(5)
        if kind == 4:
            holder[random.choice(NAMES)] = random.choice(ASSIGNED).format(secret)
        elif kind == 0:
            holder[random.choice(NAMES)] = f"{random.choice(('', ' ', chr(9)))}{{CRYPT}}{secret}"
        elif kind == 1:
            holder[random.choice(SECRETS)] = [{"a": secret}, secret]
        else:
            holder[random.choice(SECRETS)] = secret


def _copy(value: Any) -> Any:
    """Return a copy, so that no value contains itself."""
    return json.loads(json.dumps(value))


def dumped(whole: Any) -> bytes:
    """Return `whole` as JSON, with duplicate keys, deep nesting, NaN and lone surrogates."""
    return _DEEP_WRITTEN.sub(_deep, json.dumps(whole).replace(json.dumps(_TWIN)[1:-1], "")).encode()


def _deep(nesting: re.Match[str]) -> str:
    levels = int(nesting[2])
    return "[" * levels + "]" * levels if nesting[1] == "l" else '{"a":' * levels + "1" + "}" * levels


def flipped(random: random.Random, body: bytes, corpus: Sequence[bytes]) -> bytes:
    """Return `body` after one change to its bytes."""
    at = random.randrange(len(body) + 1)
    end = min(len(body), at + random.choice((1, 1, 2, 8, 64)))
    match random.randrange(6):
        case 0:
            return body[:at]
        case 1:
            return body[:at] + body[end:]
        case 2:
            return body[:at] + bytes([random.randrange(256)]) + body[at + 1 :]
        case 3:
            return body[:at] + body[at:end] * random.randrange(1, 20) + body[end:]
        case 4:
            second = random.choice(corpus)
            return body[:at] + second[random.randrange(len(second) + 1) :]
        case _:
            tokens = (
                b"[",
                b"{",
                b'"',
                b"NaN",
                b"-Infinity",
                b"\\ud83d",
                b"\xed\xa0\x80",
                b"\xff",
                b"1e999",
                b"9" * 30,
                b"9" * 400,
                b"-" + b"9" * 5_000,
            )
            return body[:at] + random.choice(tokens) + body[at:]


def text(random: random.Random, typed: str, tokens: Sequence[str]) -> str:
    """Return `typed` after one change to its characters."""
    at = random.randrange(len(typed) + 1)
    match random.randrange(6):
        case 0:
            return typed[:at] + random.choice(tokens) + typed[at:]
        case 1:
            return typed[:at] + random.choice(HOSTILE) + typed[at:]
        case 2:
            return typed[:at] + typed[at + random.randrange(1, 4) :]
        case 3:
            return typed[:at] + typed[at : at + 5] * random.randrange(1, 30) + typed[at + 5 :]
        case 4:
            return typed[:at] + random.choice(("0", "9", "-", ":", "/", "#", "?", "@", "[", "%")) + typed[at + 1 :]
        case _:
            return "".join(random.choices(tokens, k=random.randrange(1, 7)))
