"""`drtui history`: the saved copies, of which no site is asked."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from drtui.cli.context import Context, context
from drtui.cli.exit_codes import FINDINGS, FINE, UNREACHABLE, CommandError
from drtui.cli.output import write_csv
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_age
from drtui.core.listing.csv_values import csv_time
from drtui.core.model.address import Address
from drtui.core.summary.labels import age_text
from drtui.output.formats import Table, as_csv, as_json, as_table, moment_object
from drtui.session import now_ms
from drtui.session.history import HistoryError, HistoryStore, StoredSite


def run(arguments: argparse.Namespace) -> int:
    """Carry out `history list`, `export`, `import` or `forget`.

    Raises:
        CommandError: it cannot be carried out.
    """
    found = context(arguments, ask=False)
    shelf = HistoryStore(found.access.keep_days)
    try:
        return COMMANDS[arguments.history_command](arguments, found, shelf)
    except HistoryError as error:
        raise CommandError(str(error), UNREACHABLE) from error
    finally:
        if shelf.mended:
            sys.stderr.write(f"drtui: {shelf.mended}\n")


def _list(arguments: argparse.Namespace, found: Context, shelf: HistoryStore) -> int:
    sites = shelf.sites(now_ms())
    sheet = _sheet(sites, found)
    if arguments.format == "json":
        sys.stdout.write(as_json(sheet, {}))
    elif arguments.format == "csv":
        write_csv(as_csv(sheet))
    else:
        sys.stdout.write(as_table(sheet))
    return FINE if sites else FINDINGS


def _sheet(sites: tuple[StoredSite, ...], found: Context) -> Table:
    """Each site that something is known of, a row each."""
    texts = [
        (str(each.address), age_text(each.newest, found.now), str(each.looks), _here(each), str(each.gone))
        for each in sites
    ]
    objects = [
        {
            "site": each.address.url,
            "last_read": moment_object(each.newest, found.zone),
            "refreshes": each.looks,
            "restore_points": _listed(each),
            "deleted": each.gone,
            "bytes": each.bytes,
        }
        for each in sites
    ]
    cells = [
        (str(each.address), csv_time(each.newest, found.zone), each.looks, _listed(each), each.gone) for each in sites
    ]
    return Table("sites", ("SITE", "LAST READ", "REFRESHES", "RESTORE POINTS", "DELETED"), texts, objects, cells=cells)


def _listed(site: StoredSite) -> int | None:
    return None if site.newest is None else site.here


def _here(site: StoredSite) -> str:
    """How many restore points it had; of a site whose lists were never read that is not none."""
    return "unknown" if site.newest is None else str(site.here)


def _export(arguments: argparse.Namespace, found: Context, shelf: HistoryStore) -> int:
    address = _address(found)
    body = shelf.exported(address, now_ms())
    if body is None:
        raise CommandError(f"nothing is saved of {address}; see drtui history list", FINDINGS)
    output = getattr(arguments, "output", None)
    if output is None:
        sys.stdout.write(body.decode())
    else:
        shelf.write(Path(output), body)
    return FINE


def _import(arguments: argparse.Namespace, _: Context, shelf: HistoryStore) -> int:
    now = now_ms()
    archive = shelf.imported(Path(arguments.file), now)
    records = plural(len(archive.records), "restore point", "restore points")
    sys.stderr.write(f"drtui: added {records} of {archive.address}\n")
    if archive.newest > now:
        ahead = f"moments up to {format_age(archive.newest - now)} in the future"
        sys.stderr.write(f"drtui: {ahead} were brought down to the present: a clock was wrong, there or here\n")
    return FINE


def _forget(_: argparse.Namespace, found: Context, shelf: HistoryStore) -> int:
    address = _address(found)
    if not shelf.forget(address):
        raise CommandError(f"nothing is saved of {address}; see drtui history list", FINDINGS)
    sys.stderr.write(f"drtui: {address} is forgotten\n")
    return FINE


def _address(found: Context) -> Address:
    if found.target is None or found.target.address is None or not found.target.is_site:
        raise CommandError("history is kept of sites: give the address of one, see drtui history list")
    return found.target.address


COMMANDS: dict[str, Callable[[argparse.Namespace, Context, HistoryStore], int]] = {
    "list": _list,
    "export": _export,
    "import": _import,
    "forget": _forget,
}
