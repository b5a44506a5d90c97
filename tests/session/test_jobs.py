"""The job of a running operation: the latest one on backups that started with the operation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn, cast

import pytest

from drtui.api.client import AdminApi
from drtui.api.errors import Unreachable
from drtui.api.response_metadata import ResponseMetadata
from drtui.core.formatting.durations import MINUTE
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus, Job
from drtui.core.model.site_state import SiteState
from drtui.session.fetch import MAX_JOBS, SiteFetch
from tests.conftest import NOW

BACKUP = "/arcgis/admin/system/disasterrecovery/stores/vault/backup"


class Jobs:
    """A site with an operation started at NOW and these jobs; a job of None cannot be read."""

    def __init__(self, jobs: Mapping[str, Job | None], state: str = "in_progress") -> None:
        self._jobs, self._state = jobs, state

        self.refreshes: list[float | None] = []
        """Seconds of each refresh that began, and None for each that ended."""

    @contextmanager
    def refreshing(self, seconds: float) -> Iterator[None]:
        self.refreshes.append(seconds)
        try:
            yield
        finally:
            self.refreshes.append(None)

    async def status(self, _: ResponseMetadata) -> DrStatus:
        return DrStatus(self._state, 3, "Backup", start=NOW)

    async def jobs(self) -> tuple[str, ...]:
        return tuple(self._jobs)

    async def job(self, name: str) -> Job:
        result = self._jobs[name]
        if result is None:
            raise Unreachable(Failure(FailureKind.UNREACHABLE, "timeout", "no answer"))
        return result


async def job_of_refresh(jobs: Mapping[str, Job | None], state: str = "in_progress") -> str | None:
    """Return the id of the job in the state after a refresh."""
    site_state = SiteState("gis.example.com")
    async for step in SiteFetch(cast("AdminApi", Jobs(jobs, state)), lambda: NOW, 30).operation():
        site_state = step(site_state)
    return site_state.job.value.id if site_state.job is not None and site_state.job.value is not None else None


def job(name: str, start: int | None = NOW, operation: str = BACKUP) -> tuple[str, Job]:
    return name, Job(name, start=start, operation=operation)


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        ([], None),
        ([job("a")], "a"),
        ([job("a", NOW + 5 * MINUTE)], "a"),
        ([job("a", NOW - 5 * MINUTE)], "a"),
        ([job("a", NOW + 5 * MINUTE + 1)], None),
        ([job("a", NOW - 5 * MINUTE - 1)], None),
        ([job("a", None)], None),
        ([job("a", operation="/arcgis/admin/system/upgrade")], None),
        ([job("a", operation="/arcgis/admin/system/upgrade"), job("b", NOW - MINUTE)], "b"),
        ([job("a", NOW + MINUTE), job("b", NOW - MINUTE)], "a"),
        ([("a", None), job("b")], "b"),
        ([job("a"), ("b", None)], "a"),
        ([job("old"), *(job(str(number), NOW - 9 * MINUTE) for number in range(MAX_JOBS - 1))], "old"),
        ([job("old"), *(job(str(number), NOW - 9 * MINUTE) for number in range(MAX_JOBS))], None),
    ],
)
async def test_job_is_the_latest_on_backups_when_it_began_with_the_operation(
    jobs: list[tuple[str, Job | None]], expected: str | None
) -> None:
    assert await job_of_refresh(dict(jobs)) == expected


@pytest.mark.parametrize("state", ["success", "failed", "no_op"])
async def test_job_is_not_asked_for_when_the_operation_is_over(state: str) -> None:
    assert await job_of_refresh(dict([job("a")]), state) is None


class Down(Jobs):
    """A site of which nothing can be read."""

    old_layout = False

    async def _fail(self, *_: object) -> NoReturn:
        raise Unreachable(Failure(FailureKind.UNREACHABLE, "timeout", "no answer"))

    async def status(self, _: ResponseMetadata) -> NoReturn:
        await self._fail()

    stores = site = settings = schedules = _fail


@pytest.mark.parametrize("part", ["steps", "operation"])
async def test_refresh_ends_when_all_answers_came_or_it_is_cancelled(part: str) -> None:
    down = Down({})
    look = SiteFetch(cast("AdminApi", down), lambda: NOW, 7)
    assert [step async for step in getattr(look, part)()]
    assert down.refreshes == [7, None]
    given_up = getattr(look, part)()
    await anext(given_up)
    await given_up.aclose()
    assert down.refreshes == [7, None, 7, None]
