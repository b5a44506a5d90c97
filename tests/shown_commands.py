"""Commands that README and `drtui/docs` show, and what takes the place of their examples when they are run."""

import re
import shlex
from pathlib import Path
from typing import NamedTuple

import drtui

ROOT = Path(drtui.__file__).parents[1]
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "drtui" / "docs").glob("*.md")))

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(drtui [^`…|]+)`")

NOT_RUN = {
    "python3 -m venv": "tests/e2e/test_offline_install.py, and the gate",
    ".venv/bin/": "tests/e2e/test_offline_install.py, and the gate",
    "pip ": "tests/e2e/test_offline_install.py",
    "drtui-venv/bin/": "tests/e2e/test_offline_install.py",
    "uv ": "tests/e2e/test_offline_install.py",
    "pipx ": "tests/e2e/test_offline_install.py",
    "useradd ": "needs root",
    "install ": "needs root",
    "setfacl ": "needs root",
    "systemctl ": "needs root",
    "promtool ": "tests/e2e/test_monitoring_pack.py",
    "icinga2 ": "needs root",
    "nagios4 ": "needs root",
    "kubectl ": "needs a cluster",
    "drtui config add": "asks a person: tests/cli/test_config.py",
    "drtui demo serve": "runs until it is stopped: every test here uses it",
    "drtui restore": "takes the site away: tests/cli/test_changes.py",
}
"""Beginnings of commands that are not run here, with the place where they are, or the reason."""

OPTIONS_OF_OTHERS = {
    "--no-index", "--find-links", "--wheel-dir", "--editable",  # pip
    "--native-tls",  # uv
    "--system", "--home-dir", "--shell",  # useradd
    "--collector", "--from-file",  # node_exporter, kubectl
    "--sizes", "--inside", "--rounds", "--write",  # python -m tests.bench
}  # fmt: skip
"""Options of other programs that documents name."""

REPLACEMENTS = (
    ("--token-file token.txt --ca-file our-ca.pem", "--token-file token.txt"),
    ("https://gis.example.com/arcgis", "$URL --ca-file $CA"),
    ("~/.gis-password", "password"),
    ("/var/lib/node_exporter/", ""),
    ("/var/lib/prometheus/node-exporter/", ""),
    ("/etc/systemd/system/", ""),
    ("/etc/prometheus/", ""),
    ("/etc/icinga2/conf.d/", ""),
    ("/etc/nagios4/conf.d/", ""),
    ("~/.local/share/bash-completion/completions/", ""),
    ("~/.zfunc/", ""),
    ("~/.config/fish/completions/", ""),
    ("nightly-2026-08-01-02-00-09", "$OLDER"),
    ("nightly-2026-09-20-02-00-09", "$OLDER"),
    ("nightly-2026-09-21-06-00-46", "$NEWER"),
    ("2026-09-21T14:20", "3d ago"),
    ("before 3d ago", "before '3d ago'"),
    # A person confirms these; a pipe needs an option for it. A second backup of the same name would be refused.
    ("--for 30d --wait --allow-changes", "--for 30d --wait --allow-changes --yes pre-upgrade"),
    ("create pre-upgrade prod --wait", "create pre-upgrade-2 prod --wait"),
    ("--yes pre-upgrade --passcode-file", "--yes pre-upgrade-2 --passcode-file"),
    ("--forever --allow-changes", "--forever --allow-changes --yes $OLDER"),
    ("pause nightly prod --allow-changes", "pause nightly prod --allow-changes --yes nightly"),
)
"""Parts of commands, and what is run instead. The environment has URL, CA, OLDER and NEWER."""

EXIT_CODES = {
    "drtui check": {0, 1},
    "drtui diff": {1},
    "drtui gaps": {0, 1},
    "drtui report": {0, 1},
    "drtui sites --offline": {3},
    "drtui sites": {0, 1},
    "drtui timeline": {0, 1},
}
"""Exit codes of commands, by their beginning, if another than 0 is an answer."""


class Shown(NamedTuple):
    """A command in a document."""

    document: str
    line: str

    @property
    def reason(self) -> str:
        """Why it is not run here; empty if it is."""
        return next((why for start, why in NOT_RUN.items() if self.line.startswith(start)), "")

    @property
    def command(self) -> str:
        """The command without its comment, with the served site in place of examples."""
        line = re.sub(r"\| jq .*", "| grep schema", without_comment(self.line))  # jq is not on every machine
        for example, value in REPLACEMENTS:
            line = line.replace(example, value)
        return line

    @property
    def exit_codes(self) -> set[int]:
        """Exit codes that are an answer."""
        return next((codes for start, codes in EXIT_CODES.items() if self.line.startswith(start)), {0})


def without_comment(line: str) -> str:
    """Return a line of a shell without the comment at its end."""
    return re.sub(r"\s+#\s.*$", "", line).strip()


def shown_commands(document: Path) -> list[Shown]:
    """Return the commands in the blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    lines = [line.strip() for block in BLOCK.findall(text) for line in block.splitlines()]
    return [Shown(document.name, line) for line in lines if line and not line.startswith("#")]


def runnable_commands(document: Path) -> list[Shown]:
    """Return the commands of a document that are run at a served site."""
    return [shown for shown in shown_commands(document) if not shown.reason]


def drtui_arguments(document: Path) -> list[list[str]]:
    """Return the arguments of each command of drtui in a document, in blocks and in sentences, but for lone names."""
    lines = [without_comment(shown.line) for shown in shown_commands(document)]
    lines += INLINE.findall(document.read_text(encoding="utf-8"))
    parts = [part for line in lines for part in re.split(r"\s*(?:\||>|&&)\s*", line)]
    words = [shlex.split(part) for part in parts if re.match(r"(\S*/bin/)?drtui( |$)", part)]
    return [arguments for _, *arguments in words if len(arguments) != 1 or arguments[0].startswith("-")]
