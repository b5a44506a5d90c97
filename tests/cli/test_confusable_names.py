"""Names with invisible characters: displayed escaped, accepted in both spellings, requested as the server has them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from drtui.demo.app import make_app
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from tests.cli.running import run
from tests.cli.test_line_mode import run_shell
from tests.conftest import NOW

AT = ("--now", str(NOW))
Capture = pytest.CaptureFixture[str]
STORE = "vault\u200b"
NAMES = ("night\u202e", "night\u202d", "night<202E>", "night")
SHOWN = ("night<202E>", "night<202D>", "night<003C>202E>", "night")


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a site with one store, whose backups have names that look alike."""
    app = make_app("calm", now=NOW)
    site = app.state.site
    records = site.backups["nightly-pv"][-len(NAMES) :]
    site.stores = [{**site.stores[0], "name": STORE}]
    site.backups = {
        STORE: [
            {**record, "backupName": name, "backupStore": STORE} for record, name in zip(records, NAMES, strict=True)
        ]
    }
    with serving(app) as where:
        yield where.url


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)


def listed(capsys: Capture, *arguments: str) -> list[Any]:
    ran = run(capsys, *arguments, *AT, "--json")
    assert (ran.code, ran.err) == (0, "")
    points: list[Any] = json.loads(ran.out)["restore_points"]
    return points


def test_list_shows_four_names_when_they_look_alike(capsys: Capture, site: str) -> None:
    points = listed(capsys, "list", site)
    assert sorted((point["store"], point["name"]) for point in points) == sorted(
        ("vault<200B>", name) for name in SHOWN
    )
    table = run(capsys, "list", site, *AT).out
    assert all(f"{name} " in table for name in SHOWN)
    assert all(line.isprintable() or line == "\n" for line in table)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *zip(SHOWN, SHOWN, strict=True),
        ("night\u202e", "night<202E>"),
        ("night\u202d", "night<202D>"),
        ("vault\u200b/night\u202d", "night<202D>"),
        ("vault<200B>/night<202D>", "night<202D>"),
    ],
)
def test_show_accepts_a_name_in_displayed_or_server_spelling(capsys: Capture, site: str, typed: str, name: str) -> None:
    assert [point["name"] for point in listed(capsys, "show", typed, site)] == [name]


@pytest.mark.parametrize("store", [STORE, "vault<200B>"])
def test_store_option_accepts_displayed_or_server_spelling(capsys: Capture, site: str, store: str) -> None:
    assert len(listed(capsys, "list", site, "--store", store)) == len(NAMES)


def test_runbook_requests_the_server_spelling_of_a_name(capsys: Capture, site: str) -> None:
    path = "/stores/vault%E2%80%8B/backups/{}/restore"
    assert path.format("night%E2%80%AE") in run(capsys, "runbook", "night<202E>", site, *AT).out
    assert path.format("night%3C202E%3E") in run(capsys, "runbook", "night<003C>202E>", site, *AT).out


def test_list_has_the_same_names_when_offline(capsys: Capture, site: str) -> None:
    before = listed(capsys, "list", site)
    ran = run(capsys, "list", site, *AT, "--offline", "--json")
    again = json.loads(ran.out)["restore_points"]
    assert [point["name"] for point in again] == [point["name"] for point in before]
    assert {point["change"] for point in again} == {None}


def test_shell_shows_the_restore_point_when_its_number_is_given(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, site: str
) -> None:
    names = [point["name"] for point in listed(capsys, "list", site)]
    assert sorted(names) == sorted(SHOWN)
    for number, name in enumerate(names, 1):
        assert f"\n{name}\n" in run_shell(capsys, monkeypatch, f"show {number}", of=(site,)).out
