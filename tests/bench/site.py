"""A site with any number of restore points, whose responses are prepared: serving them costs nothing."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import md5
from pathlib import Path

from drtui.demo.backup_history import DAY, HOUR, Maker, Record
from drtui.demo.records import status_of, store, task
from tests import processes

DELAY = 0.04
"""Seconds that the site takes for a response."""
LONGEST = 6 * 3600
"""Seconds after which the site ends by itself."""
STORE = "bench"

LIST, OTHERS = "backups.json", "others.json"
"""The restore points in the form of a list, and the other responses."""


class Rich(Maker):
    """Makes records with any number of geodatabases: equal within a week, one exchanged in the next week."""

    def __init__(self, now: int, seed: str, number: int) -> None:
        super().__init__(now, seed)
        self._number = number

    def geodatabases(self, start: int) -> list[Record]:
        """Return the geodatabases that existed at `start`."""
        return self._in_week(start // (7 * DAY))

    @lru_cache(2)  # noqa: B019 - there is one of it, as long as the program runs
    def _in_week(self, week: int) -> list[Record]:
        numbers = range(week, week + self._number)
        return [{"gdbName": f"layer_{number:05}", "egdbID": md5(b"%d" % number).hexdigest()} for number in numbers]  # noqa: S324 - no secret


def hourly(maker: Maker, number: int) -> Iterator[Record]:
    """Return this number of records, one per hour, the oldest first."""
    hour = maker.now - maker.now % HOUR
    for hours in range(number, 0, -1):
        trigger = iter((hour - hours * HOUR,))
        yield from maker.scheduled("hourly", trigger, store=STORE, minutes=6, keep=40_000 * DAY)


def records(number: int, now: int) -> bytes:
    """Return the list of this number of restore points."""
    return json.dumps({"backups": list(hourly(Maker(now, "bench"), number))}).encode()


def prepare(folder: Path, number: int, now: int, geodatabases: int = 0) -> None:
    """Prepare the responses of a site with this many hourly restore points; with 0 geodatabases the usual ones."""
    maker = Rich(now, "bench", geodatabases) if geodatabases else Maker(now, "bench")
    last: Record | None = None
    with (folder / LIST).open("w") as file:
        file.write('{"backups": [')
        for record in hourly(maker, number):
            file.write(f"{', ' if last else ''}{json.dumps(record)}")
            last = record
        file.write("]}")
    responses = {
        "/admin": {"fullVersion": "11.4.0", "currentVersion": "11.4.0", "resources": []},
        "/stores": {"backupStores": [store(STORE, "S3", default=True)]},
        "/status": {"status": status_of(last) if last else {"code": 0, "messages": [], "state": "no_op"}},
        "/settings": {"timeoutInSeconds": 7200},
        "/tasks": {"result": [task("hourly", STORE, "0 0 * * * ?", last=now - now % HOUR, keep_days=40_000)]},
    }
    (folder / OTHERS).write_text(json.dumps(responses))


def answers(folder: Path) -> dict[str, bytes]:
    """Return the responses of a site, by the end of the address."""
    responses = {end: json.dumps(value).encode() for end, value in json.loads((folder / OTHERS).read_text()).items()}
    return {**responses, f"/stores/{STORE}/backups": (folder / LIST).read_bytes()}


async def serve(responses: dict[str, bytes]) -> None:
    """Serve these responses until ended; print the port first."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                request = head.split(b" ", 2)[1].decode().partition("?")[0]
                body = responses[max((end for end in responses if request.endswith(end)), key=len)]
                await asyncio.sleep(DELAY)
                about = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(about.encode() + body)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.sleep(LONGEST)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Run a site in a process of its own, which ends with the block; yield its address."""
    with processes.started([sys.executable, "-m", "tests.bench.site", str(folder)], timeout=LONGEST) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/arcgis"


def present() -> int:
    """Return the present, epoch ms."""
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    asyncio.run(serve(answers(Path(sys.argv[1]))))
