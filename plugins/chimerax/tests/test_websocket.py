"""The WebSocket client against a server that does what real ones may do: fragments, pings, long frames, nonsense."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import shutil
import ssl
import struct
import subprocess
import tempfile
import unittest

import support  # noqa: F401  puts the sources on the path

from client.endpoint import endpoint_of
from client.errors import ConnectionLost, DaemonError, NoDaemon
from client.websocket import GUID, MAX_MESSAGE, WebSocket


def frame(opcode: int, payload: bytes, final: bool = True) -> bytes:
    length = len(payload)
    first = (0x80 if final else 0) | opcode
    if length < 126:
        return struct.pack("!BB", first, length) + payload
    if length < 65536:
        return struct.pack("!BBH", first, 126, length) + payload
    return struct.pack("!BBQ", first, 127, length) + payload


class Server:
    """Accepts one handshake and hands the connection to a script; `sent` are the frames of the client, unmasked."""

    def __init__(self, script, accept=None, tls=None):
        self._script = script
        self._tls = tls
        self._accept = accept
        self.head = b""
        self.sent: list[tuple[int, bytes]] = []

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port = port = self._server.sockets[0].getsockname()[1]
        self.endpoint = endpoint_of(f"ws://127.0.0.1:{port}", "secret")
        return self

    async def __aexit__(self, *_):
        self._server.close()

    async def _serve(self, reader, writer):
        self.head = await reader.readuntil(b"\r\n\r\n")
        key = [line.split(b": ")[1] for line in self.head.split(b"\r\n") if line.startswith(b"Sec-WebSocket-Key")][0]
        accept = self._accept or base64.b64encode(hashlib.sha1(key + GUID).digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        reading = asyncio.ensure_future(self._read(reader))
        await self._script(writer)
        await writer.drain()
        await asyncio.wait([reading], timeout=2)
        writer.close()

    async def _read(self, reader):
        while True:
            try:
                first, second = await reader.readexactly(2)
                length = second & 0x7F
                assert second & 0x80, "a client must mask"
                if length == 126:
                    (length,) = struct.unpack("!H", await reader.readexactly(2))
                elif length == 127:
                    (length,) = struct.unpack("!Q", await reader.readexactly(8))
                key = await reader.readexactly(4)
                payload = await reader.readexactly(length)
            except asyncio.IncompleteReadError:
                return
            self.sent.append((first & 0x0F, bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))))


class Frames(unittest.IsolatedAsyncioTestCase):
    async def receive(self, *frames: bytes):
        async def script(writer):
            for piece in frames:
                writer.write(piece)

        async with Server(script) as server:
            socket = await WebSocket.connect(server.endpoint)
            try:
                return await socket.receive(), server
            finally:
                await socket.close()

    async def test_the_token_goes_into_the_header(self):
        _, server = await self.receive(frame(1, b"{}"))
        self.assertIn(b"Authorization: Bearer secret\r\n", server.head)

    async def test_messages_of_every_length_form(self):
        for length in (0, 125, 126, 65535, 65536, 300000):
            text, _ = await self.receive(frame(1, b"x" * length))
            self.assertEqual(len(text), length)

    async def test_fragments_with_a_ping_between_make_one_message(self):
        pieces = frame(1, "né".encode()[:2], False), frame(9, b"ping"), frame(0, "né".encode()[2:] + b"e")
        text, server = await self.receive(*pieces)
        self.assertEqual(text, "née")
        self.assertIn((10, b"ping"), server.sent)

    async def test_what_is_sent_arrives_unmasked_the_same(self):
        async def script(writer):
            writer.write(frame(1, b"go"))

        async with Server(script) as server:
            socket = await WebSocket.connect(server.endpoint)
            for length in (1, 3, 126, 70000):
                await socket.send("é" * length)
            await socket.receive()
            await socket.close()
            await support.within(5, lambda: len(server.sent) == 5, "four messages and a goodbye")
        self.assertEqual([payload.decode() for _, payload in server.sent[:4]], ["é" * n for n in (1, 3, 126, 70000)])
        self.assertEqual(server.sent[4], (8, struct.pack("!H", 1000)))

    async def test_broken_streams_end_the_connection_with_a_reason(self):
        cases = {
            "code 1009, too big": frame(8, struct.pack("!H", 1009) + b"too big"),
            "do not fit": frame(0, b"no beginning"),
            "reserved bits": bytes((0xC1, 0)),
            "or a mask": bytes((0x81, 0x80)) + b"1234",
            "of more than": bytes((0x81, 127)) + struct.pack("!Q", MAX_MESSAGE + 1),
            "kind 2": frame(2, b"binary"),
            "decode": frame(1, b"\xff\xfe"),
            "closed by the other side": frame(1, b"cut")[:3],
        }
        for expected, piece in cases.items():
            with self.subTest(expected), self.assertRaises(ConnectionLost) as lost:
                await self.receive(piece)
            self.assertIn(expected, lost.exception.message)

    async def test_something_else_at_the_port_is_told_apart(self):
        async def nothing(writer):
            pass

        async with Server(nothing, accept=b"wrong") as server:
            with self.assertRaises(DaemonError):
                await WebSocket.connect(server.endpoint)
        with self.assertRaises(NoDaemon):
            await WebSocket.connect(server.endpoint)


class Encrypted(unittest.IsolatedAsyncioTestCase):
    """A daemon on another machine, with a certificate that it has signed itself."""

    def setUp(self):
        if shutil.which("openssl") is None:
            self.skipTest("openssl, which makes the certificate, is not on PATH")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.certificate, key = (os.path.join(folder.name, name) for name in ("cert.pem", "key.pem"))
        words = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
        command = ["openssl", *words.split(), "-keyout", key, "-out", self.certificate]
        subprocess.run(command, check=True, capture_output=True)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self.certificate, key)

    async def test_a_given_certificate_is_trusted_and_no_other(self):
        async def script(writer):
            writer.write(frame(1, b"hello"))

        async with Server(script, tls=self.tls) as server:
            url = f"wss://localhost:{server.port}"
            socket = await WebSocket.connect(endpoint_of(url, "secret", ca_file=self.certificate))
            self.assertEqual(await socket.receive(), "hello")
            await socket.close()
            head = server.head
            for stranger in (endpoint_of(url, "secret"), endpoint_of(url.replace("localhost", "127.0.0.1"), "secret")):
                with self.assertRaises(NoDaemon) as refused:
                    await WebSocket.connect(stranger)
                self.assertIn("certificate", refused.exception.message.lower())
            self.assertEqual(server.head, head, "the token went to a stranger")


class Addresses(unittest.TestCase):
    def test_a_token_never_goes_over_a_network_in_clear(self):
        for url in ("ws://gpu.example:4000", "http://10.0.0.1:4000", "ws://127.0.0.1.example.com:4000"):
            with self.assertRaises(DaemonError) as refused:
                endpoint_of(url, "secret")
            self.assertEqual(refused.exception.kind, "access.denied")
            self.assertIn("wss://", refused.exception.message)
        self.assertIsNotNone(endpoint_of("wss://gpu.example:4000", "secret").tls)
        self.assertEqual(endpoint_of("ws://[::1]:4000", "secret").host_header, "[::1]:4000")

    def test_addresses_that_are_none(self):
        for url in ("gpu.example:4000", "ws://127.0.0.1", "ftp://127.0.0.1:1", "ws://127.0.0.1:99999", ""):
            with self.assertRaises(DaemonError) as refused:
                endpoint_of(url, "secret")
            self.assertEqual(refused.exception.kind, "input.parameter")


if __name__ == "__main__":
    unittest.main()
