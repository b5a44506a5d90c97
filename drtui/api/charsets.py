"""Decode error pages by the character set that the server names, if it is one of the sets used for text."""

import codecs
import re

NAMED = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.IGNORECASE | re.ASCII)

TEXT = re.compile(
    r"utf-(8|8-sig|16|16-le|16-be|32|32-le|32-be)|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|gb2312|gbk|gb18030|hz"
    r"|big5|big5hkscs|shift_jis\w*|euc_\w+|iso2022_\w+|johab|ptcp154|tis-620",
    re.ASCII,
)
"""Python's names of the character sets that pages are written in.

`codecs` also knows encodings that unpack data (`hex`, `zlib`), encode host names (`idna`) or interpret escapes.
"""


def decode_text(body: bytes, content_type: str) -> str:
    """Return the text of a page in the character set named by its Content-Type, else in UTF-8. Never raises."""
    return body.decode(_charset(body, content_type), "replace")


def _charset(body: bytes, content_type: str) -> str:
    """Return the name of the character set to decode `body` with."""
    match = NAMED.search(content_type)
    try:
        name = codecs.lookup(match[1]).name if match else ""
    except (LookupError, ValueError):
        return "utf-8"
    wide = name.startswith(("utf-16", "utf-32"))
    fits = TEXT.fullmatch(name) and (b"\0" in body or not wide)  # markup in UTF-16 contains zero bytes
    return name if fits else "utf-8"
