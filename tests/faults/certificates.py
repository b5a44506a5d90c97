"""Certificates of a site: a valid one, and invalid ones."""

import datetime as dt
import functools
import ssl
from pathlib import Path

import trustme

PAST = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)


@functools.cache
def _authority(name: str) -> trustme.CA:
    return trustme.CA(organization_name=name)


@functools.cache
def tls(kind: str) -> ssl.SSLContext:
    """Return the TLS context of a server with a certificate of that kind."""
    leaf = {
        "good": lambda: _authority("City Works").issue_cert("localhost"),
        "expired": lambda: _authority("City Works").issue_cert(
            "localhost", not_before=PAST, not_after=PAST + dt.timedelta(days=1)
        ),
        "another's": lambda: _authority("City Works").issue_cert("other.example.com"),
        "unknown": lambda: _authority("Nobody").issue_cert("localhost"),
    }[kind]()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    leaf.configure_cert(context)
    return context


def trusted(folder: Path) -> Path:
    """Return the path of the CA file for the valid certificate."""
    path = folder / "authority.pem"
    _authority("City Works").cert_pem.write_to_path(path)
    return path
