"""Files of the program itself, which belong to no site: log, crash report, output files and their folders."""

from pathlib import Path


def save_crash(report: str) -> Path:
    """Write the report of a crash of drtui; return its path.

    Raises:
        OSError: the report cannot be written.
    """
    from drtui.storage.log_file import write_crash_report

    return write_crash_report(report)


def begin_log(path: Path | None, level: str) -> None:
    """Log requests and their outcomes to a file.

    Raises:
        OSError: the file cannot be written.
    """
    from drtui.storage.log_file import begin_log

    begin_log(path, level)


def save_output(path: Path, body: bytes, *, public: bool) -> None:
    """Write the output of a command to the file named by an option; readable by others if `public`.

    Raises:
        OSError: the file cannot be written.
    """
    from drtui.storage.file_io import PRIVATE, PUBLIC, write_output

    write_output(path, body, PUBLIC if public else PRIVATE)


def local_paths() -> dict[str, Path]:
    """Return the folders and files of drtui, by kind."""
    from drtui.storage.paths import all_paths

    return all_paths()
