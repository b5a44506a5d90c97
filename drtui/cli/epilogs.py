"""What the help of a command ends with."""

EPILOG = """\
TARGET is a site that config.toml names, its address as a browser shows it, or a file: a saved answer, an export.

examples:
  drtui --demo                                       look around, without a site
  drtui https://gis.example.com/arcgis --user admin  the interface; asks for the password
  drtui list https://gis.example.com/arcgis --token-file token.txt --json
  drtui show nightly-2026-09-20-02-00-09 backups.json

secrets come from files, the environment (DRTUI_TOKEN, DRTUI_PASSWORD) or a prompt, never from an option's value.
exit codes: 0 fine, 1 findings, 2 usage, 3 not reachable or not readable, 4 refused, 130 interrupted;
of check: 0 ok, 1 warning, 2 critical, 3 unknown.
"""

SITES = """\
Each site is graded as by check, against its own target: warning from it on, critical from twice that. What could
not be asked, or is only saved, is unknown. The worst comes first, and the exit code is its own, in this order:
  1 critical, 4 refused or no secret, 3 not reachable, not readable or not asked (--offline), 1 warning, 0 fine.
Secrets come from where config.toml says; DRTUI_TOKEN and DRTUI_PASSWORD are those of one site, and not sent to all.
"""

COMPLETION = """\
Once, or again after an upgrade:
  drtui completion bash > ~/.local/share/bash-completion/completions/drtui
  drtui completion zsh  > ~/.zfunc/_drtui        with fpath+=(~/.zfunc) before compinit in ~/.zshrc
  drtui completion fish > ~/.config/fish/completions/drtui.fish
Options, commands and scenarios are in the script; only the names of sites are asked for, with: drtui completion targets
"""
