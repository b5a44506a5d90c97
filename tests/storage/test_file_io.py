"""Files named by options: new ones are private, links are not followed, devices keep their modes."""

import contextlib
import logging
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drtui.storage.file_io import open_device, write_atomic, write_output
from drtui.storage.log_file import LOGGER, begin_log, write_crash_report
from drtui.storage.paths import log_file

LINE = "asked and answered"
Write = Callable[[Path, bytes], None]


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture
def log() -> Iterator[None]:
    """Close every log that the test opened."""
    before = [*LOGGER.handlers]
    yield
    for handler in LOGGER.handlers[:]:
        if handler not in before:
            LOGGER.removeHandler(handler)
            handler.close()
    LOGGER.setLevel(logging.NOTSET)


def logged(path: Path) -> None:
    begin_log(path, "info")
    LOGGER.info(LINE)


@pytest.mark.parametrize("kind", ["new", "open to all", "link", "dangling link", "hard link", "link to a link"])
def test_write_output_makes_a_private_file_when_something_is_there(tmp_path: Path, kind: str) -> None:
    path, target = tmp_path / "path", tmp_path / "other"
    if kind == "open to all":
        path.write_text("before")
        path.chmod(0o644)
    elif kind != "new":
        if kind != "dangling link":
            target.write_text("precious")
            target.chmod(0o644)
        if kind == "link to a link":
            (tmp_path / "between").symlink_to(target)
        path.hardlink_to(target) if kind == "hard link" else path.symlink_to(
            tmp_path / "between" if kind == "link to a link" else target
        )
    write_output(path, b"written")
    assert path.read_bytes() == b"written"
    assert stat.S_ISREG(path.lstat().st_mode)
    assert mode_of(path) == 0o600
    if target.exists():
        assert (target.read_text(), mode_of(target)) == ("precious", 0o644)
    assert target.exists() == (kind in {"link", "hard link", "link to a link"})


def test_write_atomic_sets_the_mode_when_others_may_read(tmp_path: Path) -> None:
    write_atomic(tmp_path / "metrics", b"x", 0o644)
    assert mode_of(tmp_path / "metrics") == 0o644


@pytest.mark.parametrize("write", [write_output, lambda path, _: logged(path)], ids=["output", "log"])
@pytest.mark.parametrize("name", ["/dev/null", "link"])
@pytest.mark.usefixtures("log")
def test_device_keeps_its_mode_when_written_to(tmp_path: Path, name: str, write: Write) -> None:
    path = Path(name)
    if name == "link":
        path = tmp_path / "link"
        path.symlink_to("/dev/null")
    before = Path("/dev/null").stat()
    write(path, b"x")
    after = Path("/dev/null").stat()
    assert (after.st_mode, after.st_ino) == (before.st_mode, before.st_ino)
    assert path.is_symlink() == (name == "link")


@pytest.mark.parametrize("write", [write_output, lambda path, _: logged(path)], ids=["output", "log"])
@pytest.mark.usefixtures("log")
def test_pipe_is_written_to_when_somebody_reads(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path, 0o644)
    with pytest.raises(OSError, match="No such device"):
        write(path, b"nobody reads")
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    write(path, LINE.encode())
    assert LINE.encode() in os.read(reader, 1_000)
    os.close(reader)
    assert (stat.S_ISFIFO(path.stat().st_mode), mode_of(path)) == (True, 0o644)


def test_write_output_uses_the_open_file_when_named_by_dev_fd(tmp_path: Path) -> None:
    with (tmp_path / "stdout").open("wb") as file:
        os.fchmod(file.fileno(), 0o644)
        name = Path(f"/dev/fd/{file.fileno()}")
        write_output(name, b"whole")
        assert name.is_symlink()
    assert ((tmp_path / "stdout").read_bytes(), mode_of(tmp_path / "stdout")) == (b"whole", 0o644)


def test_write_output_leaves_what_was_there_when_it_fails(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_output(tmp_path / "folder", b"x")
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


@pytest.mark.usefixtures("log")
def test_log_is_appended_to_and_made_private_when_others_could_read_it(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("before\n")
    path.chmod(0o644)
    logged(path)
    assert path.read_text().startswith("before\n")
    assert LINE in path.read_text()
    assert mode_of(path) == 0o600


@pytest.mark.usefixtures("log")
def test_log_takes_the_place_of_a_link_when_there_is_one(tmp_path: Path) -> None:
    path, target = tmp_path / "log", tmp_path / "other"
    target.write_text("precious")
    target.chmod(0o644)
    path.symlink_to(target)
    logged(path)
    assert (target.read_text(), mode_of(target)) == ("precious", 0o644)
    assert LINE in path.read_text()
    assert (path.is_symlink(), mode_of(path)) == (False, 0o600)


def test_crash_report_takes_the_place_of_a_link_when_there_is_one(tmp_path: Path) -> None:
    target = tmp_path / "other"
    target.write_text("precious")
    path = write_crash_report("first")
    path.unlink()
    path.symlink_to(target)
    assert write_crash_report("second") == path
    assert (path.read_text(), target.read_text(), mode_of(path)) == ("second", "precious", 0o600)


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("level", "expected"),
    [("debug", ["debug", "info", "warning"]), ("info", ["info", "warning"]), ("warning", ["warning"])],
)
def test_begin_writes_what_the_program_logs_to_the_usual_place_when_no_file_is_named(
    level: str, expected: list[str]
) -> None:
    begin_log(None, level)
    for name in ("debug", "info", "warning"):
        getattr(logging.getLogger("drtui"), name)("of %s", name)
    lines = log_file().read_text().splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == [f"{name.upper()} of {name}" for name in expected]
    assert mode_of(log_file()) == 0o600


@pytest.mark.parametrize("kind", ["pipe", "open file"])
def test_open_device_appends_and_waits_when_it_is_written_to(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "file"
    path.write_text("before ")
    with contextlib.ExitStack() as stack:
        if kind == "pipe":
            path = tmp_path / "pipe"
            os.mkfifo(path)
            reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        else:
            reader = os.open(path, os.O_RDWR)
            path = Path(f"/dev/fd/{reader}")
        stack.callback(os.close, reader)
        handle = open_device(path)
        stack.callback(os.close, handle)
        assert os.get_blocking(handle)
        os.write(handle, b"after")
        assert os.read(reader, 100) == (b"after" if kind == "pipe" else b"before after")


@pytest.mark.usefixtures("log")
def test_log_on_a_pipe_has_escapes_when_a_text_has_no_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LOGGER, "propagate", False)  # pytest-xdist cannot send such a text
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        begin_log(path, "info")
        LOGGER.info("odd \ud800 text")
        assert os.read(reader, 1_000).endswith(b" INFO odd \\ud800 text\n")
    finally:
        os.close(reader)


@pytest.mark.usefixtures("log")
def test_log_in_a_file_has_escapes_when_a_text_has_no_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LOGGER, "propagate", False)  # pytest-xdist cannot send such a text
    begin_log(tmp_path / "log", "info")
    LOGGER.info("odd \ud800 text")
    assert (tmp_path / "log").read_bytes().endswith(b" INFO odd \\ud800 text\n")


@pytest.mark.usefixtures("log")
def test_begin_closes_the_log_before_when_it_begins_another(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    logged(first)
    written = first.read_text()
    (handler,) = LOGGER.handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = handler.stream
    logged(second)
    assert stream.closed
    assert first.read_text() == written
    assert second.read_text().count(LINE) == 1
