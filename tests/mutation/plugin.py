"""A plugin of pytest that records which test executes which line, how long each test takes, and whether it passes.

Loaded by the driver with `-p tests.mutation.plugin`; it writes JSON into the file that MUTATION_RECORD names.
"""

import json
import os
from collections.abc import Generator
from pathlib import Path

import coverage
import pytest

RECORD = "MUTATION_RECORD"


class Recorder:
    """The record of one run."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._data = path.with_suffix(".coverage")
        self._coverage = coverage.Coverage(data_file=str(self._data), source=["drtui"], config_file=False)
        self._seconds: dict[str, float] = {}
        self._failed: set[str] = set()
        self._coverage.start()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Attribute the following lines to the test, its fixtures included."""
        self._coverage.switch_context(item.nodeid)
        result = yield
        self._coverage.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up the seconds of a test."""
        self._seconds[report.nodeid] = self._seconds.get(report.nodeid, 0.0) + report.duration
        if not report.passed:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write the record."""
        self._coverage.stop()
        self._coverage.save()
        data = self._coverage.get_data()
        root = Path.cwd()
        seconds = {test: round(took, 4) for test, took in self._seconds.items() if test not in self._failed}
        number = {test: position for position, test in enumerate(seconds)}
        lines = {
            str(Path(file).relative_to(root)): {
                str(line): sorted(number[test] for test in tests if test in number)
                for line, tests in data.contexts_by_lineno(file).items()
            }
            for file in sorted(data.measured_files())
        }
        record = {"seconds": seconds, "lines": lines}
        self._path.write_text(json.dumps(record), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Start recording, if a file is given."""
    if RECORD in os.environ:
        config.pluginmanager.register(Recorder(Path(os.environ[RECORD])))
