"""`drtui sites`: all sites of the configuration side by side; the exit code is that of the worst."""

import argparse
import sys

from drtui.cli.context import Context, resolve_context
from drtui.cli.exit_codes import FINDINGS, FINE, REFUSED, UNREACHABLE, CommandError
from drtui.cli.messages import print_message
from drtui.cli.output import print_output
from drtui.core.model.secret_reference import suggestion
from drtui.core.summary.health_check import Grade
from drtui.core.summary.site_summary import SiteSummary, sort_worst_first
from drtui.output.formats import moment_object
from drtui.output.prometheus import as_prometheus
from drtui.output.site_tables import sites_table
from drtui.session import runner
from drtui.session.fleet import Fleet
from drtui.session.profiles import NamedSite, named_sites, simulated_sites
from drtui.session.target import check_proxy

NO_SITES = """\
No sites in the configuration. Add each site to {path}:

[site.prod]
address = "https://gis.example.com/arcgis"
user = "backup-reader"
password_file = "prod.password"
target = "6h"
"""


def run_sites(arguments: argparse.Namespace) -> int:
    """Fetch and compare the sites.

    Raises:
        CommandError: the configuration has no sites, or an argument names an unknown site.
        SettingsError: a proxy variable is invalid.
    """
    context = resolve_context(arguments)
    selected = _selected_sites(arguments, context)
    if not context.access.offline:
        for site in selected:
            check_proxy(site.target)
    fleet = Fleet(selected, context.access, rpo=context.rpo_option, now=context.fixed_now)
    sites = runner.run(_fetch_all(fleet))
    for failure in fleet.history_failures:
        print_message(failure)
    _print_sites(sites, context, arguments.format)
    return exit_code_of_site(sites[0])


def exit_code_of_site(site: SiteSummary) -> int:
    """Return the exit code for the state of a site."""
    match site.grade:
        case Grade.OK:
            return FINE
        case Grade.UNKNOWN:
            return REFUSED if site.is_refused else UNREACHABLE
        case _:
            return FINDINGS


def _selected_sites(arguments: argparse.Namespace, context: Context) -> tuple[NamedSite, ...]:
    """Return the sites that the arguments name, or all."""
    sites = simulated_sites() if arguments.simulated else named_sites(context.settings.profiles)
    if not sites:
        from drtui.session.local_files import all_paths

        raise CommandError(NO_SITES.format(path=all_paths()["config"]).strip())
    by_name = {site.target.name: site for site in sites}
    for name in arguments.names:
        if name not in by_name:
            hint = suggestion(name, by_name) or f". Its sites are {', '.join(by_name)}."
            raise CommandError(f"No site {name!r} in config.toml{hint}")
    return tuple(by_name[name] for name in dict.fromkeys(arguments.names)) or sites


async def _fetch_all(fleet: Fleet) -> tuple[SiteSummary, ...]:
    return sort_worst_first([site async for site in fleet.refresh()])


def _print_sites(sites: tuple[SiteSummary, ...], context: Context, form: str) -> None:
    """Print the comparison to stdout."""
    if form == "prometheus":
        sys.stdout.write(as_prometheus({site.name: site.check for site in sites}))
        return
    about = {
        "assessed_at": moment_object(max(site.assessment.now for site in sites), context.zone),
        "state": sites[0].grade.name.lower(),
        "exit_code": exit_code_of_site(sites[0]),
    }
    print_output(sites_table(sites, context.view), form, about)
