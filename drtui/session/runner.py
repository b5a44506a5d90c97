"""Run coroutines with worker threads that are not waited for at the end.

Threads look up host names, and read and write files. asyncio itself waits for them at the end, up to minutes for a
silent name server or a locked file.
"""

import asyncio
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Self, TypeVar

T = TypeVar("T")

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
"""Parameters of `mallopt` (malloc.h of glibc)."""

LARGE = 128 << 10
"""Bytes from which on a freed block is returned to the system at once; the initial value of glibc."""


class Threads(ThreadPoolExecutor):
    """Threads that are abandoned at the end."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - signature of the base class
        """Accept no more work, and return without waiting."""
        super().shutdown(wait=False, cancel_futures=True)


class Runner:
    """A runner for several coroutines, whose threads are abandoned at the end and whose tasks keep no result.

    `signal.getsignal` describes the handler that asyncio installs, and with it the task and its result, and drops the
    text again: a quarter of the processor time of `drtui sites`.
    """

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._runner.get_loop().set_default_executor(Threads())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine and return its result."""
        results: list[T] = []

        async def keep_result() -> None:
            results.append(await coroutine)

        try:
            self._runner.run(keep_result())
        finally:
            coroutine.close()  # if it was interrupted before it began
        return results[0]


def run(coroutine: Coroutine[None, None, T]) -> T:
    """Run a coroutine and return its result."""
    with Runner() as loop_runner:
        return loop_runner.run(coroutine)


def limit_malloc_arenas() -> None:
    """Make glibc return freed memory to the system. Call this before starting threads.

    By default each thread has an arena of its own, whose free memory other threads cannot use. Each large freed block
    also raises the size from which blocks are allocated outside the arenas, where they leave holes (mallopt(3)): 14 MiB
    after a refresh with 100,000 restore points. Other C libraries are left alone.
    """
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(M_ARENA_MAX, 1)
            mallopt(M_MMAP_THRESHOLD, LARGE)
