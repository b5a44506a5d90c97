"""Run a target over many inputs; find those that fail, shrink them, and print how to repeat them."""

import base64
import json
import random
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NamedTuple

from tests.fuzz.makers import Maker
from tests.fuzz.mutate import PLANTED

TRACED = 40
"""One in this many inputs is traced line by line, which is slow, to find inputs that reach new lines."""

PATIENCE = 20.0
"""Seconds after which an input counts as endless."""

MOST_TRIES = 2_000
"""Limit for shrinking an input."""


class Target(NamedTuple):
    """One surface: its inputs, and what must hold for its output."""

    name: str
    maker: Callable[[], Maker]
    run: Callable[[bytes], None]
    """Function that catches the documented exceptions of the surface; any other exception is a finding."""
    weight: float = 1.0
    """Share of the inputs."""


class Finding(NamedTuple):
    """An input that failed."""

    target: str
    failure: str
    """Exception, and where it was raised."""
    trace: str
    body: bytes

    def __str__(self) -> str:
        again = base64.b64encode(self.body).decode()
        return (
            f"{self.target}: {self.failure}\n{self.trace}  input: {self.body[:600]!a}\n"
            f"  again: python -m tests.fuzz --only {self.target!r} --input {again}"
        )


class TooLongError(Exception):
    """An input that did not end in time."""


def fuzz(target: Target, inputs: int, seed: str, patience: float = PATIENCE) -> list[Finding]:
    """Return the findings of this number of inputs, each kind once."""
    chance, maker, lines = random.Random(f"{seed}/{target.name}"), target.maker(), Lines()  # noqa: S311 - repeatable
    findings: dict[str, Finding] = {}
    for number in range(inputs):
        body = maker.make(chance)
        traced = number % TRACED == 0
        with lines.followed() if traced else _unfollowed():
            finding = tried(target, body, patience)
        if traced and lines.fresh():
            maker.keep()
        if finding is not None and finding.failure not in findings:
            findings[finding.failure] = smaller(target, finding, patience)
    return list(findings.values())


def tried(target: Target, body: bytes, patience: float = PATIENCE) -> Finding | None:
    """Return the failure of one input; None if there is none."""
    try:
        with _limited(patience):
            target.run(body)
    except Exception as error:  # noqa: BLE001 - any exception is a finding
        last = traceback.extract_tb(error.__traceback__)[-1]
        failure = f"{type(error).__name__} at {last.name}:{last.lineno}"
        lines = [f"  {line}\n" for line in "".join(traceback.format_exception(error)).splitlines()[-12:]]
        return Finding(target.name, failure, "".join(line[:300] for line in lines), body)
    return None


def smaller(target: Target, finding: Finding, patience: float = PATIENCE) -> Finding:
    """Return a smaller input with the same failure; greedy, and limited in time."""
    tries = MOST_TRIES if "TooLong" not in finding.failure else 0
    shrinking = True
    while shrinking and tries > 0:
        shrinking = False
        for body in _less(finding.body):
            tries -= 1
            less = tried(target, body, patience)
            if less is not None and less.failure == finding.failure:
                finding, shrinking = less, True
                break
            if tries <= 0:
                break
    return finding


def _less(body: bytes) -> Iterator[bytes]:
    """Yield smaller inputs: without an entry of the JSON, or without a run of bytes."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, (dict, list)):
        for path in _paths(whole):
            copy = json.loads(body)
            holder = copy
            for step in path[:-1]:
                holder = holder[step]
            del holder[path[-1]]
            less = json.dumps(copy).encode()
            if len(less) < len(body):
                yield less
    # Within a text, the prefix that marks a planted secret might be cut.
    if PLANTED.encode() in body:
        return
    size = len(body) // 2
    while size:
        for at in range(0, len(body), size):
            yield body[:at] + body[at + size :]
        size //= 2


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything that could be left out, the outermost first."""
    keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    yield from ((*path, key) for key in keys)
    for key in keys:
        if isinstance(value[key], (dict, list)) and len(path) < 50:
            yield from _paths(value[key], (*path, key))


class Lines:
    """Steps from line to line of drtui that were ever taken."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, int, int]] = set()
        self._last = 0
        self._before = 0

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Count every step during the block."""
        former = sys.gettrace()
        sys.settrace(self._called)
        try:
            yield
        finally:
            sys.settrace(former)

    def fresh(self) -> bool:
        """Return True if a step was taken for the first time since the last call."""
        before, self._before = self._before, len(self._seen)
        return self._before > before

    def _called(self, frame: FrameType, _event: str, _: Any) -> Any:
        return self._stepped if "/drtui/" in frame.f_code.co_filename else None

    def _stepped(self, frame: FrameType, _event: str, _: Any) -> Any:
        self._seen.add((frame.f_code.co_filename, self._last, frame.f_lineno))
        self._last = frame.f_lineno
        return self._stepped


@contextmanager
def _unfollowed() -> Iterator[None]:
    yield


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Interrupt the block after this time; never with 0."""
    if not seconds:
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooLongError

    former = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
