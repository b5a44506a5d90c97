"""Read rows from the leaf pages of a SQLite file without the pages that lead to them (sqlite.org/fileformat2)."""

from collections.abc import Iterator

LEAF = 0x0D
"""Type of a leaf page of a table with numeric keys."""

PAGES = frozenset(1 << bits for bits in range(9, 16))
"""Valid page sizes in bytes, except the largest (65,536), which is stored as 1."""

SIZES = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0}
"""Size of a value in bytes, by its serial type: NULL, integers, and the constants 0 and 1."""

Value = int | str | bytes | None


def decode_text(text: bytes) -> str:
    """Return a text; bytes that are not UTF-8 become surrogates, which cannot be written to another file."""
    return text.decode("utf-8", "surrogateescape")


def leaf_rows(body: bytes) -> Iterator[tuple[int, tuple[Value, ...]]]:
    """Yield the key and the values of each row. Damaged rows are skipped."""
    size = int.from_bytes(body[16:18], "big")
    size = 1 << 16 if size == 1 else size if size in PAGES else 4096
    for start in range(0, len(body) - size + 1, size):
        head = start + (100 if start == 0 else 0)
        if body[head] != LEAF:
            continue
        cells = int.from_bytes(body[head + 3 : head + 5], "big")
        for cell in range(cells if cells < size // 4 else 0):  # a page has no space for more
            at = head + 8 + 2 * cell
            try:
                yield _row(body, start + int.from_bytes(body[at : at + 2], "big"), size)
            except (IndexError, KeyError):
                continue


def _row(body: bytes, at: int, size: int) -> tuple[int, tuple[Value, ...]]:
    """Return the row at offset `at`.

    Raises:
        IndexError, KeyError: there is no valid row.
    """
    length, at = _number(body, at)
    key, at = _number(body, at)
    record = _payload(body, at, length, size)
    end, at = _number(record, 0)
    kinds = []
    while at < end:
        kind, at = _number(record, at)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        width = (kind - 12) // 2 if kind >= 12 else SIZES[kind]
        value = record[at : at + width]
        at += width
        if kind >= 12:
            values.append(decode_text(value) if kind % 2 else value)
        else:
            integer = int.from_bytes(value, "big", signed=True) if width else kind - 8
            values.append(integer if kind else None)
    if at != len(record):
        raise IndexError
    return key, tuple(values)


def _payload(body: bytes, at: int, length: int, size: int) -> bytes:
    """Return the bytes of a row, including those on overflow pages.

    Raises:
        IndexError: bytes are missing.
    """
    if length > len(body):
        raise IndexError
    usable = size - body[20]
    local = length
    if length > usable - 35:
        least = (usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (usable - 4)
        local = local if local <= usable - 35 else least
    record, at = bytearray(body[at : at + local]), at + local
    while len(record) < length:
        page = int.from_bytes(body[at : at + 4], "big")
        at = (page - 1) * size
        if not 0 < page <= len(body) // size:
            raise IndexError
        record += body[at + 4 : at + usable][: length - len(record)]
    return bytes(record)


def _number(body: bytes, at: int) -> tuple[int, int]:
    """Return the number (varint, one to nine bytes) at offset `at`, and the offset of its end.

    Raises:
        IndexError: it ends beyond `body`.
    """
    value = 0
    for end in range(at, at + 8):
        value = value << 7 | body[end] & 0x7F
        if body[end] < 0x80:
            return value, end + 1
    return value << 8 | body[at + 8], at + 9
