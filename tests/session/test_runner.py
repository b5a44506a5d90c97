"""The exit of the program does not wait for threads."""

import asyncio
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from drtui.session.runner import Threads, run


@pytest.fixture
def blocking_call() -> Iterator[tuple[Callable[[], bool], Event, list[bool]]]:
    """A blocking call of one minute: when it began, and its result."""
    started, released, results = Event(), Event(), list[bool]()

    def hang() -> bool:
        started.set()
        results.append(released.wait(60))
        return results[0]

    yield hang, started, results
    released.set()


Hanging = tuple[Callable[[], bool], Event, list[bool]]


def test_run_leaves_threads_behind_when_they_still_wait(blocking_call: Hanging) -> None:
    hang, started, results = blocking_call
    threads = Threads()
    threads.submit(hang)
    assert started.wait(60)
    threads.shutdown(wait=True)
    assert not results


def test_command_does_not_wait_for_threads_when_its_time_is_up(blocking_call: Hanging) -> None:
    hang, started, results = blocking_call

    async def look() -> None:
        task = asyncio.create_task(asyncio.to_thread(hang))
        await asyncio.to_thread(started.wait, 60)
        async with asyncio.timeout(0):
            await task

    with pytest.raises(TimeoutError):
        run(look())
    assert not results


class Answer:
    """A result that counts how often it is described."""

    descriptions = 0

    def __repr__(self) -> str:
        self.descriptions += 1
        return "Answer()"


async def make_answer() -> Answer:
    return Answer()


def test_run_describes_no_result_when_it_ends() -> None:
    answer = run(make_answer())
    assert isinstance(answer, Answer)
    assert answer.descriptions == 0
