"""The client certificate: load it without questions, and name the side that refused it."""

import os
import re
import ssl
import stat
from pathlib import Path

from drtui.api.error_texts import make_error
from drtui.api.errors import ApiError, RequestInfo
from drtui.core.model.auth import ClientCertificate, Secret
from drtui.core.model.secret_reference import is_exposed

MAX_FILE_BYTES = 1 << 20
"""Limit for a file with certificates or keys, bytes."""

CERTIFICATE = re.compile(rb"-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----")
PRIVATE_KEY = re.compile(rb"-----BEGIN ([A-Z]+ )*PRIVATE KEY-----")

MISMATCHES = frozenset({"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH"})
"""OpenSSL's reasons for a key of another certificate."""

REFUSALS = {
    "ACCESS_DENIED": "It is valid, but the site gives its owner no access.",
    "BAD_CERTIFICATE": "The site cannot use it: damaged, or signed in a way that it does not accept.",
    "CERTIFICATE_EXPIRED": "By the site's clock it has expired, or is not valid yet.",
    "CERTIFICATE_REQUIRED": "The site asks for a certificate of other authorities.",
    "CERTIFICATE_REVOKED": "Its authority has revoked it.",
    "CERTIFICATE_UNKNOWN": "The site gives no reason.",
    "DECRYPT_ERROR": "The site could not verify the signature of its key.",
    "HANDSHAKE_FAILURE": "Probably the site does not accept it; or it offers no TLS version that is in use here.",
    "UNKNOWN_CA": "The site does not trust the authority that issued it.",
    "UNSUPPORTED_CERTIFICATE": "It was not issued for clients (extended key usage clientAuth).",
}
"""Causes by the alert of a site that refuses a client certificate.

Keys are the ends of OpenSSL's reasons, as in `TLSV1_ALERT_UNKNOWN_CA`: the beginning differs between its versions.
"""


CLOSED = "The site closed the connection after the TLS handshake, without a reason."
"""Cause if a site sends no alert."""


class ConnectionRejected(OSError):
    """The site closed a connection right after the TLS handshake, before any request."""


def is_encrypted(path: Path) -> bool:
    """True if a file contains an encrypted key; False also if it cannot be read."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            body = file.read(MAX_FILE_BYTES)
    except OSError:
        return False
    return b"BEGIN ENCRYPTED PRIVATE KEY" in body or b"Proc-Type: 4,ENCRYPTED" in body


def load_client_certificate(context: ssl.SSLContext, certificate: ClientCertificate) -> None:
    """Let `context` present a client certificate. OpenSSL never asks for the key's password on the terminal.

    Raises:
        Unreachable: a file cannot be read or used, or other users can read the key.
    """
    check_files(certificate)
    cert, key = certificate.cert, certificate.key or certificate.cert
    # Some servers ask for the certificate only after they have read the request, as for one path of several.
    context.post_handshake_auth = True
    password = _KeyPassword(certificate.key_password)
    try:
        context.load_cert_chain(cert, key, password)
    except (ssl.SSLError, OSError, ValueError) as error:
        failure = _load_error(error, cert, key, password)
    else:
        return
    raise failure


def check_files(certificate: ClientCertificate) -> None:
    """Check that both files can be read, contain what they should, and that the key is private.

    Raises:
        Unreachable: one does not.
    """
    _check_file(certificate.cert, CERTIFICATE, "certificate")
    _check_file(certificate.key or certificate.cert, PRIVATE_KEY, "private key")


def _check_file(path: Path, pattern: re.Pattern[bytes], content: str) -> None:
    """Check that a file can be read and contains a certificate or a key, and that a key is private to its owner."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise make_error("client-cert: file", path=path, reason="it is not a file")  # OpenSSL reads it twice
        with path.open("rb") as file:
            body = file.read(MAX_FILE_BYTES)
    except OSError as error:
        raise make_error("client-cert: file", path=path, reason=error.strerror or "it cannot be read") from None
    if PRIVATE_KEY.search(body) and is_exposed(status.st_mode, status.st_uid, os.getuid()):
        raise make_error("client-cert: permissions", path=path)
    if not pattern.search(body):
        raise make_error("client-cert: binary" if b"\0" in body else "client-cert: content", path=path, content=content)


class _KeyPassword:
    """Answers OpenSSL's question for the password of a key.

    Args:
        password: the password, or None to answer with an empty one.
    """

    def __init__(self, password: Secret | None) -> None:
        self._password = password
        self.was_asked = False

    @property
    def is_given(self) -> bool:
        """True if there is a password."""
        return bool(self._password)

    def __call__(self) -> str:
        self.was_asked = True
        return self._password.reveal() if self._password else ""


def _load_error(error: Exception, cert: Path, key: Path, password: _KeyPassword) -> ApiError:
    """Return the error for a certificate and key that OpenSSL does not load."""
    reason = getattr(error, "reason", None) or ""
    if reason in MISMATCHES:
        return make_error("client-cert: mismatch", cert=cert, key=key)
    if password.was_asked:
        return make_error("client-cert: wrong password" if password.is_given else "client-cert: encrypted", path=key)
    words = reason.replace("_", " ").lower() or "damaged"
    if not _has_usable_certificate(cert):
        return make_error("client-cert: damaged", quote=words, path=cert, content="certificate")
    return make_error("client-cert: damaged", quote=words, path=key, content="private key")


def _has_usable_certificate(path: Path) -> bool:
    """True if OpenSSL can read a certificate in a file."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except (ssl.SSLError, OSError):
        return False
    return True


def rejection_error(cause: BaseException, request: RequestInfo) -> ApiError | None:
    """Return the error for a site that requires or refuses a client certificate; None for any other cause.

    Servers differ in the alert for a missing certificate, so any of `REFUSALS` means that if none was presented.
    """
    reason = str(getattr(cause, "reason", None) or "")
    alert = reason.rpartition("ALERT_")[2] if isinstance(cause, ssl.SSLError) else ""
    is_closed = isinstance(cause, ConnectionRejected)
    if not is_closed and alert not in REFUSALS:
        return None
    words = "" if is_closed else f"alert: {alert.replace('_', ' ').lower()}"
    if request.certificate:
        why = CLOSED if is_closed else REFUSALS[alert]
        return make_error("client-cert: refused", request, words, path=request.certificate, reason=why)
    if is_closed:
        return make_error("client-cert: closed", request)
    is_certain = alert == "CERTIFICATE_REQUIRED"
    return make_error("client-cert: required" if is_certain else "client-cert: probably required", request, words)
