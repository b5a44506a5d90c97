"""Errors for requests that got no response: find the condition in `error_texts` that an exception stands for."""

import errno
import socket
import ssl
from collections.abc import Iterator

import httpx

from drtui.api.client_certificate import rejection_error
from drtui.api.error_texts import make_error
from drtui.api.errors import ApiError, RequestInfo
from drtui.crash_report import error_name

NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})

CERTIFICATE_PROBLEMS = {9: "not valid yet", 10: "expired", 18: "self-signed", 62: "another name", 64: "another name"}
"""Conditions by OpenSSL's number of the certificate error (X509_V_ERR_...)."""


def error_from_exception(failure: Exception, request: RequestInfo, issuer: str = "") -> ApiError:
    """Return the error for a request without a response; `issuer` is the signer of the certificate, if known."""
    if isinstance(failure, httpx.ProxyError):
        return make_error("proxy", request, str(failure))
    if isinstance(failure, httpx.TimeoutException):
        is_connecting = isinstance(failure, httpx.ConnectTimeout)
        return make_error("timeout: connecting" if is_connecting else "timeout", request)
    if isinstance(failure, httpx.DecodingError):
        return make_error("shape: packed", request)
    if isinstance(failure, (httpx.RemoteProtocolError, httpx.LocalProtocolError)) and not is_connection_lost(failure):
        return make_error("protocol", request, str(failure))
    return _connection_error(failure, request, issuer)


def _connection_error(failure: Exception, request: RequestInfo, issuer: str) -> ApiError:
    """Return the error for a connection that could not be opened, or that was lost."""
    certificate_error = find_certificate_error(failure)
    if certificate_error is not None:
        problem = CERTIFICATE_PROBLEMS.get(certificate_error.verify_code, "untrusted")
        issued = f", issued by {issuer}," if issuer else ""
        return make_error(
            f"tls: {problem}",
            request,
            certificate_error.verify_message,
            issued=issued,
            issuer=issuer or "an authority",
        )
    causes = tuple(_causes(failure))
    refusal = next((error for cause in causes if (error := rejection_error(cause, request))), None)
    if refusal is not None:
        return refusal
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return make_error("tls", request, str(failure))
    if any(isinstance(cause, socket.gaierror) or is_bad_host_name(cause) for cause in causes):
        if request.proxy:
            return make_error("proxy", request, "unknown host name")
        is_offline = any(isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN for cause in causes)
        return make_error("dns: offline" if is_offline else "dns", request)
    if isinstance(failure, httpx.ConnectError) and not is_connection_lost(failure):
        if request.proxy:
            return make_error("proxy", request, "it does not accept connections")
        has_no_route = any(isinstance(cause, OSError) and cause.errno in NO_ROUTE for cause in causes)
        return make_error("no-route" if has_no_route else "connection-refused", request)
    return make_error("dropped", request, str(failure))


def unexpected_error(error: Exception, request: RequestInfo) -> ApiError:
    """Return the failure for an undocumented exception.

    Its message is left out, as it may quote what was sent or read.
    """
    if isinstance(error, MemoryError):
        return make_error("memory", request)
    if type(error).__module__.startswith("socksio"):  # httpx passes errors of socksio on unchanged
        return make_error("proxy", request, "it does not speak SOCKS5")
    return make_error("internal", request, error_name(error))


def is_connection_lost(failure: Exception) -> bool:
    """True if an established connection was lost: a new one may succeed."""
    if isinstance(failure, (httpx.ReadError, httpx.WriteError, httpx.CloseError)):
        return not any(isinstance(cause, ssl.SSLError) for cause in _causes(failure))
    if isinstance(failure, httpx.RemoteProtocolError):
        return "disconnected" in str(failure) or "peer closed" in str(failure)
    reset = any(isinstance(cause, (ConnectionResetError, BrokenPipeError)) for cause in _causes(failure))
    return isinstance(failure, httpx.ConnectError) and reset


def is_bad_host_name(error: BaseException) -> bool:
    """True if a host name could not be encoded for the name service."""
    return isinstance(error, UnicodeError) and "idna" in str(error)


def find_certificate_error(failure: BaseException) -> ssl.SSLCertVerificationError | None:
    """Return the certificate error that a failure was caused by; None if there is none."""
    return next((cause for cause in _causes(failure) if isinstance(cause, ssl.SSLCertVerificationError)), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and all of its causes."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for member in error.exceptions:
                yield from _causes(member)
        error = error.__cause__ or error.__context__
