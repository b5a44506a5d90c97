"""`drtui history`: list, export, import or delete saved data without a request to any site."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from drtui.cli.context import Context, resolve_context
from drtui.cli.exit_codes import FINDINGS, FINE, UNREACHABLE, CommandError
from drtui.cli.messages import print_hint, print_message
from drtui.cli.output import print_output
from drtui.core.formatting.durations import format_age
from drtui.core.formatting.text import plural
from drtui.core.listing.csv_values import csv_time
from drtui.core.model.address import Address
from drtui.core.summary.labels import age_text
from drtui.output.formats import Field, Table, moment_object
from drtui.session import now_ms
from drtui.session.history import (
    History,
    HistoryError,
    StoredSite,
    export_site,
    forget_site,
    import_file,
    open_history,
)
from drtui.session.journal import journal_file
from drtui.session.local_files import write_output


def run_history(arguments: argparse.Namespace) -> int:
    """Run `history list`, `export`, `import` or `forget`.

    Raises:
        CommandError: the command failed.
    """
    context = resolve_context(arguments)
    history = open_history(context.access.keep_days)
    try:
        return COMMANDS[arguments.history_command](arguments, context, history)
    except HistoryError as error:
        raise CommandError(str(error), UNREACHABLE) from error
    finally:
        if history.recovery_message:
            print_message(history.recovery_message)


def _list(arguments: argparse.Namespace, context: Context, history: History) -> int:
    sites = history.sites(now_ms())
    print_output(_sites_table(sites, context), arguments.format, {})
    return FINE if sites else FINDINGS


def _sites_table(sites: tuple[StoredSite, ...], context: Context) -> Table:
    """Return the sites with saved data, one row each."""
    rows, objects = [], []
    for site in sites:
        listed = None if site.newest is None else site.listed  # its lists may never have been fetched
        rows.append(
            (
                Field.from_text(str(site.address)),
                Field(age_text(site.newest, context.now), csv_time(site.newest, context.zone)),
                Field.from_count(site.refreshes),
                Field.from_count(listed),
                Field.from_count(site.gone),
            )
        )
        objects.append(
            {
                "site": site.address.url,
                "last_read": moment_object(site.newest, context.zone),
                "refreshes": site.refreshes,
                "restore_points": listed,
                "deleted": site.gone,
                "bytes": site.bytes,
            }
        )
    return Table.from_fields("sites", ("SITE", "LAST READ", "REFRESHES", "RESTORE POINTS", "DELETED"), rows, objects)


def _export(arguments: argparse.Namespace, context: Context, history: History) -> int:
    address = _address(context)
    body = export_site(history, address, now_ms())
    if body is None:
        raise CommandError(f"No saved data of {address}. See drtui history list.", FINDINGS)
    output = getattr(arguments, "output", None)
    if output is None:
        sys.stdout.write(body.decode())
    else:
        path = Path(output)
        try:
            write_output(path, body)
        except OSError as error:
            raise HistoryError(f"cannot write '{path}': {error.strerror}") from None
    return FINE


def _import(arguments: argparse.Namespace, _: Context, history: History) -> int:
    now = now_ms()
    archive = import_file(history, Path(arguments.file), now)
    records = plural(len(archive.records), "restore point", "restore points")
    notes = f" and {plural(len(archive.notes), 'note', 'notes')}" if archive.notes else ""
    print_hint(f"added {records}{notes} of {archive.address}")
    if archive.newest_time > now:
        ahead = f"times up to {format_age(archive.newest_time - now)} in the future"
        print_message(f"{ahead} were set to the present: a clock is wrong, there or here")
    return FINE


def _forget(_: argparse.Namespace, context: Context, history: History) -> int:
    address = _address(context)
    if not forget_site(history, address):
        raise CommandError(f"No saved data of {address}. See drtui history list.", FINDINGS)
    print_hint(
        f"deleted the saved data of {address}, with its notes; the journal of changes is kept in {journal_file()}"
    )
    return FINE


def _address(context: Context) -> Address:
    if context.target is None or context.target.address is None or not context.target.is_site:
        raise CommandError("History exists for sites only. Give the address of a site, see drtui history list.")
    return context.target.address


COMMANDS: dict[str, Callable[[argparse.Namespace, Context, History], int]] = {
    "list": _list,
    "export": _export,
    "import": _import,
    "forget": _forget,
}
