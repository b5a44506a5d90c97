"""The faults of a site, and the words with which drtui must report each."""

import asyncio
import functools
import json
import socket
import struct
import zlib

from msgspec import Struct

from tests.api.servers import Behaviour, answering_bytes, http, stall

MIB = 1 << 20
PROMISED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n"
BEGUN = b'{"backupStores": [{"name": '


class Fault(Struct, frozen=True):
    """A fault of a site."""

    name: str
    cause_words: str
    """Words that name the cause, on the screen and on stderr."""
    answer: Behaviour | None = None
    """The answer that replaces the real one."""
    request_parts: tuple[str, ...] = ()
    """Parts of the first line of requests with the fault; empty for all requests."""
    certificate: str = "good"
    refuses: bool = False
    """True if connections are refused."""
    stalls: bool = False
    """True if only a time limit ends the request."""
    code: int = 3
    """The exit code of `drtui list`."""

    def hits(self, head: bytes) -> bool:
        """True if a request has the fault."""
        line = head.partition(b"\r\n")[0].decode()
        return self.answer is not None and (not self.request_parts or any(part in line for part in self.request_parts))


def _reset(writer: asyncio.StreamWriter) -> None:
    """Reset a connection without an orderly end, as a machine without power does."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    raise ConnectionAbortedError


def resetting(begin: bytes) -> Behaviour:
    """Return a server that starts an answer and resets the connection."""

    async def talk(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        await writer.drain()
        _reset(writer)

    return talk


def stalling(begin: bytes) -> Behaviour:
    """Return a server that starts an answer and sends no more."""

    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        await writer.drain()
        await stall(head, writer)

    return talk


def ending(begin: bytes) -> Behaviour:
    """Return a server that starts an answer and closes the connection."""

    async def talk(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        await writer.drain()
        raise ConnectionAbortedError

    return talk


@functools.cache
def packed(begin: bytes, piece: bytes, times: int) -> bytes:
    """Return a compressed answer with `times` MiB of `piece`; one MiB is compressed once and repeated."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    head = packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(piece * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    body = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + head + block * times
    return http(body, more="Content-Encoding: gzip\r\n")


def bomb(mib: int) -> bytes:
    """Return a few compressed kilobytes that expand to that many MiB."""
    return packed(b"{", b" ", mib)


def nesting(mib: int) -> bytes:
    """Return that many MiB of opening brackets."""
    return packed(b'{"backupStores": ', b"[", mib)


def page(status: str, more: str = "") -> Behaviour:
    """Return an HTML page of a gateway or a login."""
    body = f"<html><head><title>{status}</title></head></html>".encode()
    return answering_bytes(http(body, status, kind="text/html", more=more))


def refusal(code: int, *, form: int = 2) -> Behaviour:
    """Return a refusal of the site over HTTP 200, in either of its formats."""
    if form == 2:
        answer: dict[str, object] = {"error": {"code": code, "message": "No.", "details": None}}
    else:
        answer = {"status": "error", "code": code, "messages": ["No."]}
    return answering_bytes(http(json.dumps(answer).encode()))


BROKE_OFF = "was lost"
SHAPE = "the answer does not have the documented form"
LATE = "did not answer in time"
TURNED_AWAY = "a gateway or proxy in front of the site rejected the request"

FAULTS = (
    Fault("refused", "refused the connection", refuses=True),
    Fault("reset in headers", BROKE_OFF, resetting(b"HTTP/1.1 200 OK\r\nContent-Ty")),
    Fault("reset in body", BROKE_OFF, resetting(PROMISED + BEGUN)),
    Fault("stall in headers", LATE, stalling(b"HTTP/1.1 200 OK\r\nContent-Ty"), stalls=True),
    Fault("stall in body", LATE, stalling(PROMISED + BEGUN), stalls=True),
    Fault("truncated JSON", SHAPE, answering_bytes(http(BEGUN))),
    Fault("length too long", BROKE_OFF, ending(PROMISED + b'{"backupStores": []}')),
    Fault("length too short", SHAPE, ending(http(BEGUN) + b'"default"}]}')),
    Fault("gzip bomb", "the answer is larger than", answering_bytes(bomb(1024))),
    Fault("nesting", SHAPE, answering_bytes(nesting(4))),
    Fault("HTML", "with a page instead of JSON", page("200 OK")),
    Fault(
        "redirect to another host",
        "refused to follow a redirect to another host",
        page("302 Found", "Location: https://elsewhere.example.com/login?f=json\r\n"),
    ),
    Fault("401", TURNED_AWAY, page("401 Unauthorized"), code=4),
    Fault("403", TURNED_AWAY, page("403 Forbidden"), code=4),
    Fault("403 by the site", "this account has no permission to read this", refusal(403), code=4),
    Fault("404", "nothing found at this address", page("404 Not Found")),
    Fault("429", "the site answered 429", page("429 Too Many Requests", "Retry-After: 1\r\n")),
    Fault("498", "the token is not valid", refusal(498), code=4),
    Fault("498 as a status", "the token is not valid", refusal(498, form=3), code=4),
    Fault("499", "the site requires a token", refusal(499), code=4),
    Fault("499 as a status", "the site requires a token", refusal(499, form=3), code=4),
    Fault("500", "the site answered 500", page("500 Internal Server Error")),
    Fault("502", "the site answered 502", page("502 Bad Gateway")),
    Fault("503", "the site answered 503", page("503 Service Unavailable")),
    Fault("expired certificate", "has expired", certificate="expired"),
    Fault("another's certificate", "is for another name", certificate="another's"),
    Fault("unknown authority", "is not trusted", certificate="unknown"),
    Fault(
        "half the stores",
        "the site answered 503",
        page("503 Service Unavailable"),
        request_parts=("/archive-s3/backups", "/offsite-azure/backups"),
    ),
)

SITUATIONS = ("start", "refresh", "while scrolling", "list", "check")

HALF = FAULTS[-1]
DEFAULT_FAULTS = tuple(
    fault
    for fault in FAULTS
    if fault.name in {"refused", "stall in body", "HTML", "403 by the site", "expired certificate", HALF.name}
)
"""Faults of the default suite: one of each kind."""
EMPTY_LIST_WORDS = ("no restore points", "No restore point", "no store is registered", "0 in all stores")
"""Words for an empty list, which must never appear for an error."""
