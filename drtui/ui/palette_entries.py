"""Words that find a command in the palette, and entries without a key."""

from typing import NamedTuple

SYNONYMS: dict[str, str] = {
    "site": "status connection account user release tls token check health operation schedules cleaner",
    "stores": "repositories places",
    "list": "backups restore points inventory",
    "detail": "show describe info contents geodatabases",
    "open": "enter",
    "back": "escape close",
    "filter": "search find grep",
    "sort": "order by column",
    "reverse": "descending ascending order",
    "groups": "group by day store schedule",
    "columns": "fields view",
    "mark": "select tag",
    "compare": "diff difference changes two",
    "compare-to-previous": "diff difference last",
    "before": "point in time as of recommend restore undo damage",
    "runbook": "handover restore instructions steps",
    "gaps": "missed failed runs holes",
    "report": "audit handover markdown",
    "where": "which backups contain find geodatabase database bucket search",
    "headline": "check health state safe risk summary findings advice reasons rpo",
    "timeline": "history gaps missed runs calendar gantt schedule strip",
    "act": "change create backup make keep extend retention validate pause resume delete remove restore journal",
    "refresh": "reload fetch update again",
    "raw": "json yaml record inspect",
    "note": "comment annotate remark drill",
    "copy": "clipboard yank name id",
    "take": "copy curl row clipboard restore request runbook json",
    "export": "report save write download csv markdown json screenshot picture svg file",
    "zone": "timezone utc local time clock",
    "zoom": "maximize full screen pane",
    "error": "failure problem message",
    "doctor": "diagnose connection dns tls certificate proxy health",
    "requests": "log http curl trace network",
    "sites": "sign in login logout sso single sign-on password token switch other profile deployment context",
    "palette": "commands menu",
    "help": "keys shortcuts bindings glossary legend manual ?",
    "repaint": "redraw refresh screen garbage",
    "suspend": "shell background",
    "quit": "exit leave close",
}
"""Further words of each command, by its name."""


class Screen(NamedTuple):
    """An entry that opens a part of the interface without a key of its own."""

    name: str
    help: str
    synonyms: str
    method: str
    """Its method of the main screen."""


SCREENS = (
    Screen("status", "1, enter   last operation, schedules and cleaner", "state running activity", "open_activity"),
    Screen(
        "schedules",
        "1, enter   schedules, their next runs and the cleaner",
        "nightly cron task planned next runs pause resume retention",
        "open_activity",
    ),
    Screen("journal", "a o   what was changed with drtui, when and by whom", "audit log changes", "open_journal"),
)


class CliCommand(NamedTuple):
    """A command of the command line that has no screen; the entry shows how to run it."""

    name: str
    help: str
    synonyms: str = ""
    has_target: bool = True


CLI_COMMANDS = (
    CliCommand("check", "health check for monitoring", "health rpo nagios icinga prometheus metrics alert"),
    CliCommand("coverage", "data stores of the site, and what its backups hold of them", "data stores uncovered"),
    CliCommand("login", "sign in with a browser, and print a token for scripts", "sso single sign-on token"),
    CliCommand("monitoring", "alert rules, dashboard and units", "prometheus grafana metrics systemd icinga", False),
    CliCommand("history", "saved data of sites: list, export, import, delete", "cache offline forget saved", False),
    CliCommand("config", "check the configuration, show its values", "settings profiles preferences", False),
    CliCommand("paths", "files and folders of drtui", "log config state cache directory", False),
    CliCommand("completion", "completion script for a shell", "bash zsh fish tab", False),
    CliCommand("demo", "simulated sites: list, serve", "try example scenario test", False),
)
