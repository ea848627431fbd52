#!/usr/bin/env python3
"""Sharpens a map through the daemon: connect, upload, sharpen, download.

    python3 examples/python/sharpen.py HALF1 HALF2 REFERENCE MASK OUT

Needs nothing beyond Python 3.8: voxels go by HTTP (http.client), control by JSON-RPC over a WebSocket, of which the
client's half is written out below. The daemon must run (`npx locscale daemon start`).
"""

import base64
import http.client
import json
import os
import pathlib
import socket
import struct
import sys
from urllib.parse import quote, urlsplit


def connection_file():
    """Path of the file in which the daemon says how to reach it (docs/protocol.md, Connecting)."""
    env = os.environ
    if env.get("LOCSCALE_HOME"):
        return pathlib.Path(env["LOCSCALE_HOME"], "daemon.json")
    if env.get("XDG_RUNTIME_DIR"):
        return pathlib.Path(env["XDG_RUNTIME_DIR"], "locscale", "daemon.json")
    state = pathlib.Path(env.get("XDG_STATE_HOME") or pathlib.Path.home() / ".local" / "state")
    return state / "locscale" / "hosts" / socket.gethostname() / "daemon.json"


class WebSocket:
    """Text messages over RFC 6455, as far as a client of the daemon needs it."""

    TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA

    def __init__(self, host, port, path, token):
        self._socket = socket.create_connection((host, port), timeout=600)
        key = base64.b64encode(os.urandom(16)).decode()
        request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n\r\n"
        )
        self._socket.sendall(request.encode())
        self._stream = self._socket.makefile("rb")
        status = self._stream.readline().decode("latin-1").strip()
        while self._stream.readline().strip():
            pass
        if " 101 " not in f"{status} ":
            raise ConnectionError(f"the daemon refused the connection: {status}")

    def send(self, text):
        self._send_frame(self.TEXT, text.encode())

    def _send_frame(self, opcode, payload):
        length = len(payload)
        head = bytes([0x80 | opcode])  # one whole message in one frame
        if length < 126:
            head += bytes([0x80 | length])
        elif length < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", length)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", length)
        mask = os.urandom(4)  # RFC 6455, section 5.3: a client masks what it sends
        body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self._socket.sendall(head + mask + body)

    def receive(self):
        """The next text message; answers pings on the way."""
        parts = []
        while True:
            final, opcode, payload = self._receive_frame()
            if opcode == self.PING:
                self._send_frame(self.PONG, payload)
            elif opcode == self.CLOSE:
                raise ConnectionError(f"the daemon closed the connection: {payload[2:].decode()}")
            elif opcode != self.PONG:
                parts.append(payload)
                if final:
                    return b"".join(parts).decode()

    def _receive_frame(self):
        first, second = self._exactly(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self._exactly(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self._exactly(8))
        return bool(first & 0x80), first & 0x0F, self._exactly(length)

    def _exactly(self, count):
        data = self._stream.read(count)
        if len(data) != count:
            raise ConnectionError("the connection to the daemon ended")
        return data

    def close(self):
        self._send_frame(self.CLOSE, struct.pack(">H", 1000))
        self._socket.close()


class Daemon:
    """JSON-RPC calls and notifications over a WebSocket, voxels over HTTP."""

    def __init__(self):
        connection = json.loads(connection_file().read_text())
        address = urlsplit(connection["url"])
        self._address = (address.hostname, address.port)
        self._token = pathlib.Path(connection["tokenFile"]).read_text().strip()
        self._socket = WebSocket(*self._address, "/rpc", self._token)
        self._last_id = 0

    def call(self, method, **params):
        """Calls a method and returns its result; prints the progress of jobs that arrives meanwhile."""
        self._last_id += 1
        self._socket.send(json.dumps({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params}))
        while True:
            message = self.next_message()
            if message.get("id") == self._last_id:
                if "error" in message:
                    raise RuntimeError(message["error"]["message"])
                return message["result"]

    def next_message(self):
        message = json.loads(self._socket.receive())
        if message.get("method") == "job.progress":
            progress = message["params"]["progress"]
            print(f"{progress['fraction']:.0%} {progress['message']}")
        return message

    def upload(self, path):
        with open(path, "rb") as body:
            headers = {"Content-Type": "application/x-mrc", "Content-Length": str(os.path.getsize(path))}
            response = self._http("PUT", f"/volumes?name={quote(os.path.basename(path), safe='')}", headers, body)
            return json.load(response)["id"]

    def download(self, volume, path):
        response = self._http("GET", f"/volumes/{volume}?format=mrc", {})
        with open(path, "wb") as file:
            while True:
                chunk = response.read(1 << 20)
                if not chunk:
                    break
                file.write(chunk)

    def _http(self, verb, path, headers, body=None):
        connection = http.client.HTTPConnection(*self._address)
        connection.request(verb, path, body, {"Authorization": f"Bearer {self._token}", **headers})
        response = connection.getresponse()
        if response.status >= 300:
            raise RuntimeError(json.load(response)["error"]["message"])
        return response

    def wait(self, job):
        """The job once it has ended. Asked for once by name: its end may have come before anybody listened."""
        state = self.call("job.get", job=job)
        while state["endedAt"] is None:
            message = self.next_message()
            if message.get("method") == "job.changed" and message["params"]["job"]["id"] == job:
                state = message["params"]["job"]
        return state

    def close(self):
        self._socket.close()


def main(half1, half2, reference, mask, out):
    daemon = Daemon()
    hello = daemon.call("session.hello", client="example in Python", api="1.0")
    print(f"daemon {hello['version']}, SIMD {hello['engine']['simd']}")

    volumes = [daemon.upload(path) for path in (half1, half2, reference, mask)]
    inputs = {"halfMaps": volumes[:2], "reference": volumes[2], "mask": volumes[3]}
    job = daemon.wait(daemon.call("job.submit", recipe="reference-map", inputs=inputs)["id"])
    if job["state"] != "done":
        sys.exit(job["error"]["message"] if job["error"] else f"the job ended as {job['state']}")

    sharpened = job["outputs"]["sharpened"]
    daemon.download(sharpened, out)
    for volume in (*volumes, sharpened):
        daemon.call("volume.close", volume=volume)
    daemon.close()
    print(f"{out} written")


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit("usage: sharpen.py HALF1 HALF2 REFERENCE MASK OUT")
    try:
        main(*sys.argv[1:])
    except (RuntimeError, OSError) as error:
        sys.exit(f"sharpen.py: {error}")
