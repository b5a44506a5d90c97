"""`drtui sites`: every named site, or those that are named, side by side; the exit code is that of the worst."""

import argparse
import sys

from drtui.cli.context import Context, context
from drtui.cli.exit_codes import FINDINGS, FINE, REFUSED, UNREACHABLE, CommandError
from drtui.cli.output import print_message, write_csv
from drtui.core.model.config import SettingsError
from drtui.core.summary.health_check import Grade
from drtui.core.summary.site_summary import SiteSummary, sort_worst_first
from drtui.output.formats import as_csv, as_json, as_table, moment_object
from drtui.output.monitoring import as_prometheus
from drtui.output.site_tables import sites_table
from drtui.session import runner
from drtui.session.fleet import Fleet
from drtui.session.local_files import local_paths
from drtui.session.profiles import NamedSite, named_sites, simulated_sites
from drtui.session.target import check_proxy

HOW = """\
no site has a name yet; give each one in {path}:

[site.prod]
address = "https://gis.example.com/arcgis"
user = "backup-reader"
password_file = "prod.password"
target = "6h"
"""


def run(arguments: argparse.Namespace) -> int:
    """Look at the sites, and compare them.

    Raises:
        CommandError: none is named, or one that there is not.
    """
    found = context(arguments, ask=False)
    wanted = _wanted(arguments, found)
    if not found.access.offline:
        _check_proxies(wanted)
    fleet = Fleet(wanted, found.access, rpo=found.asked_rpo, now=found.fixed_now)
    sites = runner.run(_looked_at(fleet))
    for trouble in fleet.history_troubles:
        print_message(trouble)
    _put(sites, found, arguments.format)
    return exit_code_of_site(sites[0])


def exit_code_of_site(site: SiteSummary) -> int:
    """The exit code for the state of a site."""
    match site.grade:
        case Grade.OK:
            return FINE
        case Grade.UNKNOWN:
            return REFUSED if site.is_refused else UNREACHABLE
        case _:
            return FINDINGS


def _wanted(arguments: argparse.Namespace, found: Context) -> tuple[NamedSite, ...]:
    """The sites by their names, or all of them."""
    sites = simulated_sites() if arguments.simulated else named_sites(found.settings.profiles)
    if not sites:
        raise CommandError(HOW.format(path=local_paths()["config"]).strip())
    by_name = {site.target.name: site for site in sites}
    for name in arguments.names:
        if name not in by_name:
            raise CommandError(f"no site is called {name!r}; there are {', '.join(by_name)}")
    return tuple(by_name[name] for name in dict.fromkeys(arguments.names)) or sites


def _check_proxies(sites: tuple[NamedSite, ...]) -> None:
    """Make sure that the variables that name proxies can be read.

    Raises:
        CommandError: one of them cannot.
    """
    try:
        for site in sites:
            check_proxy(site.target)
    except SettingsError as error:
        raise CommandError(str(error)) from error


async def _looked_at(fleet: Fleet) -> tuple[SiteSummary, ...]:
    return sort_worst_first([site async for site in fleet.look()])


def _put(sites: tuple[SiteSummary, ...], found: Context, form: str) -> None:
    """The comparison, to stdout."""
    sheet = sites_table(sites, found.view)
    if form == "json":
        judged = moment_object(max(site.assessment.now for site in sites), found.zone)
        about = {"assessed_at": judged, "state": sites[0].grade.name.lower()}
        sys.stdout.write(as_json(sheet, {**about, "exit_code": exit_code_of_site(sites[0])}))
    elif form == "prometheus":
        sys.stdout.write(as_prometheus({site.name: site.check for site in sites}))
    elif form == "csv":
        write_csv(as_csv(sheet))
    else:
        sys.stdout.write(as_table(sheet))
