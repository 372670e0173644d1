"""A gateway that takes every call and never answers; it counts how many wait at once."""

import socket
import threading
from contextlib import contextmanager


class Hanging:
    """`most` is the largest number of callers that waited at the same time."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock, self._now, self.most, self.calls = threading.Lock(), 0, 0, 0

    def _take(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._hold, args=(connection,), daemon=True).start()

    def _hold(self, connection):
        with self._lock:
            self._now += 1
            self.calls += 1
            self.most = max(self.most, self._now)
        with connection:
            connection.settimeout(60)
            try:
                while connection.recv(65536):
                    pass  # The question; there is no answer.
            except OSError:
                pass
        with self._lock:
            self._now -= 1

    @contextmanager
    def serving(self):
        threading.Thread(target=self._take, daemon=True).start()
        try:
            yield self
        finally:
            self._listener.close()

    def environ(self):
        """What the house must know to ask here."""
        return {
            "MIDTRANS_SERVER_KEY": "SB-Mid-server-hanging",
            "MIDTRANS_SNAP_URL": self.url,
            "MIDTRANS_API_URL": self.url,
            "LUMBUNG_SIMULATORS": "yes",
        }
