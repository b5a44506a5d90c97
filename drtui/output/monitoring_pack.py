"""Ready files for monitoring systems: alert rules, a dashboard, units and definitions."""

from pathlib import Path

FOLDER = Path(__file__).parent / "monitoring_files"

PARTS = {
    "rules": ("rules.yml",),
    "dashboard": ("dashboard.json",),
    "systemd": ("drtui-check@.service", "drtui-check@.timer"),
    "systemd-service": ("drtui-check@.service",),
    "systemd-timer": ("drtui-check@.timer",),
    "icinga": ("icinga2.conf",),
    "nagios": ("nagios.cfg",),
    "cronjob": ("cronjob.yaml",),
}
"""Names of files by the word that prints them."""


def monitoring_text(part: str) -> str:
    """Return the file of a part; several files each come after a comment line with their names."""
    names = PARTS[part]
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in names}
    if len(names) == 1:
        return texts[names[0]]
    return "\n".join(f"#### {name}\n{text}" for name, text in texts.items())
