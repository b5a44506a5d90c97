"""Arguments of the commands that ask no site."""

import argparse

from drtui.cli.arguments.common import set_epilog
from drtui.cli.arguments.parser import LazyChoices, Parser
from drtui.demo.scenarios import PASSCODE, SCENARIOS

SHELLS = ("bash", "zsh", "fish")


FAULTS = LazyChoices("drtui.demo.faults", "NAMED")
MONITORING_FILES = LazyChoices("drtui.output.monitoring_pack", "PARTS")


FAULTS_HELP = """what is wrong with the site; repeat it for several. Of the whole site: html, 500, 503, status-error,
details-null, missing-key, drop, hang, job-result, expires-text, read-only, not-ready (every store), no-staging,
run-due (a nightly backup in three minutes), release-12, short-token (of a minute), short-refresh (of two),
no-privilege, web-tier-401, wrong-context, wrong-referer, clock-ahead (three hours), refuses-data. Of changes:
lost-reply (accepted, then the connection breaks off), lost-request, backup-fails, backup-cancelled, backup-hangs,
restore-fails, restore-warns, job-follows, slow (25 times as long). Of one resource: KIND-RESOURCE, such as 403-tasks;
kinds 403, 404, 500, drop, aged, missing-key; resources root, stores, backups, status, settings, tasks, data, mode,
about, account"""


def add_demo(command: Parser) -> None:
    """Add the commands of the simulated site."""
    commands = command.add_subparsers(dest="demo_command", metavar="list|serve", required=True)
    commands.add_parser("list", help="the scenarios", description=f"The passcode of their backups is {PASSCODE}.")
    serve = commands.add_parser(
        "serve", help="serve it over HTTP on this machine only", argument_default=argparse.SUPPRESS
    )
    serve.add_argument("scenario", nargs="?", choices=SCENARIOS, metavar="SCENARIO", default="calm")
    serve.add_argument("--port", type=int, default=0, metavar="N")
    serve.add_argument("--tls", action="store_true", default=False, help="use HTTPS with a temporary certificate")
    serve.add_argument(
        "--client-certificate",
        action="store_true",
        default=False,
        help="use HTTPS and require a temporary client certificate",
    )
    serve.add_argument("--now", metavar="TIME")
    serve.add_argument("--fault", action="append", choices=FAULTS, metavar="NAME", default=[], help=FAULTS_HELP)


COMPLETION = """\
Run once, and again after an upgrade:
  drtui completion bash > ~/.local/share/bash-completion/completions/drtui
  drtui completion zsh  > ~/.zfunc/_drtui        with fpath+=(~/.zfunc) before compinit in ~/.zshrc
  drtui completion fish > ~/.config/fish/completions/drtui.fish
The script contains options, commands and scenarios; it gets the names of sites from: drtui completion targets
"""


def add_help(command: Parser) -> None:
    """Add the argument of `help`."""
    command.add_argument("words", nargs="*", metavar="COMMAND | TOPIC", help="without it: the list of topics")


def add_completion(command: Parser) -> None:
    """Add the argument of `completion`."""
    set_epilog(command, COMPLETION)
    command.add_argument("shell", choices=(*SHELLS, "targets"), metavar="SHELL", help=", ".join(SHELLS))


MONITORING = """\
  drtui monitoring rules            alert rules for Prometheus
  drtui monitoring dashboard        dashboard for Grafana
  drtui monitoring systemd          both units below: metrics of a site every 10 minutes
  drtui monitoring systemd-service  > /etc/systemd/system/drtui-check@.service
  drtui monitoring systemd-timer    > /etc/systemd/system/drtui-check@.timer
  drtui monitoring icinga           check command and services for Icinga 2
  drtui monitoring nagios           check command and service for Nagios
  drtui monitoring cronjob          CronJob for Kubernetes
A line FILL IN marks what to fill in. Sites and their secrets stay in config.toml.
"""


def add_monitoring(command: Parser) -> None:
    """Add the argument of `monitoring`."""
    set_epilog(command, MONITORING)
    command.add_argument("part", choices=MONITORING_FILES, metavar="FILE", help="one of %(choices)s")
