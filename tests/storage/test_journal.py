"""The journal of changes on disk: private, append-only, and readable after a kill."""

import os
import resource
import signal
import stat
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from drtui.core.model.reply import Reply, ReplyKind
from drtui.core.operations.journal import Ended, Intent, Replied, event_to_json
from drtui.core.operations.outcome import Outcome
from drtui.core.operations.request import request_of
from drtui.storage.journal import FileJournal, JournalError, MemoryJournal
from drtui.storage.paths import journal_file
from tests import processes
from tests.conftest import NOW
from tests.core.operations.facts import CREATE


def intent(identity: str) -> Intent:
    return Intent(identity, NOW, "https://gis.example.com/arcgis", CREATE, request_of(CREATE))


@pytest.fixture
def journal(tmp_path: Path) -> FileJournal:
    return FileJournal(tmp_path / "state")


@pytest.mark.parametrize("in_memory", [True, False])
def test_journal_returns_what_was_appended(journal: FileJournal, in_memory: bool) -> None:
    written = MemoryJournal() if in_memory else journal
    written.check_writable()
    for event in (intent("a"), Replied("a", NOW, Reply(ReplyKind.LOST)), intent("b"), Ended("a", NOW, Outcome.DONE)):
        written.append(event)
    contents = written.read()
    assert [(entry.id, entry.outcome) for entry in contents.entries] == [("a", Outcome.DONE), ("b", None)]
    assert contents.unread_lines == 0


def test_journal_is_empty_when_there_is_no_file(journal: FileJournal) -> None:
    assert journal.read().entries == ()


def test_journal_is_private_whatever_the_umask_and_mode_before(journal: FileJournal) -> None:
    mask = os.umask(0)
    try:
        journal.append(intent("a"))
        journal.path.chmod(0o644)
        journal.append(intent("b"))
    finally:
        os.umask(mask)
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700


def test_journal_is_kept_beside_the_history_by_default(tmp_path: Path) -> None:
    FileJournal().append(intent("a"))
    assert journal_file() == tmp_path / "state" / "drtui" / "journal.jsonl"
    assert len(FileJournal().read().entries) == 1


@pytest.mark.parametrize("length", [1, 20, 200])
def test_journal_loses_only_the_line_that_a_killed_program_left_incomplete(journal: FileJournal, length: int) -> None:
    journal.append(intent("a"))
    with journal.path.open("ab") as file:
        file.write(b"\n" + event_to_json(intent("torn"))[:length])
    journal.append(intent("b"))
    contents = journal.read()
    assert [entry.id for entry in contents.entries] == ["a", "b"]
    assert contents.unread_lines == 1


WRITER = """
import sys
from pathlib import Path
from tests.storage.test_journal import intent
from drtui.storage.journal import FileJournal
for number in range(60):
    FileJournal(Path(sys.argv[1])).append(intent(f"{sys.argv[2]}{number}"))
"""


def test_two_programs_do_not_mix_their_lines(journal: FileJournal) -> None:
    with ExitStack() as stack:
        commands = ([sys.executable, "-c", WRITER, str(journal.path.parent), name] for name in ("x", "y"))
        programs = [stack.enter_context(processes.started(command)) for command in commands]
        assert [program.wait(processes.PATIENCE) for program in programs] == [0, 0]
    contents = journal.read()
    expected = {f"{name}{number}" for name in "xy" for number in range(60)}
    assert ({entry.id for entry in contents.entries}, contents.unread_lines) == (expected, 0)


def test_journal_refuses_a_link_that_somebody_else_may_have_made(journal: FileJournal, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("untouched")
    journal.path.parent.mkdir()
    journal.path.symlink_to(target)
    with pytest.raises(JournalError):
        journal.append(intent("a"))
    assert target.read_text() == "untouched"


def test_journal_error_names_the_file_when_it_cannot_be_written(journal: FileJournal) -> None:
    journal.path.mkdir(parents=True)
    for act in (journal.check_writable, lambda: journal.append(intent("a")), journal.read):
        with pytest.raises(JournalError, match=r"journal\.jsonl"):
            act()


def test_append_raises_when_the_disk_is_full(journal: FileJournal) -> None:
    journal.append(intent("a"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.path.stat().st_size + 10, limits[1]))
    try:
        with pytest.raises(JournalError):
            journal.append(intent("b"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    journal.append(intent("c"))
    contents = journal.read()
    assert ([entry.id for entry in contents.entries], contents.unread_lines) == (["a", "c"], 1)
