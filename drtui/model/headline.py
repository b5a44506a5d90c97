"""The answer that needs no key: could we restore now, from what, and how old is it."""

from collections.abc import Iterator

from drtui.model.catalog import RestorePoint
from drtui.model.exposure import Exposure, is_whole
from drtui.model.moment import age
from drtui.model.reading import Reading
from drtui.model.statement import Statement
from drtui.model.verdict import Level
from drtui.model.words import count


def headline(reading: Reading, exposure: Exposure, points: tuple[RestorePoint, ...]) -> tuple[Statement, ...]:
    """What is known of the site's safety, most important first; never empty."""
    if reading.stores is None:
        return (Statement(f"Asking {reading.place} …", "muted"),)
    if reading.stores.trouble is not None and reading.stores.value is None:
        return (
            Statement(f"Cannot tell: {reading.stores.trouble.what}", "bad"),
            Statement(f"{reading.stores.trouble.cause} {reading.stores.trouble.advice}".strip(), "warn"),
        )
    return (*_newest(reading, exposure, points), *_besides(reading, exposure, points))


def _newest(reading: Reading, exposure: Exposure, points: tuple[RestorePoint, ...]) -> Iterator[Statement]:
    """The newest usable restore point, or why there is none."""
    newest = exposure.newest
    if newest is None:
        yield from _nothing(reading, points)
        return
    old = age(exposure.age or 0)
    against = (
        f"within the target of {age(exposure.target)}" if exposure.met else f"past the target of {age(exposure.target)}"
    )
    name = newest.backup.name
    yield Statement(f"Newest usable restore point: {old} old, {against} - {name}", "good" if exposure.met else "bad")


def _nothing(reading: Reading, points: tuple[RestorePoint, ...]) -> Iterator[Statement]:
    """Why nothing can be restored, as far as that is known."""
    if not points and not reading.complete:
        yield Statement("Reading the restore points …", "muted")
    elif not is_whole(reading):
        yield Statement("Cannot tell: not every store could be read, and the others hold nothing usable", "bad")
    elif not points:
        yield Statement("Nothing restorable: there are no restore points", "bad")
    else:
        newest = max(points, key=lambda point: point.backup.start or 0)
        certain = newest.verdict.level is not Level.CANNOT_TELL
        words = "Nothing restorable here" if certain else "Not known to be restorable"
        yield Statement(f"{words}: {newest.verdict.main.text}", "bad" if certain else "warn")


def _besides(reading: Reading, exposure: Exposure, points: tuple[RestorePoint, ...]) -> Iterator[Statement]:
    """What else one has to know."""
    running = next((p for p in points if p.verdict.level is Level.RUNNING), None)
    if running is not None:
        yield Statement(f"A backup is running: {running.backup.name}", "warn")
    status = reading.status.value if reading.status else None
    if status is not None and status.operation.strip().lower() == "restore":
        yield Statement(
            f"Last operation: a restore of {status.backup}, {status.state} {status.message}".rstrip(), "warn"
        )
    naive = exposure.naive
    if naive is not None and exposure.newest is not None and naive.id != exposure.newest.id:
        yield Statement(f"A pipeline would take {naive.backup.name}: {naive.verdict.main.text}", "warn")
    failed = reading.troubles
    if failed:
        names = ", ".join(name for name, _ in failed)
        yield Statement(f"Could not be read: {names} ({failed[0][1].said or failed[0][1].what})", "warn")
    if exposure.newest is not None and not failed:
        yield Statement(count(len(points), "restore point", "restore points") + " in all stores", "muted")
