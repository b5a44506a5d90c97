"""`drtui config`: the configuration file, its problems, and the values that apply."""

import argparse
import sys

from msgspec.structs import replace

from drtui.cli.exit_codes import FINE, USAGE
from drtui.cli.messages import print_hint
from drtui.cli.output import print_output
from drtui.core.formatting.text import plural, sanitize
from drtui.core.model.config_check import Finding
from drtui.keybindings import KeysError, apply_user_keys
from drtui.output.configuration import finding_line, finding_objects, values_table
from drtui.output.formats import SCHEMA, json_text
from drtui.session.configuration import ConfigPath, ConfigReport, check_config, config_path, effective_values


def run_config(arguments: argparse.Namespace) -> int:
    """Run `config path`, `show`, `validate` or `add`; return the exit code."""
    if arguments.config_command == "add":
        from drtui.cli.commands.config_add import run_add

        return run_add(arguments)
    return {"path": _path, "show": _show, "validate": _validate}[arguments.config_command](arguments)


def _path(arguments: argparse.Namespace) -> int:
    """Print the path of the configuration."""
    place = config_path()
    if arguments.format == "json":
        sys.stdout.write(json_text({"schema": SCHEMA, **_place_fields(place)}))
    else:
        sys.stdout.write(f"{place.path}\n")
        if not place.exists:
            print_hint("This file does not exist. drtui config add NAME makes it.")
    return FINE


def _place_fields(place: ConfigPath) -> dict[str, object]:
    return {"path": str(place.path), "exists": place.exists, "from_variable": place.is_override}


def _show(arguments: argparse.Namespace) -> int:
    """Print the values that apply."""
    place, values = effective_values(vars(arguments), arguments.site_name or "")
    print_output(values_table(values), arguments.format, {"schema": SCHEMA, **_place_fields(place)})
    if not place.exists:
        print_hint(f"{place.path} does not exist: these are the defaults.")
    return FINE


def _validate(arguments: argparse.Namespace) -> int:
    """Print everything that is wrong with the configuration; exit code 2 if anything is."""
    report = _with_keys(check_config())
    errors = sum(finding.is_error for finding in report.findings)
    if arguments.format == "json":
        fields = {"is_valid": not errors, "sites": list(report.sites), "findings": finding_objects(report.findings)}
        sys.stdout.write(json_text({"schema": SCHEMA, **_place_fields(report.place), **fields}))
    else:
        for finding in report.findings:
            sys.stdout.write(f"{sanitize(finding_line(finding))}\n")
        state = plural(errors, "error", "errors") if errors else "no errors"
        usable = plural(len(report.sites), "usable site", "usable sites")
        exists = "" if report.place.exists else " does not exist"
        sys.stdout.write(f"{report.place.path}{exists}: {state}, {usable}\n")
    return USAGE if errors else FINE


def _with_keys(report: ConfigReport) -> ConfigReport:
    """Return the report with the problem of key bindings, which only the register of keys knows."""
    try:
        apply_user_keys(report.keys)
    except KeysError as error:
        return replace(report, findings=(*report.findings, Finding(str(error), key="keys")))
    return report
