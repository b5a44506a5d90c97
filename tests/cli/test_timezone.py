"""The user's time zone from `TZ` or the system."""

import shutil
from pathlib import Path
from zoneinfo import TZPATH

import pytest

from drtui.cli.timezone import local_zone
from drtui.core.formatting.times import UTC, format_full

SUMMER, WINTER = 1_782_914_400_000, 1_798_722_000_000
"""2026-07-01 14:00 and 2026-12-31 13:00, UTC."""


def offsets(zone: object) -> list[str]:
    return [format_full(moment, zone)[-6:] for moment in (SUMMER, WINTER)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Europe/Berlin", ["+02:00", "+01:00"]),
        (":Europe/Berlin", ["+02:00", "+01:00"]),
        ("/usr/share/zoneinfo/Europe/Berlin", ["+02:00", "+01:00"]),
        (":/usr/share/zoneinfo/Europe/Berlin", ["+02:00", "+01:00"]),
        ("CET-1CEST,M3.5.0,M10.5.0/3", ["+02:00", "+01:00"]),
        ("EST5", ["-05:00", "-05:00"]),
        ("<+0530>-5:30", ["+05:30", "+05:30"]),
        ("UTC+2", ["-02:00", "-02:00"]),  # POSIX counts westward, as `date` does
        ("Mars/Phobos", ["+00:00", "+00:00"]),
        ("../../etc/passwd", ["+00:00", "+00:00"]),
        ("Etc/UTC", ["+00:00", "+00:00"]),
    ],
)
def test_local_zone_equals_the_zone_of_date(monkeypatch: pytest.MonkeyPatch, name: str, expected: list[str]) -> None:
    monkeypatch.setenv("TZ", name)
    assert offsets(local_zone()) == expected


def test_local_zone_is_read_from_a_link_or_a_copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TZ", "")
    there = next((path for folder in TZPATH if (path := Path(folder, "Europe/Berlin")).exists()), None)
    if there is None:
        pytest.skip("this machine has no zones of its own")
    (tmp_path / "link").symlink_to(there)
    shutil.copy(there, tmp_path / "copy")
    (tmp_path / "wrong").write_text("no zone")
    for name, expected in (("link", ["+02:00", "+01:00"]), ("copy", ["+02:00", "+01:00"])):
        assert offsets(local_zone(tmp_path / name)) == expected
    assert local_zone(tmp_path / "wrong") is UTC
    assert local_zone(tmp_path / "none") is UTC
