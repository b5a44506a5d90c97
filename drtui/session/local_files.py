"""Files of the program itself, which are of no site: its log, the report of a crash, and where everything lives."""

from pathlib import Path


def save_crash(report: str) -> Path:
    """Write the report of a failure of drtui itself; where it is.

    Raises:
        OSError: it cannot be written.
    """
    from drtui.storage.log_file import write_crash_report  # noqa: PLC0415 - platformdirs comes with it

    return write_crash_report(report)


def begin_log(path: Path | None, level: str) -> None:
    """Write what is asked and how it goes into a file.

    Raises:
        OSError: it cannot be written.
    """
    from drtui.storage.log_file import begin_log  # noqa: PLC0415 - likewise

    begin_log(path, level)


def save_output(path: Path, body: bytes, *, public: bool) -> None:
    """Write what a command answers into a file that its option names; `public` if others may read it.

    Raises:
        OSError: it cannot be written.
    """
    from drtui.storage.file_io import PRIVATE, PUBLIC, write_output  # noqa: PLC0415 - likewise

    write_output(path, body, PUBLIC if public else PRIVATE)


def local_paths() -> dict[str, Path]:
    """Where files live, by what they are."""
    from drtui.storage.paths import all_paths  # noqa: PLC0415 - platformdirs comes with it

    return all_paths()
