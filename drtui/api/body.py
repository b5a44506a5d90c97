"""Read the body of a response in pieces of bounded size, and unpack gzip: a few kilobytes may expand to any amount.

httpx unpacks each received chunk at once and completely: 64 KiB may become 64 MiB, or 64 GiB if packed several times,
before the size can be checked, and the interface answers no key meanwhile.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator

import httpx

ACCEPTED = "gzip"
"""Value of Accept-Encoding: the one encoding that every server and gateway supports."""

PIECE = 64 << 10
"""Bytes unpacked and decoded at once; the interface answers keys between two pieces."""

GZIP = zlib.MAX_WBITS | 16
"""Window size by which zlib expects a gzip header."""


async def iter_chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    """Yield the body of `response` in pieces of at most `PIECE` bytes.

    Raises:
        httpx.DecodingError: the body is damaged, or has an encoding that was not requested.
    """
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in {"", "identity"}:
        async for raw in response.aiter_raw():
            for start in range(0, len(raw), PIECE):
                yield raw[start : start + PIECE]
                await asyncio.sleep(0)
        return
    if packing not in {"gzip", "x-gzip"}:
        raise httpx.DecodingError(f"packed with {packing}", request=response.request)
    unpacker = zlib.decompressobj(GZIP)
    async for raw in response.aiter_raw():
        left = raw
        while left and not unpacker.eof:
            try:
                yield unpacker.decompress(left, PIECE)
            except zlib.error as error:
                raise httpx.DecodingError(str(error), request=response.request) from error
            left = unpacker.unconsumed_tail
            if left:
                await asyncio.sleep(0)
