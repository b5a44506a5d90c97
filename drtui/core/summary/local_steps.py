"""Judge this machine: configuration, terminal."""

from collections.abc import Mapping

from msgspec import Struct

from drtui.core.formatting.text import plural
from drtui.core.model.config_check import Finding
from drtui.core.model.diagnosis import Fact, Step
from drtui.core.summary.diagnosis_steps import facts, ok, warning

SMALLEST, ROOMY = (40, 10), (80, 24)
"""Columns and lines that the interface needs, and that show all of it without switching panes."""

NO_CURSOR = frozenset({"", "dumb", "unknown"})
"""Values of TERM without a movable cursor."""

CLIPBOARD = ("kitty", "alacritty", "foot", "wezterm", "ghostty", "xterm-kitty", "contour", "rio")
LINKS = (*CLIPBOARD, "vte", "konsole", "iterm.app", "vscode")
"""Names of terminals, in lower case, that are known to take copies (OSC 52) and links (OSC 8)."""


class ConfigurationFile(Struct, frozen=True):
    """The configuration file, and what was found in it."""

    path: str
    mode: int | None
    """Permission bits; None if there is no file."""
    sites: int = 0
    findings: tuple[Finding, ...] = ()


def configuration_step(file: ConfigurationFile) -> Step:
    """Return the step of a configuration that could be read; problems of other sites are no failure of this one."""
    evidence = facts({"file": file.path, "permissions": None if file.mode is None else f"{file.mode:04o}"})
    evidence += tuple(Fact("problem" if finding.is_error else "note", finding.text) for finding in file.findings)
    errors = [finding for finding in file.findings if finding.is_error]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        advice = "drtui config validate lists all problems of the file and of the files it names."
        return warning("configuration", f"{errors[0].text}{more}", evidence, advice=advice)
    if file.mode is None:
        return ok("configuration", f"no file, not needed: {file.path}", evidence)
    return ok("configuration", f"{file.path}, {plural(file.sites, 'site', 'sites')}", evidence)


class TerminalFacts(Struct, frozen=True):
    """The terminal of this process."""

    environment: Mapping[str, str]
    columns: int | None
    """None if standard output is no terminal."""
    lines: int | None
    encoding: str


def terminal_step(terminal: TerminalFacts) -> Step:
    """Return the step of the terminal: what it can do, as far as environment and size tell."""
    evidence = _terminal_facts(terminal)
    term = terminal.environment.get("TERM", "")
    if terminal.columns is None or terminal.lines is None:
        return ok("terminal", "standard output is not a terminal", evidence)
    size = f"{terminal.columns}x{terminal.lines}"
    if term in NO_CURSOR:
        return warning(
            "terminal",
            f"TERM is '{term}': the interface cannot move the cursor",
            evidence,
            cause="TERM is not set, or names a limited terminal.",
            advice="Set TERM, for example TERM=xterm-256color, or use --plain and the commands.",
        )
    if 0 in {terminal.columns, terminal.lines}:  # a serial line, or a container
        size = "80x24 assumed: the terminal reports no size"
    elif terminal.columns < SMALLEST[0] or terminal.lines < SMALLEST[1]:
        return warning(
            "terminal",
            f"{size} is too small for the interface",
            evidence,
            advice="Enlarge the window to at least 40x10, better 80x24.",
        )
    if not is_utf8(terminal.encoding):
        return warning(
            "terminal",
            f"encoding {terminal.encoding or 'unknown'}: symbols are shown as ASCII",
            evidence,
            cause="The locale is not UTF-8.",
            advice="Set LANG, for example LANG=C.UTF-8.",
        )
    return ok("terminal", f"{size}, TERM={term}, {_colours(terminal.environment)}, {terminal.encoding}", evidence)


def is_utf8(encoding: str) -> bool:
    """True if an encoding has the symbols of the interface."""
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"


def _terminal_facts(terminal: TerminalFacts) -> tuple[Fact, ...]:
    """Return the evidence about the terminal."""
    environment = terminal.environment
    size = None if terminal.columns is None else f"{terminal.columns} columns, {terminal.lines} lines"
    return facts(
        {
            "TERM": environment.get("TERM", ""),
            "program": environment.get("TERM_PROGRAM", ""),
            "size": size,
            "colours": _colours(environment),
            "encoding": terminal.encoding,
            "inside": _multiplexer(environment),
            "over": "SSH" if environment.get("SSH_CONNECTION") else "",
            "copy (OSC 52)": _guess(environment, CLIPBOARD),
            "links (OSC 8)": _guess(environment, LINKS),
            "renderer": environment.get("DRTUI_DISPLAY", ""),
        }
    )


def _colours(environment: Mapping[str, str]) -> str:
    """Return the number of colours that the environment promises."""
    if environment.get("NO_COLOR"):
        return "no colours (NO_COLOR)"
    if environment.get("COLORTERM", "").lower() in {"truecolor", "24bit"}:
        return "16 million colours"
    return "256 colours" if "256color" in environment.get("TERM", "") else "16 colours"


def _multiplexer(environment: Mapping[str, str]) -> str:
    """Return the multiplexer around this process; empty if none is known."""
    if environment.get("TMUX"):
        return "tmux: copies need set-clipboard on, links tmux 3.4"
    return "GNU screen" if environment.get("STY") else ""


def _guess(environment: Mapping[str, str], known: tuple[str, ...]) -> str:
    """Return whether a terminal is known to support something; nothing asks the terminal itself."""
    vte = "vte" if environment.get("VTE_VERSION") else ""
    konsole = "konsole" if environment.get("KONSOLE_VERSION") else ""
    names = (environment.get("TERM_PROGRAM", ""), environment.get("TERM", ""), vte, konsole)
    words = [name.lower() for name in names if name]
    if any(word.startswith(known) for word in words):
        return "probably"
    return "no" if environment.get("TERM") == "linux" else "unknown"
