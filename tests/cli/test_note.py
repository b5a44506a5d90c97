"""`drtui note`: what is kept of a note, where it is shown, and what refuses one."""

import json
from pathlib import Path

import pytest
from starlette.applications import Starlette

from drtui.core.model.note import MAX_NOTE
from drtui.demo.faults import Faults
from tests.cli.running import run

Capture = pytest.CaptureFixture[str]

KEPT, OTHER = "before-11-4-upgrade", "nightly-2026-09-20-06-00-39"


def shown_texts(capsys: Capture, name: str, site: str, *options: str) -> list[str]:
    """Return the texts of the notes that `show --json` lists."""
    (point,) = json.loads(run(capsys, "show", name, site, "--json", *options).out)["restore_points"]
    return [note["text"] for note in point["notes"]]


def test_note_is_shown_newest_first_when_the_site_lists_its_backup(capsys: Capture, site: str, tmp_path: Path) -> None:
    assert "noted" not in run(capsys, "show", KEPT, site).out
    assert "Notes of your own" not in run(capsys, "runbook", KEPT, site).out + run(capsys, "report", site).out
    for text in ("restored to staging,\n42 min", "again \x1b[31m red"):
        ran = run(capsys, "note", KEPT, text, site)
        assert (ran.code, ran.out.startswith(f"{KEPT} in ")) == (0, True)
    texts = ["again ␛[31m red", "restored to staging, 42 min"]
    assert shown_texts(capsys, KEPT, site) == texts
    assert shown_texts(capsys, OTHER, site) == []
    shown = run(capsys, "show", KEPT, site).out
    assert shown.index(texts[0]) < shown.index(texts[1])
    assert "verified" not in shown
    assert texts[1] in run(capsys, "runbook", KEPT, site).out
    assert texts[1] not in run(capsys, "runbook", OTHER, site).out
    assert f"`{KEPT}` in " in run(capsys, "report", site).out.partition("## Notes of your own")[2]
    assert [note["name"] for note in json.loads(run(capsys, "report", site, "--json").out)["notes"]] == [KEPT, KEPT]
    assert "* 2 notes of another time" in run(capsys, "report", site, "--now", "2026-09-21T14:13:20Z").out

    exported = tmp_path / "site.json"
    run(capsys, "history", "export", site, "--output", str(exported))
    forgotten = run(capsys, "history", "forget", site)
    assert "with its notes; the journal of changes is kept in" in forgotten.err
    assert shown_texts(capsys, KEPT, site) == []
    for _ in range(2):
        imported = run(capsys, "history", "import", str(exported))
        assert (imported.code, " and 2 notes of " in imported.err) == (0, True)
        assert shown_texts(capsys, KEPT, site, "--offline") == texts
    assert shown_texts(capsys, KEPT, str(exported)) == texts


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("no-such-backup", "text"), 1, "No restore point 'no-such-backup'"),
        ((KEPT, " \n "), 2, "The note is empty"),
        ((KEPT, "x" * (MAX_NOTE + 1)), 2, f"at most {MAX_NOTE}"),
        ((KEPT, "text", "--no-history"), 2, "Notes are part of history, which is off"),
        ((KEPT, "text", "--store", "offsite-azure"), 1, "No restore point"),
    ],
    ids=["unknown", "empty", "long", "no history", "other store"],
)
def test_note_is_refused_when_it_cannot_be_kept(
    capsys: Capture, site: str, words: tuple[str, ...], code: int, message: str
) -> None:
    ran = run(capsys, "note", *words[:2], site, *words[2:])
    assert (ran.code, message in ran.err, ran.out) == (code, True, "")
    assert shown_texts(capsys, KEPT, site) == []


def test_note_is_refused_when_the_name_is_ambiguous(capsys: Capture, site: str, app: Starlette) -> None:
    stores = list(app.state.site.backups.values())
    (kept,) = (backup for listed in stores for backup in listed if backup["backupName"] == KEPT)
    for listed in stores:
        listed[:] = [*(backup for backup in listed if backup is not kept), {**kept, "backupName": "twice"}]
    assert run(capsys, "note", "twice", "text", site).code == 2
    for listed in stores:
        listed[:] = [backup for backup in listed if backup["backupName"] != "twice"]
    gone = run(capsys, "note", "twice", "text", site)
    assert (gone.code, "Several deleted backups have the name 'twice'" in gone.err) == (2, True)
    label = gone.err.rpartition(": ")[2].split(", ")[0].strip()
    assert run(capsys, "note", label, "text", site).code == 0


def test_note_is_refused_when_the_target_is_no_site(capsys: Capture) -> None:
    ran = run(capsys, "note", KEPT, "text", "--demo")
    assert (ran.code, "history, which exists for sites only" in ran.err) == (2, True)


def test_note_is_kept_when_the_site_is_down(capsys: Capture, site: str, app: Starlette) -> None:
    run(capsys, "list", site)
    app.state.faults = Faults(status_code=503)
    assert run(capsys, "note", KEPT, "restored elsewhere", site).code == 0
    assert shown_texts(capsys, KEPT, site, "--offline") == ["restored elsewhere"]


def test_note_is_kept_when_only_history_knows_the_backup(capsys: Capture, site: str, app: Starlette) -> None:
    run(capsys, "list", site)
    backups = app.state.site.backups
    store = next(name for name, listed in backups.items() if any(b["backupName"] == KEPT for b in listed))
    backups[store][:] = [backup for backup in backups[store] if backup["backupName"] != KEPT]
    assert run(capsys, "note", KEPT, "restored before it went", site).code == 0
    assert f"`{KEPT}` in `{store}`" in run(capsys, "report", site).out
