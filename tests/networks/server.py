"""A small HTTP server with a network's manners: it logs, checks what it is asked, and fails when it is told to."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)

    def one(self, name: str) -> str | None:
        """The last value of a parameter."""
        return dict(self.query).get(name)


@dataclass(frozen=True)
class Answer:
    """What the server says; bytes are sent as they are."""

    payload: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """The request is not one that the vendor's interface takes."""


@dataclass
class Fault:
    """Something that goes wrong, for the next `times` requests whose path and query hold `where`, after `after` of them.

    `answer` is given in place of the true one (or changes it, as a function of it); `cut` sends half of it, `reset`
    none, `seconds` a byte at a time over that long (`slow_bytes`: only so many bytes of it, the rest at once).
    """

    where: str = ""
    times: int = 1
    after: int = 0
    answer: Answer | Callable[[Answer], Answer] | None = None
    cut: bool = False
    reset: bool = False
    seconds: float = 0.0
    slow_bytes: int | None = None

    def meets(self, asked: Asked) -> bool:
        if self.where not in asked.path + "?" + "&".join(f"{name}={value}" for name, value in asked.query):
            return False
        if self.after:
            self.after -= 1
            return False
        if not self.times:
            return False
        self.times -= 1
        return True


def unknown_fields(made: Any, place: str = "") -> list[str]:
    """Fields of an answer that the vendor's models do not know: they let them pass, for the day on which there are more."""
    if isinstance(made, BaseModel):
        named = [(name, getattr(made, name)) for name in type(made).model_fields]
        return [f"{place}.{name}" for name in made.model_extra or {}] + [
            fault for name, value in named for fault in unknown_fields(value, f"{place}.{name}")
        ]
    items = made if isinstance(made, list) else []
    return [fault for item in items for fault in unknown_fields(item, f"{place}[]")]


class NetworkServer:
    """Answers by :meth:`answer`; a subclass is one vendor's interface."""

    def __init__(self) -> None:
        self.log: list[Asked] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def refusal(self, message: str) -> Answer:
        """What the vendor says to a request that it does not take."""
        return Answer({"error": "InvalidRequest", "message": message}, 400)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.log]

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _handler(server) -> type[BaseHTTPRequestHandler]:  # noqa: N805 (the handler's own self is another)
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                query = parse_qsl(parts.query, keep_blank_values=True)
                asked = Asked(self.command, parts.path, query, headers, body)
                server.log.append(asked)
                try:
                    answer = server.answer(asked)
                except RefusedError as refused:
                    server.violations.append(str(refused))
                    answer = server.refusal(str(refused))
                except Exception as error:
                    # An answer that is not as the vendor's: the connection breaks, and the test says why.
                    server.violations.append(repr(error))
                    raise
                fault = next((fault for fault in server.faults if fault.meets(asked)), None)
                if fault and fault.answer:
                    answer = fault.answer(answer) if callable(fault.answer) else fault.answer
                self._send(answer, fault)

            do_POST = do_GET  # noqa: N815 (the name that the base class calls)

            def _send(self, answer: Answer, fault: Fault | None) -> None:
                raw = answer.payload if isinstance(answer.payload, bytes) else json.dumps(answer.payload).encode()
                if fault and fault.reset:
                    # With no time to linger, closing sends a reset.
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(answer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if fault and fault.cut:
                    self.wfile.write(raw[: len(raw) // 2])
                    self.close_connection = True
                    return
                try:
                    if fault and fault.seconds:
                        slow = len(raw) if fault.slow_bytes is None else fault.slow_bytes
                        for place in range(slow):
                            self.wfile.write(raw[place : place + 1])
                            self.wfile.flush()
                            time.sleep(fault.seconds / slow)
                        self.wfile.write(raw[slow:])
                    else:
                        self.wfile.write(raw)
                except OSError:
                    self.close_connection = True  # the client has had enough

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (ConnectionError, ValueError, OSError):
                    self.close_connection = True

        return Handler
