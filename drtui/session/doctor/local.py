"""Steps about this machine: configuration, file as target, history, terminal, versions. All functions block."""

import contextlib
import importlib.metadata
import os
import platform
import ssl
import stat
import sys
from pathlib import Path

from drtui import __version__
from drtui.core.formatting.durations import format_age
from drtui.core.formatting.input_error import InputError
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_utc
from drtui.core.model.config import SettingsError
from drtui.core.model.diagnosis import Step
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.summary.diagnosis_steps import facts, failed, misconfigured, ok, skipped, warning
from drtui.core.summary.local_steps import ConfigurationFile, TerminalFacts, configuration_step, terminal_step
from drtui.session.configuration import check_config
from drtui.session.history import HistoryError, open_history
from drtui.session.saved_file import read_file
from drtui.session.target import ConnectionOptions, Target
from drtui.storage.config_file import load_config

LIBRARIES = ("textual", "httpx", "msgspec")
"""Packages whose versions are named."""


def check_configuration() -> Step:
    """Return the step of the configuration: the file, its permissions, and the files it names. Runs no command."""
    report = check_config()
    path = report.place.path
    try:
        load_config()
    except SettingsError as error:
        advice = "Correct the file; drtui config validate lists all of its problems."
        return misconfigured("configuration", str(error), facts({"file": path}), advice=advice)
    mode = None
    with contextlib.suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
    return configuration_step(ConfigurationFile(str(path), mode, len(report.sites), report.findings))


def check_target(target: Target | None, now: int) -> Step:
    """Return the step of the target; a file is read at `now` (epoch ms)."""
    if target is None:
        advice = "Give an address, a file, or a site of config.toml; or set its key default."
        return misconfigured("target", "no site named", advice=advice)
    if target.file is not None:
        state = read_file(target.file, now)
        failure = state.stores.failure if state.stores is not None else None
        evidence = facts({"file": target.file.absolute()})
        if failure is not None:
            return failed("target", failure, evidence)
        backups = plural(len(state.all_backups), "backup", "backups")
        return ok("target", f"{target.file}: a saved answer with {backups}", evidence)
    if target.scenario is not None:
        return ok("target", f"the simulated site '{target.scenario}'", facts({"scenario": target.scenario}))
    address = target.address
    if address is None:
        raise AssertionError("a target is a file, a scenario or an address")
    evidence = facts({"site": target.name, "address": address.url, "administrator API": address.admin_url})
    return ok("target", f"{target.name}: {address.url}" if target.name else address.url, evidence)


def check_history(target: Target | None, options: ConnectionOptions, now: int) -> Step:
    """Return the step of the saved data: path, size, and how old they are at `now` (epoch ms)."""
    if not options.remember:
        return skipped("history", "it is off")
    history = open_history(options.keep_days)
    path = history.path
    size = _size(path)
    if size is None:
        return ok("history", f"no data saved yet: {path}", facts({"file": path}))
    try:
        sites = history.read_sites(now)
    except (HistoryError, InputError) as error:
        failure = Failure(FailureKind.UNREADABLE, "history", str(error))
        return warning(
            "history",
            failure.summary,
            facts({"file": path, "bytes": size}),
            cause="The file is damaged, or may not be read.",
            advice="drtui moves a damaged file aside at the next refresh, and keeps what can be read.",
        )
    mine = [site for site in sites if target is not None and target.address == site.address]
    newest = mine[0].newest if mine else None
    evidence = facts(
        {
            "file": path,
            "bytes": f"{size:,}",
            "sites": len(sites),
            "last refresh": format_utc(newest) if newest is not None else "none of this site",
            "can be written": "yes" if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK) else "no",
        }
    )
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return warning(
            "history",
            f"{path} cannot be written",
            evidence,
            cause="It belongs to another user, or its folder is read-only.",
            advice="Correct owner and permissions, or use --no-history.",
        )
    age = f"last refresh {format_age(max(0, now - newest))} ago" if newest is not None else "nothing of this site yet"
    return ok("history", f"{path}, {size:,} bytes, {age}", evidence)


def _size(path: Path) -> int | None:
    """Return the bytes of the history and its write-ahead log; None if there is no history."""
    if not path.exists():
        return None
    total = 0
    for part in (path, path.with_name(f"{path.name}-wal")):
        with contextlib.suppress(OSError):
            total += part.stat().st_size
    return total


def check_terminal() -> Step:
    """Return the step of the terminal of this process."""
    stream = sys.__stdout__ or sys.stdout  # the interface replaces sys.stdout
    columns: int | None = None
    lines: int | None = None
    with contextlib.suppress(OSError, ValueError, AttributeError):
        columns, lines = os.get_terminal_size(stream.fileno())
    return terminal_step(TerminalFacts(dict(os.environ), columns, lines, getattr(stream, "encoding", None) or ""))


def check_versions() -> Step:
    """Return the step of the versions of program, libraries and system."""
    libraries = {}
    for library in LIBRARIES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            libraries[library] = importlib.metadata.version(library)
    evidence = facts(
        {
            "drtui": __version__,
            "Python": platform.python_version(),
            **libraries,
            "TLS library": ssl.OPENSSL_VERSION,
            "system": platform.platform(),
        }
    )
    names = ", ".join(f"{fact.name} {fact.text}" for fact in evidence[:-2])
    return ok("versions", f"{names}, {ssl.OPENSSL_VERSION}", evidence)
