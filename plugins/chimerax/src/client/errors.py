"""What goes wrong between a client and the daemon."""

from __future__ import annotations


class DaemonError(Exception):
    """An answer that is an error: `kind` from the error table (docs/protocol.md), `message` one sentence."""

    def __init__(self, kind: str, message: str, details: dict | None = None):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.details = details or {}

    @classmethod
    def from_rpc(cls, error: dict) -> DaemonError:
        """From the `error` member of a JSON-RPC answer."""
        data = error.get("data") or {}
        return cls(data.get("kind", "rpc.internal"), error.get("message", "no message"), data.get("details"))

    @classmethod
    def from_body(cls, error: dict) -> DaemonError:
        """From the `error` member of an HTTP answer or of a failed job, where kind and message stand side by side."""
        return cls(error.get("kind", "rpc.internal"), error.get("message", "no message"), error.get("details"))


class ConnectionLost(DaemonError):
    """The connection ended; what was asked may or may not have been done."""

    def __init__(self, message: str):
        super().__init__("connection.closed", message)


class NoDaemon(DaemonError):
    """Nobody answers."""

    def __init__(self, message: str):
        super().__init__("connection.refused", message)
