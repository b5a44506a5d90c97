"""The body of an answer as it comes, unpacked in pieces of bounded size: a few kilobytes may stand for any amount.

httpx unpacks whatever has arrived in one go, and as many times over as the server says it was packed: 64 KiB become
64 MiB, or those 64 GiB, before anybody can look at how much it is, and no key is answered meanwhile.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator

import httpx

ACCEPTED = "gzip"
"""What requests say that answers may be packed with: the one way that every server and gateway knows."""

PIECE = 64 << 10
"""Bytes that are unpacked, and decoded, at once; keys are answered between two pieces."""

GZIP = zlib.MAX_WBITS | 16
"""How zlib is told to expect gzip's head."""


async def iter_chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body of `response`, in pieces of at most `PIECE` bytes.

    Raises:
        httpx.DecodingError: it is not packed as it says, or in a way that was not asked for.
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
