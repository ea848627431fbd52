"""Where a daemon answers: host, port, token, with or without TLS."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from .errors import DaemonError


@dataclass(frozen=True)
class Endpoint:
    """One daemon's address. `shares_files`: it runs on this machine, a path means the same file on both sides."""

    host: str
    port: int
    token: str
    tls: ssl.SSLContext | None = None
    shares_files: bool = False

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def host_header(self) -> str:
        """Host and port as the daemon's check of `Host` wants them, brackets around IPv6."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else self.name


def endpoint_of(url: str, token: str, shares_files: bool = False, ca_file: str | None = None) -> Endpoint:
    """The endpoint of a `ws`, `wss`, `http` or `https` address; beyond this machine only with TLS."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in ("ws", "wss", "http", "https") or not parts.hostname or not port:
        raise DaemonError(
            "input.parameter",
            f"The address {url!r} is not a daemon's; expected wss://HOST:PORT, or ws://127.0.0.1:PORT of a tunnel.",
        )
    secure = parts.scheme in ("wss", "https")
    if not secure and not _is_loopback(parts.hostname):
        raise DaemonError(
            "access.denied",
            f"The address {url!r} would send the token in clear over the network; use wss://, or a tunnel "
            f"(ssh -L {port}:127.0.0.1:{port} {parts.hostname}) and ws://127.0.0.1:{port}.",
        )
    return Endpoint(parts.hostname, port, token, _tls(ca_file) if secure else None, shares_files)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _tls(ca_file: str | None) -> ssl.SSLContext:
    """Trusts what the system trusts, or only the given certificate (a daemon's own is signed by itself)."""
    if ca_file is not None:
        return ssl.create_default_context(cafile=ca_file)
    context = ssl.create_default_context()
    try:
        import certifi  # comes with ChimeraX, whose own OpenSSL may know no folder of certificates
    except ImportError:
        return context
    context.load_verify_locations(certifi.where())
    return context
