"""Leaving waits for nobody."""

from threading import Event

from drtui.ui.app import Threads


def test_threads_that_still_wait_for_something_are_left_behind() -> None:
    waiting, begun = Event(), Event()

    def wait() -> bool:
        begun.set()
        return waiting.wait(60)

    threads = Threads()
    task = threads.submit(wait)
    assert begun.wait(60)
    threads.shutdown(wait=True)
    assert not task.done()
    waiting.set()
    assert task.result(60)
