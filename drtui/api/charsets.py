"""Character sets of error pages: the server names one, and only those that stand for text are taken at its word."""

import codecs
import re

NAMED = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.IGNORECASE | re.ASCII)

TEXT = re.compile(
    r"utf-(8|8-sig|16|16-le|16-be|32|32-le|32-be)|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|gb2312|gbk|gb18030|hz"
    r"|big5|big5hkscs|shift_jis\w*|euc_\w+|iso2022_\w+|johab|ptcp154|tis-620",
    re.ASCII,
)
"""Python's names of the character sets that pages are written in.

`codecs` knows others that unpack (`hex`, `zlib`), that belong to host names (`idna`), or that run escapes.
"""


def decode_text(body: bytes, content_type: str) -> str:
    """Return the text of a page in the character set that its Content-Type names, else in UTF-8. Never raises."""
    return body.decode(_charset(body, content_type), "replace")


def _charset(body: bytes, content_type: str) -> str:
    """Return the name of the character set to decode with."""
    named = NAMED.search(content_type)
    try:
        found = codecs.lookup(named[1]).name if named else ""
    except (LookupError, ValueError):
        return "utf-8"
    wide = found.startswith(("utf-16", "utf-32"))
    fits = TEXT.fullmatch(found) and (b"\0" in body or not wide)  # a page in UTF-16 has zeros in its tags
    return found if fits else "utf-8"
