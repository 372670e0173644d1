"""A thin line between a phone and the house: slow, stalling, cut at any byte, all by a seed.

    with serving.web(url) as web, weak_signal.before(web.port, seed=7) as line:
        page.goto(line.address)
        line.off(); line.on(); line.cut_after(900); line.lose_answer(b"POST /kirim")

DevTools' own throttling does not reach a service worker; this does, for it is a TCP proxy.
"""

import asyncio
import random
import threading
from contextlib import contextmanager, suppress

PACKET = 1_460
IN_TURN_SECONDS = 0.000_1
UP, DOWN = 0, 1


class Line:
    """30 kbit/s each way for the whole phone, 300 ms there and back, one packet in ten is late."""

    def __init__(self, target, seed, *, delay=0.15, bits=30_000, late=0.1, late_seconds=1.0):
        self.target, self.dice = target, random.Random(seed)
        self.delay, self.bits, self.late, self.late_seconds = delay, bits, late, late_seconds
        self.bytes, self.free, self.calls = [0, 0], [0.0, 0.0], set()
        self.writers = []
        self.is_on, self.cut_at, self.lost_words = True, None, None

    @property
    def address(self):
        """Where a browser goes."""
        return f"http://localhost:{self.port}"

    def off(self):
        """No signal: whatever is open breaks, and nothing new comes through."""
        self.is_on = False
        self.loop.call_soon_threadsafe(self._break_all)

    def on(self):
        """Signal again."""
        self.is_on = True

    def cut_after(self, count, way=DOWN):
        """Let so many more bytes through, then there is no signal."""
        self.cut_at = (way, self.bytes[way] + count)

    def lose_answer(self, words):
        """The next request with these words is heard and acted on, and its answer never arrives."""
        self.lost_words = words

    async def live(self, ready):
        """Carry what phones send until it is over."""
        self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._call, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self.over.wait()
        server.close()
        self._break_all()
        for writer in self.writers:  # Those whose end was still on its way, too.
            writer.transport.abort()
        await asyncio.sleep(0.05)  # Sockets close in the next turn of the loop.

    async def _call(self, reader, writer):
        if not self.is_on:
            return writer.transport.abort()
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        call = Call(back, writer)
        self.writers += (writer, back)
        self.calls.add(call)
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(self._carry(reader, call, UP), self._carry(there, call, DOWN))
        self.calls.discard(call)
        return None

    async def _carry(self, reader, call, way):
        while data := await reader.read(PACKET):
            self.free[way] = max(self.loop.time(), self.free[way]) + len(data) * 8 / self.bits
            late = self.late_seconds if self.dice.random() < self.late else 0
            soon = (
                call.last[way] + IN_TURN_SECONDS
            )  # Of two at one time asyncio takes either first.
            call.last[way] = max(soon, self.free[way] + self.delay + late)
            self.loop.call_at(call.last[way], self._deliver, call, way, data)
        self.loop.call_at(max(call.last[way], self.loop.time()) + 0.01, call.writers[way].close)

    def _deliver(self, call, way, data):
        if way == UP and self.lost_words and self.lost_words in data:
            call.is_deaf, self.lost_words = True, None
        if call.writers[way].is_closing():
            return None
        if way == DOWN and call.is_deaf:
            return call.hang_up(data[:9])  # Some bytes, or the browser would ask again by itself.
        if self.cut_at and self.cut_at[0] == way and self.bytes[way] + len(data) > self.cut_at[1]:
            kept, self.cut_at, self.is_on = self.cut_at[1] - self.bytes[way], None, False
            call.writers[way].write(data[:kept])
            self.bytes[way] += kept
            return self._break_all()
        self.bytes[way] += len(data)
        return call.writers[way].write(data)

    def _break_all(self):
        for call in list(self.calls):
            call.hang_up()


class Call:
    """One connection through the line."""

    def __init__(self, *writers):
        self.writers, self.last, self.is_deaf = writers, [0.0, 0.0], False

    def hang_up(self, last_words=b""):
        """The phone sees its end after these bytes; the house sees a reset."""
        if last_words:
            self.writers[DOWN].write(last_words)
        self.writers[DOWN].close()
        self.writers[UP].transport.abort()


@contextmanager
def before(port, seed=1, **how):
    """A line to this port, for as long as the block lasts."""
    line, ready = Line(port, seed, **how), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(line.live(ready)))
    thread.start()
    assert ready.wait(10)
    try:
        yield line
    finally:
        line.loop.call_soon_threadsafe(line.over.set)
        thread.join()
