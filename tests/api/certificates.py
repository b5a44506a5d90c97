"""Certificates and keys in files, and servers that ask for them."""

import contextlib
import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key

KEY_PASSWORD = "op3n-the-kEy"
PAST = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)


def write_private(path: Path, *parts: bytes) -> Path:
    """Write a file that only its owner can read."""
    path.touch(0o600)
    path.write_bytes(b"".join(parts))
    return path


def encrypted(key: bytes) -> bytes:
    """Return a PEM key, encrypted with `KEY_PASSWORD`."""
    return load_pem_private_key(key, None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(KEY_PASSWORD.encode()),
    )


def requiring_server(
    server: trustme.LeafCert, clients: trustme.CA, revoked: trustme.LeafCert | None = None, *, tls_1_2: bool = False
) -> ssl.SSLContext:
    """Return the context of a server that requires certificates of `clients`, and accepts `revoked` no longer."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.configure_cert(context)
    context.verify_mode = ssl.CERT_REQUIRED
    clients.configure_trust(context)
    if tls_1_2:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if revoked is not None:
        with trustme.Blob(_revocation_list(clients, revoked)).tempfile() as path:
            context.load_verify_locations(cafile=path)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    return context


def _revocation_list(authority: trustme.CA, revoked: trustme.LeafCert) -> bytes:
    now = dt.datetime.now(dt.UTC)
    issuer = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
    serial = x509.load_pem_x509_certificate(revoked.cert_chain_pems[0].bytes()).serial_number
    entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(PAST).build()
    key = load_pem_private_key(authority.private_key_pem.bytes(), None)
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject).last_update(PAST)
    crl = builder.next_update(now + dt.timedelta(days=1)).add_revoked_certificate(entry).sign(key, hashes.SHA256())  # type: ignore[arg-type]
    return crl.public_bytes(serialization.Encoding.PEM)


@contextlib.contextmanager
def serving_in_thread(context: ssl.SSLContext, response: bytes) -> Iterator[int]:
    """Run a server with blocking sockets; yield its port. Unlike asyncio's, it sends the alerts of OpenSSL.

    With `post_handshake_auth` in the context it asks for the certificate after each request.
    """

    def talk(plain: socket.socket) -> None:
        with plain, contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
            while b"\r\n\r\n" in connection.recv(1 << 16):
                if context.post_handshake_auth:
                    connection.verify_client_post_handshake()
                    connection.do_handshake()
                    while not connection.getpeercert():
                        connection.settimeout(0.01)  # the client sends the certificate, but no data that could be read
                        with contextlib.suppress(TimeoutError):
                            connection.recv(1)
                    connection.settimeout(None)
                connection.sendall(response)

    def serve(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)
