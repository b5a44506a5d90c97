"""A site with any number of restore points, whose answers are made before anybody asks: it costs nothing to ask it."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drtui.demo.history import DAY, HOUR, Maker
from drtui.demo.records import status_of, store

DELAY = 0.04
"""Seconds that the site takes for an answer."""
STORE = "bench"


def records(number: int, now: int) -> bytes:
    """That many restore points, one an hour, as a site would list them."""
    maker, hour = Maker(now, "bench"), now - now % HOUR
    triggers = (hour - hours * HOUR for hours in range(number, 0, -1))
    made = maker.scheduled("hourly", iter(triggers), store=STORE, minutes=6, keep=40_000 * DAY)
    return json.dumps({"backups": made}).encode()


def answers(listed: bytes) -> dict[str, bytes]:
    """What a site answers, by the end of the address."""
    backups = json.loads(listed)["backups"]
    idle = {"code": 0, "messages": [], "state": "no_op"}
    found = {
        "/admin": {"fullVersion": "11.4.0", "currentVersion": "11.4.0", "resources": []},
        "/stores": {"backupStores": [store(STORE, "S3", default=True)]},
        "/status": {"status": status_of(backups[-1]) if backups else idle},
        "/settings": {"timeoutInSeconds": 7200},
        "/tasks": {"tasks": []},
    }
    made = {end: json.dumps(value).encode() for end, value in found.items()}
    return {**made, f"/stores/{STORE}/backups": listed}


async def serve(known: dict[str, bytes]) -> None:
    """Serve these answers until ended; says its port first."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                asked = head.split(b" ", 2)[1].decode().partition("?")[0]
                body = known[max((end for end in known if asked.endswith(end)), key=len)]
                await asyncio.sleep(DELAY)
                about = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(about.encode() + body)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.sleep(3600)


@contextmanager
def served(path: Path) -> Iterator[str]:
    """The address of a site in a process of its own, which ends with the block."""
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.site", str(path)], stdout=subprocess.PIPE)
    try:
        if process.stdout is None:
            raise AssertionError("it was asked for")
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/arcgis"
    finally:
        process.kill()
        process.communicate()


def present() -> int:
    """The present, epoch ms."""
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    asyncio.run(serve(answers(Path(sys.argv[1]).read_bytes())))
