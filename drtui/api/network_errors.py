"""Errors for requests that got no response, worded for the administrator who has to fix the cause."""

import errno
import socket
import ssl
from collections.abc import Iterator

import httpx

from drtui.api.errors import ApiError, Unreachable, Unreadable
from drtui.api.proxies import ProxyError
from drtui.api.request_log import RequestInfo
from drtui.api.tls import CaFileError
from drtui.crash_report import error_name

RETRY_LATER = "The site may be starting, updating, or being restored. Try again in a few minutes."
NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
UNTRUSTED = "Get that authority's certificate and name it with --ca-file (or SSL_CERT_FILE)."

EXPIRED, NOT_YET, SELF_SIGNED, WRONG_NAME, WRONG_IP = 10, 9, 18, 62, 64
"""OpenSSL's error numbers for certificates (X509_V_ERR_…)."""


def error_from_exception(failure: Exception, request: RequestInfo, issuer: str = "") -> ApiError:
    """Return the error for a request without a response; `issuer` is the signer of the certificate, if known."""
    if isinstance(failure, httpx.ProxyError):
        return _proxy_failed_error(str(failure), request)
    if isinstance(failure, httpx.TimeoutException):
        return timeout_error(request, connecting=isinstance(failure, httpx.ConnectTimeout))
    if isinstance(failure, httpx.DecodingError):
        return Unreadable(
            "shape",
            f"cannot decompress the answer of {request.host}",
            request=request.line,
            cause="A proxy or gateway in between damages answers.",
            advice="Try from another network, or report it to whoever runs the gateway.",
        )
    if isinstance(failure, (httpx.RemoteProtocolError, httpx.LocalProtocolError)) and not is_connection_lost(failure):
        return Unreachable(
            "protocol",
            f"no valid HTTP answer from {request.host}",
            server_message=request.hide(str(failure)),
            request=request.line,
            cause=_mention_proxy(
                request, "Another program listens on that port, or the port expects https instead of http."
            ),
            advice="Check scheme and port of the address.",
        )
    return _connection_error(failure, request, issuer)


def _connection_error(failure: Exception, request: RequestInfo, issuer: str) -> ApiError:
    """Return the error for a connection that could not be opened, or that was lost."""
    certificate_error = find_certificate_error(failure)
    if certificate_error is not None:
        return _untrusted_error(certificate_error, request, issuer)
    causes = tuple(_causes(failure))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Unreachable(
            "tls",
            f"TLS handshake with {request.host} failed",
            server_message=request.hide(str(failure)),
            request=request.line,
            cause="The port may be plain HTTP, the site may require a client certificate, or a middlebox interferes.",
            advice="Check scheme and port of the address.",
        )
    if any(isinstance(cause, socket.gaierror) or is_bad_host_name(cause) for cause in causes):
        return _dns_error(causes, request)
    if isinstance(failure, httpx.ConnectError) and not is_connection_lost(failure):
        return _connect_error(causes, request)
    return Unreachable(
        "dropped",
        f"connection to {request.host} was lost",
        server_message=request.hide(str(failure)),
        request=request.line,
        cause=_mention_proxy(
            request, "The site, or a gateway in front of it, closed it before the answer was complete."
        ),
        advice=RETRY_LATER,
    )


def unexpected_error(error: Exception, request: RequestInfo) -> ApiError:
    """Return the failure for an undocumented exception.

    Its message is left out, as it may quote what was sent or read.
    """
    if isinstance(error, MemoryError):
        return Unreadable(
            "memory",
            f"not enough memory for the answer of {request.host}",
            request=request.line,
            cause="The answer is very large, or this machine has little memory left.",
            advice="Close other programs, or use another machine.",
        )
    if type(error).__module__.startswith("socksio"):  # httpx passes errors of socksio on unchanged
        return _proxy_failed_error("it does not speak SOCKS5", request)
    return Unreadable(
        "internal",
        f"could not process the answer of {request.host}",
        server_message=error_name(error),
        request=request.line,
        cause="The site sent something unexpected that drtui cannot handle: a bug in drtui.",
        advice="Please report it, with the log that --log-file FILE writes.",
    )


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


def _dns_error(causes: tuple[BaseException, ...], request: RequestInfo) -> ApiError:
    """Return the error for a host name that could not be resolved: that of the proxy, if one is used."""
    if request.proxy:
        return _proxy_failed_error("unknown host name", request)
    if any(isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN for cause in causes):
        return Unreachable(
            "dns",
            f"cannot look up the host name {request.host}",
            request=request.line,
            cause="No name server answered: this machine may be offline.",
            advice="Check this machine's network, then the spelling of the name.",
        )
    return Unreachable(
        "dns",
        f"unknown host {request.host}",
        request=request.line,
        cause="A typing error, or a name that only the site's internal network knows.",
        advice="Check the spelling. From outside, use the bastion or the VPN.",
    )


def _connect_error(causes: tuple[BaseException, ...], request: RequestInfo) -> ApiError:
    """Return the error for a host that did not accept the connection."""
    if request.proxy:
        return _proxy_failed_error("it does not accept connections", request)
    if any(isinstance(cause, OSError) and cause.errno in NO_ROUTE for cause in causes):
        return Unreachable(
            "no-route",
            f"no route to {request.host}",
            request=request.line,
            cause="The network is down, or the site is only reachable from its internal network.",
            advice="Check this machine's network. From outside, use the bastion or the VPN.",
        )
    return Unreachable(
        "connection-refused",
        f"{request.host} refused the connection",
        request=request.line,
        cause="Nothing listens on that port, or a firewall rejected the connection.",
        advice="Check the port and whether the site is running.",
    )


def _proxy_failed_error(reason: str, request: RequestInfo) -> ApiError:
    return Unreachable(
        "proxy",
        f"request through the proxy {request.proxy} failed".replace("  ", " "),
        server_message=request.hide(reason),
        request=request.line,
        cause="HTTPS_PROXY or ALL_PROXY names a proxy that is down, or that does not serve this host.",
        advice=f"Add {request.host} to NO_PROXY, or correct the proxy.",
    )


def _mention_proxy(request: RequestInfo, cause: str) -> str:
    """Return `cause`, with the name of the proxy if one is used, which may be at fault."""
    return f"{cause} The request went through the proxy {request.proxy}." if request.proxy else cause


def timeout_error(request: RequestInfo, *, connecting: bool = False) -> ApiError:
    """Return the error for a response, or a connection, that took too long."""
    message = "did not accept the connection in time" if connecting else "did not answer in time"
    cause = "A firewall drops the request, or the host is down." if connecting else "The site is down or overloaded."
    return Unreachable(
        "timeout",
        f"{request.host} {message}",
        request=request.line,
        cause=_mention_proxy(request, cause),
        advice="Check that the site is running and reachable from here." if connecting else "Try a longer --timeout.",
    )


def refresh_timeout_error(request: RequestInfo, seconds: float) -> ApiError:
    """Return the failure of a request that was not answered before the time of the whole refresh ran out."""
    return Unreachable(
        "timeout",
        f"{request.host} did not answer in time ({seconds:g} s for the whole refresh)",
        request=request.line,
        cause=_mention_proxy(request, "The site is overloaded, or has a great many stores."),
        advice="Try a longer --timeout.",
    )


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


def _untrusted_error(error: ssl.SSLCertVerificationError, request: RequestInfo, issuer: str) -> ApiError:
    """Return the error for a certificate that is not trusted, with the way to make it trusted."""
    by_issuer = f" by {issuer}" if issuer else ""
    message, cause, advice = {
        WRONG_NAME: (
            "is for another name",
            f"It does not contain the name {request.host}.",
            "Use a name that it contains, or have it reissued.",
        ),
        EXPIRED: (
            "has expired",
            "It was not renewed, or this machine's clock is wrong.",
            "Have it renewed, and check this machine's clock.",
        ),
        NOT_YET: (
            "is not valid yet",
            "It was issued recently, or this machine's clock is slow.",
            "Check this machine's clock.",
        ),
        SELF_SIGNED: (
            "is not trusted",
            "It is self-signed, and this machine does not know it.",
            "Verify a copy of it, then name the file with --ca-file (or SSL_CERT_FILE).",
        ),
    }.get(
        {WRONG_IP: WRONG_NAME}.get(error.verify_code, error.verify_code),
        (
            "is not trusted",
            f"It was issued{by_issuer or ' by an authority'}, which this machine does not trust.",
            UNTRUSTED,
        ),
    )
    message = f"certificate of {request.host}{f', issued{by_issuer},' if by_issuer else ''} {message}"
    return Unreachable(
        "tls", message, server_message=error.verify_message, request=request.line, cause=cause, advice=advice
    )


def ca_file_error(error: CaFileError) -> ApiError:
    """Return the error for a file of certificate authorities that cannot be read."""
    return Unreachable(
        "ca-file",
        f"cannot read certificates from '{error.path}'",
        server_message=error.reason,
        cause="--ca-file, SSL_CERT_FILE or SSL_CERT_DIR names a file that is missing, not readable or not PEM.",
        advice="Name the right file with --ca-file, or correct the variable.",
    )


def proxy_variable_error(error: ProxyError) -> ApiError:
    """Return the failure for a variable whose value cannot be read as the address of a proxy."""
    return Unreachable(
        "proxy",
        str(error),
        cause="The value is misspelled, or the password contains characters with a special meaning.",
        advice="Correct the variable, or add the site to NO_PROXY.",
    )


def setup_error(reason: str, request: RequestInfo) -> ApiError:
    """Return the error for a proxy or host name with which httpx can make no client."""
    if request.proxy:
        return _proxy_failed_error(reason, request)
    return Unreachable(
        "address",
        f"cannot connect to {request.host}",
        server_message=request.hide(reason),
        request=request.line,
        cause="The host name is not valid.",
        advice="Check the address.",
    )
