"""Register of all targets."""

from collections.abc import Callable
from typing import NamedTuple

from hypothesis.strategies import SearchStrategy

from drtui.core.query.fields import FIELDS
from tests.fuzz import answering, judging, seeds, typing_in, wiring
from tests.fuzz.inputs import documents, texts
from tests.fuzz.mutate import PLANTED, WORDS

ADDRESSES = (
    "https://gis.example.com/arcgis", "gis.example.com/arcgis/home/", "http://localhost:8080/ctx/admin",
    "https://[::1]:7443/arcgis/manager", "HTTPS://GIS.Example.COM:443/Enterprise/admin/system?f=pjson#a",
    "<https://gis.example.com/arcgis/home/signin.html?returnUrl=https://b/c>", "http://10.0.0.1:80//arcgis",
)  # fmt: skip
IN_ADDRESSES = (
    "http", "https:", "https:/", "://", ":443", ":0", ":99999", "[::1]", "[fe80::1%25eth0]", "/./", "/../", "//", "%2f",
    "xn--", "\u00fc.example", "b\u00fccher", "@", "user:pw@", "?token=a", ";a=b", "'", '"', "<", ">", "..", "ftp://",
)  # fmt: skip
MOMENTS = (
    "2026-09-18T14:37", "2026-09-18 14:37:10+02:00", "2026-09-18T14:37Z", "1790000000000", "2026-W38-5", "20260918",
    "2026-10-25T02:30", "2026-03-29T02:30", "0001-01-01T00:00", "9999-12-31T23:59:59.999999-23:59", "1969-12-31T23:59Z",
    "14:20", "yesterday 9:05:59Z", "today 23:59+05:30", "3h ago", "now",
)  # fmt: skip
SPANS = ("24h", "90m", "1d12h", "45 s", "7d", "1.5 w", "2min")
ZONES = ("Europe/Berlin", "America/New_York", "UTC", "Z", "Etc/GMT+12", "posixrules", "Pacific/Apia", "Africa/Monrovia")
CRONS = (
    "0 0 0 ? * *", "0 0/30 8-18 ? * MON-FRI", "0 15 10 LW * ?", "0 0 4 ? * 7", "0 0 12 1/5 * ? 2026-2030",
    "59 59 23 L-3W * ?", "0 0 0 15W JAN,JUL ?", "0 0 0 ? * 6#3", "0 0 0 ? * FRIL", "0 0 0 29 2 ?", "* * * * * *",
)  # fmt: skip
IN_CRONS = (*"*?/-,#LW", "SUN", "DEC", "0", "60", "L-30", "31W", "1#5", "22-2", "/0", "2199", "9999", "0-59/59", "  ")

QUERIES = (
    "nightly arcgis", "VAULT completed", "gdb:hgdb_k2x9d !verdict:usable,?", 'bucket="a b" "say ""hi"""', "took>30m",
    "since:2026-09-18T14:37 until:7d", "expires<7d age:unknown", "!/^nightly-(2026|27)-.*[^x]{2,}$/ release:11.4",
)  # fmt: skip
IN_QUERIES = (*(f"{name}{relation}" for name in FIELDS for relation in ":=<"), *'!"/,|()[]{}*+?\\', "(?:", "{2}", "\\b")

IN_SETTINGS = (
    "[site.a]",
    '"""',
    "[[",
    "=",
    "\n",
    "true",
    "1e999",
    "{",
    "1979-05-27",
    "accent",
    "token = 'x'",
    "'",
    "#",
    "'~nobody/x'",
    "\ufeff",
    "[" * 3_000,
    "9" * 5_000,
)
IN_SECRETS = ("\ufeff", "\n", "\r\n", "\0", " ", "x" * 70_000)
SETTINGS = {
    "default": "prod", "history": True, "history_days": 30, "address": "https://h/c", "user": "a", "timeout": 1.5,
    "target": "6h", "accent": "red", "token_command": ["a", "b"], "password_file": "c", "http": False, "site": {},
}  # fmt: skip
ARRANGEMENT = {
    "version": 1, "site": "https://h/c", "sort": "took", "descending": True, "columns": ["name", "until", "verdict"],
    "group": "day", "utc": False, "store": "vault",
}  # fmt: skip


class Target(NamedTuple):
    """One surface: its inputs, and what must hold for its output."""

    name: str
    inputs: SearchStrategy[bytes]
    run: Callable[[bytes], None]
    """Function that catches the documented exceptions of the surface; any other exception is a failure."""
    examples: int = 100
    """Number of inputs in the default suite."""


TARGETS = {
    each.name: each
    for each in (
        Target("wire", documents(*seeds.ANSWERS), wiring.document, 300),
        Target("grant", documents({**seeds.GRANT, "token": "a" * 40}, *seeds.REFUSALS), wiring.grant),
        Target("redact", documents(*seeds.ANSWERS, seeds.HISTORY), wiring.redacted),
        Target("history", documents(seeds.HISTORY), wiring.exported),
        Target("file", documents(seeds.BACKUPS, seeds.HISTORY, *seeds.ANSWERS), wiring.file),
        Target("judged", documents(*seeds.SITES), judging.site, 10),
        Target("headers", texts(answering.HEADERS, answering.IN_HEADERS), answering.headers),
        Target("line", texts(answering.LINES, answering.IN_LINES), answering.line),
        Target("proxies", texts(answering.VARIABLES, answering.IN_VARIABLES), answering.proxies),
        Target("address", texts(ADDRESSES, IN_ADDRESSES), typing_in.address),
        Target("moment", texts(MOMENTS, ("+00:00:01", "T", "24:00", ":60", "-", "W53")), typing_in.moments),
        Target("span", texts(SPANS, ("h", "m", "999999999", ".", "0")), typing_in.span),
        Target("zone", texts(ZONES, ("..", "/", "Europe", "zone.tab", "tzdata.zi")), typing_in.zone),
        Target("query", texts(QUERIES, IN_QUERIES), typing_in.filtering),
        Target("quartz", texts(CRONS, IN_CRONS), typing_in.quartz),
        Target("timetable", texts((*CRONS, "|60|1790000000000", "|1|0"), IN_CRONS), typing_in.due),
        Target("settings", texts((typing_in.CONFIGURATION.decode(),), IN_SETTINGS), typing_in.configured),
        Target("secret", texts((PLANTED, f"{PLANTED}\r\nmore"), IN_SECRETS), typing_in.secret),
        Target("keys", documents(SETTINGS), typing_in.keyed),
        Target("arrangement", documents(ARRANGEMENT), typing_in.arranged),
        Target("text", texts(("nightly", "\u5b57\u5b57", "caf\u0065\u0301"), WORDS), typing_in.shown, 300),
    )
}
"""Targets by name. To add a surface: a strategy of inputs, and a function of bytes that raises only for failures."""
