"""The exit of the program does not wait for threads."""

import asyncio
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from drtui.session.runner import Threads, run


@pytest.fixture
def hanging() -> Iterator[tuple[Callable[[], bool], Event, list[bool]]]:
    """A blocking call of one minute: when it began, and its result."""
    begun, released, brought = Event(), Event(), list[bool]()

    def hang() -> bool:
        begun.set()
        brought.append(released.wait(60))
        return brought[0]

    yield hang, begun, brought
    released.set()


Hanging = tuple[Callable[[], bool], Event, list[bool]]


def test_run_leaves_threads_behind_when_they_still_wait(hanging: Hanging) -> None:
    hang, begun, brought = hanging
    threads = Threads()
    threads.submit(hang)
    assert begun.wait(60)
    threads.shutdown(wait=True)
    assert not brought


def test_command_does_not_wait_for_threads_when_its_time_is_up(hanging: Hanging) -> None:
    hang, begun, brought = hanging

    async def look() -> None:
        task = asyncio.create_task(asyncio.to_thread(hang))
        await asyncio.to_thread(begun.wait, 60)
        async with asyncio.timeout(0):
            await task

    with pytest.raises(TimeoutError):
        run(look())
    assert not brought
