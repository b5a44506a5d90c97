"""Targets that read what a person or a schedule wrote: addresses, moments, filters, cron, and other texts."""

import tomllib
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from drtui.core.formatting import text, times
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import parse_past_time
from drtui.core.listing.catalog import SORT_KEYS
from drtui.core.listing.columns import COLUMNS_BY_KEY, REQUIRED_COLUMNS
from drtui.core.listing.view_settings import from_json as arrangement
from drtui.core.listing.view_settings import is_newer, to_json
from drtui.core.model.address import Address, AddressError
from drtui.core.model.config import SettingsError, parse_settings
from drtui.core.model.site import Release, Schedule, state_of
from drtui.core.query.completion import Vocabulary, complete
from drtui.core.query.query import Query, parse_partial, quote_value
from drtui.core.schedules.cron import QuartzCron, QuartzError
from drtui.core.schedules.run_times import TimetableError, latest_runs, run_times_of
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.verdict import GOOD, Level, Verdict
from drtui.core.wire.lenient import WireError, parse_json
from drtui.output.formats import code_span, escape_formula, escape_markdown
from drtui.storage.config_file import parse_config, secret_line
from tests.conftest import NOW
from tests.core.records import one
from tests.fuzz import holding
from tests.fuzz.mutate import PLANTED

BACKUP = one()
USABLE = Verdict(Level.USABLE, (GOOD,))
VOCABULARY = Vocabulary((RestorePoint(BACKUP, USABLE),))
FROM = DisplayContext(NOW, times.UTC)
ZONES = (times.UTC, times.zone_named("Europe/Berlin"), times.zone_named("America/New_York"))


def decoded(body: bytes) -> str:
    """Return bytes as a text, lone surrogates included."""
    return body.decode("utf-8", "surrogatepass") if _is_text(body) else body.decode("utf-8", "replace")


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def address(body: bytes) -> None:
    """Check that an address is parsed, or refused without showing a possible secret."""
    typed = decoded(body)
    for pasted in (typed, f"https://admin:{PLANTED}@{typed}", f"{typed}?token={PLANTED}"):
        for allow in (False, True):
            try:
                found = Address.parse(pasted, allow_http=allow)
            except AddressError as error:
                holding.harmless(str(error))
                continue
            holding.harmless(f"{found.url} {found} {found.admin_url}")
            assert Address.parse(found.url, allow_http=True) == found, "an address is not its own address"
            assert found.scheme == "https" or allow or "http://" in found.url


def moments(body: bytes) -> None:
    """Check that a moment can be shown in every zone, and is unchanged when read again."""
    typed = decoded(body)
    for zone in ZONES:
        try:
            found = parse_past_time(typed, zone, NOW)
        except times.TimeError as error:
            holding.harmless(str(error))
            continue
        assert 0 <= found <= times.LAST
        for shown in ZONES:
            times.format_full(found, shown)
            times.zone_label(found, shown)
            assert times.parse_time(times.format_iso(found, shown), zone) == found // 1000 * 1000


def span(body: bytes) -> None:
    """Check that a duration is positive."""
    try:
        found = times.parse_duration(decoded(body))
    except times.TimeError as error:
        holding.harmless(str(error))
        return
    assert 1 <= found <= times.LAST
    assert times.format_age(found)
    assert times.format_short_age(found)
    assert times.format_elapsed(found)


def zone(body: bytes) -> None:
    """Check the name of a zone."""
    try:
        found = times.zone_named(decoded(body))
    except times.TimeError as error:
        holding.harmless(str(error))
        return
    for when in (0, NOW, times.LAST):
        times.format_full(when, found)


def filtering(body: bytes) -> None:
    """Check that a text is a filter, true or false for every backup, or an error that points into it."""
    typed = decoded(body)
    everything = Query()
    found, error = parse_partial(typed, FROM, everything)
    if error is not None:
        holding.harmless(f"{error} {error.text} {error.caret}")
        assert 0 <= error.start <= error.end <= len(error.text), "an error that points elsewhere"
    assert all(term.test(BACKUP, USABLE) in {True, False, None} for term in found.terms)
    holding.harmless(f"{found.text} {found.term_texts} {found.description}")
    assert found.as_of(NOW + 1).term_texts == found.term_texts
    for offered in complete(typed, VOCABULARY):
        assert offered.text.endswith((offered.label, quote_value(offered.label))), (
            "what is taken is not what is offered"
        )
    word = text.sanitize(typed).lower()
    held = Query.parse(quote_value(typed), FROM).matches(BACKUP, USABLE)
    assert held == (word in BACKUP.record_text or word in BACKUP.content_text), "quoted, it is not that word"
    assert Query.parse(f"gdb={quote_value(typed)}", FROM).term_texts


def quartz(body: bytes) -> None:
    """Check that the moments of an expression are in order and within the range."""
    typed = decoded(body)
    try:
        found = QuartzCron(typed)
    except QuartzError as error:
        holding.harmless(str(error))
        return
    within = list(islice(found.between(NOW, NOW + 40 * times.DAY), 50))
    assert within == sorted(set(within))
    assert all(NOW <= each <= NOW + 40 * times.DAY for each in within)
    following = found.after(NOW)
    assert following is None or following > NOW
    for edge in (0, -1, times.LAST - times.DAY, times.LAST):
        found.after(edge)


def due(body: bytes) -> None:
    """Check a schedule with arbitrary numbers."""
    cron, _, rest = decoded(body).partition("|")
    numbers = [int(each) for each in rest.split("|") if each.isascii() and each.removeprefix("-").isdigit()]
    every, last, *_ = (*(each % 2**63 for each in numbers), 60, NOW)
    schedule = Schedule("a", "CreateBackup", cron=cron, interval_seconds=every, last_start=min(last, times.LAST))
    try:
        found = run_times_of(schedule)
    except TimetableError as error:
        holding.harmless(str(error))
        return
    found.after(NOW)
    runs = latest_runs(found, NOW - 90 * times.DAY, NOW, 100)
    assert runs == sorted(runs)


def shown(body: bytes) -> None:
    """Check that a text is sanitized once, and fits its width."""
    typed = decoded(body)
    clean = text.sanitize(typed)
    holding.harmless(clean.replace(PLANTED, ""))
    assert text.sanitize(clean) == clean
    assert text.unescape(text.escape(typed)) == typed, "two texts are shown as one"
    holding.harmless(text.escape(typed).replace(PLANTED, ""))
    for cells in (0, 1, 2, 3, 4, 5, 8, 20, 60):
        assert text.width(text.cut(clean, cells)) <= cells, f"cut is wider than {cells}"
        assert text.width(text.cut_middle(clean, cells)) <= cells, f"cut in the middle is wider than {cells}"
        assert text.width(text.pad(clean, cells)) == cells, f"pad is not {cells} wide"
        assert text.width(text.pad(clean, cells, right=True)) == cells
    assert escape_formula(clean)[:1] not in {"=", "+", "@"}
    assert state_of(clean)
    Release.parse(clean)
    escape_markdown(clean)
    code_span(clean)


CONFIGURATION = b"""default = "prod"
history_days = 30
[site.prod]
address = "https://gis.example.com/arcgis"
user = "admin"
password_command = ["pass", "show", "gis"]
target = "6h"
accent = "#ff0000"
timeout = 5
[site.other]
address = "https://other.example.com/arcgis"
token_file = "token"
"""


def configured(body: bytes) -> None:
    """Check that a configuration is read, or refused with the name of its error."""
    with suppress(SettingsError):
        parse_config(body, Path("/somewhere/config.toml"))


def secret(body: bytes) -> None:
    """Check that a secret file gives one line of text, or an error without any of it."""
    try:
        value = secret_line(body, "FILE").reveal()
    except SettingsError as error:
        value, said = body.decode("utf-8", "ignore").strip(), str(error)
    else:
        said = ""
    assert len(value) < 12 or value not in said
    assert said or (value and not {"\n", "\0"} & set(value))


def arranged(body: bytes) -> None:
    """Check that view settings are read or refused, and unchanged when written and read again."""
    is_newer(body)
    found = arrangement(body)
    if found is not None:
        assert found.columns[0] == "name"
        assert set(REQUIRED_COLUMNS) <= set(found.columns) <= set(COLUMNS_BY_KEY)
        assert len(set(found.columns)) == len(found.columns)
        assert found.order.key in SORT_KEYS
        holding.harmless(found.store or "")
        assert arrangement(to_json("https://h/c", found)) == found


def keyed(body: bytes) -> None:
    """Check view settings with values of every type under the known keys."""
    try:
        document = parse_json(body)
    except WireError:
        return
    if isinstance(document, dict):
        _taken(document)
        _taken({"site": {"prod": document}})
        _taken({"site": {"prod": {**tomllib.loads(CONFIGURATION.decode())["site"]["prod"], **document}}})


def _taken(document: dict[str, Any]) -> None:
    with suppress(SettingsError):
        parse_settings(document, Path("/somewhere"))
