"""Files of the program itself, which are of no site: its log, the report of a crash, and where everything lives."""

from pathlib import Path


def save_crash(report: str) -> Path:
    """Write the report of a failure of drtui itself; where it is.

    Raises:
        OSError: it cannot be written.
    """
    from drtui.storage.log_file import crashed  # noqa: PLC0415 - platformdirs comes with it

    return crashed(report)


def begin_log(path: Path | None, level: str) -> None:
    """Write what is asked and how it goes into a file.

    Raises:
        OSError: it cannot be written.
    """
    from drtui.storage.log_file import begin  # noqa: PLC0415 - likewise

    begin(path, level)


def save_output(path: Path, body: bytes, *, public: bool) -> None:
    """Write what a command answers into a file that its option names; `public` if others may read it.

    Raises:
        OSError: it cannot be written.
    """
    from drtui.storage.file_io import PRIVATE, PUBLIC, write_output  # noqa: PLC0415 - likewise

    write_output(path, body, PUBLIC if public else PRIVATE)


def places() -> dict[str, Path]:
    """Where files live, by what they are."""
    from drtui.storage.paths import all_places  # noqa: PLC0415 - platformdirs comes with it

    return all_places()
