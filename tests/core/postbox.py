"""A mail server on loopback that keeps what it is given, or refuses as it is told."""

import socketserver
import threading
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_string

from flask import current_app

from core.settings import CoreSettings


class Desk(socketserver.StreamRequestHandler):
    """Just enough of SMTP to take letters."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        letter = None
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if letter is not None:
                if line != ".":
                    letter.append(line)
                    continue
                self.server.letters.append(message_from_string("\n".join(letter)))
                letter = None
                self.answer(b"250 kept")
            elif line.upper() == "DATA":
                letter = []
                self.answer(b"354 go on")
            elif line.upper().startswith("RCPT"):
                self.server.asked.append(line)
                self.answer(self.server.to_recipients)
            elif line.upper() == "QUIT":
                self.answer(b"221 bye")
                return
            else:
                self.answer(b"250 fine")

    def answer(self, line):
        self.wfile.write(line + b"\r\n")


@contextmanager
def open_postbox():
    """A server; `to_recipients` is what it says to every address."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Desk) as server:
        server.letters, server.asked, server.to_recipients = [], [], b"250 fine"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def use_postbox(server):
    """Let this app's mail go there."""
    current_app.extensions.pop("remotes", None)  # What failed in another test is forgotten.
    change(CoreSettings, smtp_url=f"smtp://127.0.0.1:{server.server_address[1]}")


def change(settings_class, **values):
    """Let this app run under other settings; the `app` fixture puts the old ones back."""
    known = current_app.extensions["settings"]
    known[settings_class] = replace(known[settings_class], **values)


def body(letter):
    """The words of a letter."""
    return letter.get_payload(decode=True).decode()
