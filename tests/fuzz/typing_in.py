"""Targets that read what a person or a schedule wrote: addresses, moments, filters, cron, and other texts."""

import tomllib
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from drtui.core.formatting import durations, text, times
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
from drtui.core.verdict.rules import GOOD, Level, Verdict
from drtui.core.wire.lenient import WireError, parse_json
from drtui.output.formats import escape_formula
from drtui.output.markdown import code_span, escape_markdown
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
                parsed = Address.parse(pasted, allow_http=allow)
            except AddressError as error:
                holding.harmless(str(error))
                continue
            holding.harmless(f"{parsed.url} {parsed} {parsed.admin_url}")
            assert Address.parse(parsed.url, allow_http=True) == parsed, "an address is not its own address"
            assert parsed.scheme == "https" or allow or "http://" in parsed.url


def moments(body: bytes) -> None:
    """Check that a moment can be shown in every zone, and is unchanged when read again."""
    typed = decoded(body)
    for zone in ZONES:
        try:
            moment = parse_past_time(typed, zone, NOW)
        except times.TimeError as error:
            holding.harmless(str(error))
            continue
        assert 0 <= moment <= times.LAST
        for written in ZONES:
            times.format_full(moment, written)
            times.zone_label(moment, written)
            assert times.parse_time(times.format_iso(moment, written), zone) == moment // 1000 * 1000


def span(body: bytes) -> None:
    """Check that a duration is positive."""
    try:
        duration = times.parse_duration(decoded(body))
    except times.TimeError as error:
        holding.harmless(str(error))
        return
    assert 1 <= duration <= times.LAST
    assert durations.format_age(duration)
    assert durations.format_short_age(duration)
    assert durations.format_elapsed(duration)


def zone(body: bytes) -> None:
    """Check the name of a zone."""
    try:
        timezone = times.zone_named(decoded(body))
    except times.TimeError as error:
        holding.harmless(str(error))
        return
    for when in (0, NOW, times.LAST):
        times.format_full(when, timezone)


def filtering(body: bytes) -> None:
    """Check that a text is a filter, true or false for every backup, or an error that points into it."""
    typed = decoded(body)
    everything = Query()
    query_filter, error = parse_partial(typed, FROM, everything)
    if error is not None:
        holding.harmless(f"{error} {error.text} {error.caret}")
        assert 0 <= error.start <= error.end <= len(error.text), "an error that points elsewhere"
    assert all(term.test(BACKUP, USABLE) in {True, False, None} for term in query_filter.terms)
    holding.harmless(f"{query_filter.text} {query_filter.term_texts} {query_filter.description}")
    assert query_filter.as_of(NOW + 1).term_texts == query_filter.term_texts
    for offered in complete(typed, VOCABULARY):
        assert offered.text.endswith((offered.label, quote_value(offered.label))), (
            "what is taken is not what is offered"
        )
    word = text.sanitize(typed).lower()
    matches = Query.parse(quote_value(typed), FROM).matches(BACKUP, USABLE)
    assert matches == (word in BACKUP.record_text or word in BACKUP.content_text), "quoted, it is not that word"
    assert Query.parse(f"gdb={quote_value(typed)}", FROM).term_texts


def quartz(body: bytes) -> None:
    """Check that the moments of an expression are in order and within the range."""
    typed = decoded(body)
    try:
        moments_due = QuartzCron(typed)
    except QuartzError as error:
        holding.harmless(str(error))
        return
    within = list(islice(moments_due.between(NOW, NOW + 40 * durations.DAY), 50))
    assert within == sorted(set(within))
    assert all(NOW <= time <= NOW + 40 * durations.DAY for time in within)
    following = moments_due.after(NOW)
    assert following is None or following > NOW
    for edge in (0, -1, times.LAST - durations.DAY, times.LAST):
        moments_due.after(edge)


def due(body: bytes) -> None:
    """Check a schedule with arbitrary numbers."""
    cron, _, rest = decoded(body).partition("|")
    numbers = [int(time) for time in rest.split("|") if time.isascii() and time.removeprefix("-").isdigit()]
    every, last, *_ = (*(time % 2**63 for time in numbers), 60, NOW)
    schedule = Schedule("a", "CreateBackup", cron=cron, interval_seconds=every, last_start=min(last, times.LAST))
    try:
        moments_due = run_times_of(schedule)
    except TimetableError as error:
        holding.harmless(str(error))
        return
    moments_due.after(NOW)
    runs = latest_runs(moments_due, NOW - 90 * durations.DAY, NOW, 100)
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
        value, message = body.decode("utf-8", "ignore").strip(), str(error)
    else:
        message = ""
    assert len(value) < 12 or value not in message
    assert message or (value and not {"\n", "\0"} & set(value))


def arranged(body: bytes) -> None:
    """Check that view settings are read or refused, and unchanged when written and read again."""
    is_newer(body)
    settings = arrangement(body)
    if settings is not None:
        assert settings.columns[0] == "name"
        assert set(REQUIRED_COLUMNS) <= set(settings.columns) <= set(COLUMNS_BY_KEY)
        assert len(set(settings.columns)) == len(settings.columns)
        assert settings.order.key in SORT_KEYS
        holding.harmless(settings.store or "")
        assert arrangement(to_json("https://h/c", settings)) == settings


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
