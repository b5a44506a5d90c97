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

CHECK = """\
0 ok, 1 warning, 2 critical, 3 unknown; the exit code is the grade, whatever becomes of standard output.
Unknown: stores, one of their lists, or the release could not be read now and whole, or nothing can be told of any
restore point. What else could not be read (schedules, status, settings) is said, and makes it unknown with --strict.
The first line has at most 1,000 bytes; what has no room in it follows, a finding a line.
A FILE is unknown as well, because nobody was asked. To judge it as of a moment, give --now TIME; --now saved is the
moment at which it was read. The line then begins with that moment.
For node_exporter's textfile collector, in a file for each site (mode 0644; any other format 0600):
  drtui check prod --format prometheus --output /var/lib/node_exporter/drtui-prod.prom
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
