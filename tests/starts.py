"""Count how often a test run starts the interface, and fail a default run that does so too often."""

import sys
from functools import wraps
from typing import Any

import pytest

MOST = 200
"""Starts within which the default suite stays quick: each costs as much as many tests of values."""

REPORTED = "interface_starts"
"""Key under which a worker of xdist reports its count."""


class Starts:
    """A pytest plugin that counts starts over all workers."""

    def __init__(self, most: int = MOST) -> None:
        self.count = 0
        self.most = most

    def add(self) -> None:
        """Count one start."""
        self.count += 1

    @property
    def excess(self) -> str:
        """Return the report of too many starts; "" if there were not."""
        if self.count <= self.most:
            return ""
        return (
            f"The default suite started the interface {self.count} times, at most {self.most} are allowed. "
            "Share an interface within the file, prove a rule without one, or mark matrices as `full`."
        )

    def pytest_collection_finish(self) -> None:
        """Count from now on; a run that collected no test of the interface has not imported Textual."""
        textual: Any = sys.modules.get("textual.app")
        for name in ("run_test", "run_async") if textual is not None else ():
            setattr(textual.App, name, self._counted(getattr(textual.App, name)))

    def _counted(self, start: Any) -> Any:
        @wraps(start)
        def counted(*arguments: Any, **options: Any) -> Any:
            self.add()
            return start(*arguments, **options)

        return counted

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker has counted; one that crashed has reported nothing."""
        self.count += getattr(node, "workeroutput", {}).get(REPORTED, 0)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Report the count to the controller, or fail the run."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[REPORTED] = self.count
        elif self.excess and is_default(session.config):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """Write the count."""
        if self.excess and is_default(config):
            terminalreporter.write_line(self.excess, red=True, bold=True)
        elif self.count:
            terminalreporter.write_line(f"The interface was started {self.count} times.")


def is_default(config: pytest.Config) -> bool:
    """True if the run leaves out what is marked `full`."""
    return "not full" in config.option.markexpr


STARTS = Starts()
"""The starts of this run."""
