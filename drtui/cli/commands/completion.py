"""`drtui completion`: shell completion scripts, which contain everything but the names of sites.

The script calls `drtui completion targets` for the names of sites: a site that was added with `o` is completed at once,
and no shell needs a parser for the configuration. The call takes as long as `drtui --version`.
"""

import argparse
import re
import sys
from collections.abc import Iterator

from drtui.cli.arguments.tools import SHELLS
from drtui.cli.exit_codes import FINE
from drtui.cli.help_topics import topics
from drtui.cli.parser import COMMANDS, parser
from drtui.core.model.config import SettingsError
from drtui.session.profiles import load_config

TARGETS = {
    "bash": "_drtui_targets_and_files",  # for a name with _file shtab adds a slash to folders
    "zsh": "_drtui_targets",
    "fish": "(_drtui_sites; __fish_complete_path (commandline -ct))",
    "preamble": {
        "bash": """\
_drtui_sites() {
  compgen -W "$(command drtui completion targets 2>/dev/null)" -- "$1"
}
_drtui_targets_and_files() {
  _drtui_sites "$1"
  compgen -f -- "$1"
}
_shtab_drtui_pos_0_COMPGEN=_drtui_targets_and_files  # a target may stand in place of a command
""",
        "zsh": """\
_drtui_sites() {
  local -a sites=(${(f)"$(command drtui completion targets 2>/dev/null)"})
  _describe -t sites 'named site' sites
}
_drtui_targets() {
  _alternative 'sites:named site:_drtui_sites' 'files:saved answer:_files'
}
functions[_drtui_only_commands]=$functions[_shtab_drtui_commands]
_shtab_drtui_commands() {
  _alternative 'commands:command:_drtui_only_commands' 'targets:target:_drtui_targets'
}
""",
        "fish": """\
function _drtui_sites
  command drtui completion targets 2>/dev/null
end
""",
    },
}
"""For each shell: completion of sites and files."""

SITES = {**TARGETS, "bash": "_drtui_sites", "zsh": "_drtui_sites", "fish": "(_drtui_sites)"}
"""For each shell: completion of sites only."""

SUFFIXES = {
    "bash": """
# Bash splits --format=json at the =, and the code above would take = for a word.
_drtui() {
  local -a words=()
  local word here=$COMP_CWORD
  for ((word = 0; word < ${#COMP_WORDS[@]}; word++)); do
    if [[ ${COMP_WORDS[word]} != "=" || ${COMP_WORDS[word - 1]} != --* ]]; then
      words+=("${COMP_WORDS[word]}")
    elif ((word == COMP_CWORD)); then
      words+=("")
    elif ((word < COMP_CWORD)); then
      ((here--))
    fi
  done
  local -a COMP_WORDS=("${words[@]}")
  local COMP_CWORD=$here
  _shtab_drtui "$@"
}
complete -o bashdefault -F _drtui drtui
""",
    "fish": """
# A target may stand in place of a command.
complete -c drtui -n '_shtab_drtui_using; and test $_shtab_drtui_npos -eq 0' \\
  -ka '(_drtui_sites; __fish_complete_path (commandline -ct))'
""",
}
"""For each shell: the end of the script, after the part that shtab generates."""


def run_completion(arguments: argparse.Namespace) -> int:
    """Print the script for a shell, or the names of the sites."""
    if arguments.shell == "targets":
        sys.stdout.write("".join(f"{name}\n" for name in _site_names()))
    else:
        sys.stdout.write(completion_script(arguments.shell))
    return FINE


def _site_names() -> Iterator[str]:
    """Yield the names of sites; none if the configuration cannot be read, because completion cannot show an error."""
    try:
        settings = load_config()
    except SettingsError:
        return
    yield from (profile.name for profile in settings.profiles)


def completion_script(shell: str) -> str:
    """Return the completion script for `bash`, `zsh` or `fish`."""
    from shtab import FILE, complete

    tree = parser(with_interface=True)
    for action in _actions(tree):
        if action.dest.endswith("file") or action.dest in {"output", "cert", "key"}:
            action.complete = FILE  # type: ignore[attr-defined]
        elif action.dest == "target":
            action.complete = TARGETS  # type: ignore[attr-defined]
        elif action.dest in {"names", "site_name"}:
            action.complete = SITES  # type: ignore[attr-defined]
        elif action.dest == "shell":
            action.choices = SHELLS
        elif action.dest == "words":
            action.choices = tuple(dict.fromkeys((*COMMANDS, *topics())))
        elif action.choices is not None and not isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            action.choices = tuple(action.choices)  # shtab takes a dictionary for subcommands
    script = complete(tree, shell)
    if shell == "zsh":  # allow --option=VALUE beside --option VALUE
        script = re.sub(r'^(  (?:"\*")?(?:"|\{-\w,)--[\w-]+)(\}"\[.*\]:|\[.*\]:)', r"\1=\2", script, flags=re.MULTILINE)
    return f"{script}{SUFFIXES.get(shell, '')}\n"


def _actions(tree: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield every argument of every command."""
    for action in tree._actions:  # noqa: SLF001 - argparse has no other way to ask
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - likewise
            for choice in action.choices.values():
                yield from _actions(choice)
