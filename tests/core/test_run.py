"""The house starts and stops as one: real PostgreSQL, real gunicorn, real signals."""

import http.client
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from app import create_app
from core.postgres import Postgres
from core.run import main, secret_key

CHECKOUT = Path(__file__).resolve().parents[2]

# `make run` with a web page of three lines instead of the shop.
HOUSE = """
import sys
from pathlib import Path
from core.companions import Companion, free_port
from core.postgres import Postgres
from core.run import keep_house, web_server
from core.supervisor import Child

folder, port, first = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
web = web_server(port)
web = Child(web.name, (*web.argv[:-1], f"--pythonpath={folder}", "page:app"))
sleep = (sys.executable, "-c", "import time; time.sleep(600)", str(folder))
worker = Child("The job worker", sleep)
first = Child("Preparing the database", (sys.executable, "-c", first))
own = free_port(port + 1000)
listen = f"import socket, time; s = socket.create_server(('127.0.0.1', {own})); time.sleep(601)"
beside = Companion(
    Child("The companion", (sys.executable, "-c", listen, str(folder))), own, {"BESIDE": "hello"}
)
server = Postgres(folder / "data", fsync=False)
sys.exit(keep_house(server, first, web, [worker], port, sources=folder, beside=[beside]))
"""


def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
PAGE = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]
"""
SIGN_INS = "print('Bu Sari 081234567890 PIN 123456')"


@pytest.fixture(scope="module")
def room():
    folder = Path(tempfile.mkdtemp(prefix="lumbung-room-", dir="/tmp"))
    folder.chmod(0o711)
    (folder / "page.py").write_text(PAGE)
    (folder / "house.py").write_text(HOUSE)
    with Postgres(folder / "data", fsync=False):
        pass
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class House:
    """A running house in a process of its own, and all that belongs to it."""

    def __init__(self, room, port, argv):
        self.room = room
        self.port = port
        env = os.environ | {"PYTHONPATH": str(CHECKOUT)}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(argv, stdout=pipe, text=True, env=env, cwd=CHECKOUT)
        self.first_line = self.process.stdout.readline()
        self.sign_ins = self.process.stdout.readline()

    def all(self):
        """Every process of this house: its folder is in their arguments, or they work in it."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                here = os.readlink(entry / "cwd")
            except OSError:
                continue
            if str(self.room) in words or str(self.room) in here:
                found[int(entry.name)] = words
        return found

    def pid(self, mark):
        """The oldest process with this mark in its arguments."""
        return min(pid for pid, words in self.all().items() if mark in words)

    def get(self, host="127.0.0.1", path="/hello"):
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        connection.request("GET", path)
        answer = connection.getresponse().read().decode()
        connection.close()
        return answer

    def ended(self, seconds=30):
        """The exit code and the last words."""
        words, _ = self.process.communicate(timeout=seconds)
        return self.process.returncode, words

    def killed_leaves_nothing(self):
        """Kill -9 what was started; everything else must end by itself, and soon."""
        self.process.kill()
        deadline = time.monotonic() + 10
        while (left := self.all()) and time.monotonic() < deadline:
            time.sleep(0.05)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        self.process.communicate()
        assert left == {}


@pytest.fixture
def house(room, port):
    argv = [sys.executable, str(room / "house.py"), str(room), str(port), SIGN_INS]
    house = House(room, port, argv)
    yield house
    if house.process.returncode is None:
        house.killed_leaves_nothing()


@pytest.mark.service
class TestTheHouse:
    def test_it_says_where_it_is_ready_and_then_who_may_sign_in(self, house):
        assert house.first_line == f"ready http://localhost:{house.port}\n"
        assert house.sign_ins == "Bu Sari 081234567890 PIN 123456\n"

    @pytest.mark.parametrize("name", ["localhost", "127.0.0.1", pytest.param("::1", marks=ipv6)])
    def test_it_answers_under_both_names(self, house, name):
        assert house.get(name) == "/hello"

    @pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_a_wish_to_stop_ends_everything_quietly(self, house, wish):
        with socket.create_connection(("127.0.0.1", house.port)):  # As browsers keep in stock.
            house.process.send_signal(wish)
            assert house.ended() == (0, "")
        assert house.all() == {}

    @pytest.mark.parametrize(
        ("mark", "name"),
        [
            ("bin/postgres", "PostgreSQL"),
            ("gunicorn", "The web server"),
            ("time.sleep(600)", "The job worker"),
            ("time.sleep(601)", "The companion"),
        ],
    )
    def test_a_killed_part_ends_all_and_is_named(self, house, mark, name):
        os.kill(house.pid(mark), signal.SIGKILL)
        code, words = house.ended()
        assert code == 1
        assert words.startswith(f"{name} ended by itself (SIGKILL).")
        assert "`make run`" in words
        assert house.all() == {}

    def test_a_killed_web_worker_is_replaced(self, house):
        arbiter = house.pid("gunicorn")
        worker = min(p for p, words in house.all().items() if "gunicorn" in words and p != arbiter)
        os.kill(worker, signal.SIGKILL)
        assert [house.get() for _ in range(5)] == ["/hello"] * 5
        assert house.process.poll() is None

    def test_killing_the_supervisor_leaves_nothing(self, house):
        assert len(house.all()) > 7
        house.killed_leaves_nothing()

    def test_a_second_start_without_news_skips_the_preparation(self, room, port):
        first = f"open('{room}/starts', 'a').write('.'); print('Bu Sari')"
        argv = [sys.executable, str(room / "house.py"), str(room), str(port), first]
        for _ in range(2):
            house = House(room, port, argv)
            assert house.sign_ins == "Bu Sari\n"
            house.process.terminate()
            assert house.ended() == (0, "")
        assert (room / "starts").read_text() == "."

    def test_what_stands_beside_the_house_brings_settings_to_it(self, room, port):
        first = "import os; print(os.environ['BESIDE'])"
        house = House(room, port, [sys.executable, room / "house.py", room, str(port), first])
        assert house.sign_ins == "hello\n"
        house.killed_leaves_nothing()

    def test_web_workers_end_even_with_everybody_above_them_killed(self, house):
        house.process.send_signal(signal.SIGSTOP)
        os.kill(house.pid("gunicorn"), signal.SIGKILL)
        house.killed_leaves_nothing()

    def test_a_failed_preparation_ends_all_and_is_named(self, room, port):
        argv = [sys.executable, str(room / "house.py"), str(room), str(port), "raise SystemExit(3)"]
        house = House(room, port, argv)
        assert house.first_line.startswith("Preparing the database failed (exit code 3).")
        assert house.ended()[0] == 1
        assert house.all() == {}

    def test_killing_make_leaves_nothing(self, room, port):
        recipe = f"run:\n\t@exec {sys.executable} house.py {room} {port} \"print('hello')\"\n"
        (room / "Makefile").write_text(recipe)
        house = House(room, port, ["make", "-C", str(room), "--no-print-directory", "run"])
        assert house.first_line.startswith("ready")
        house.killed_leaves_nothing()

    def test_a_closed_terminal_does_not_end_it_under_nohup(self, room, port):
        argv = [sys.executable, str(room / "house.py"), str(room), str(port), SIGN_INS]
        house = House(room, port, ["nohup", *argv])
        house.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        assert house.get() == "/hello"
        house.process.terminate()
        assert house.ended() == (0, "")


def test_a_house_is_built_without_a_connection_or_a_thread_so_that_it_may_be_forked():
    threads = threading.active_count()
    nowhere = "postgresql+psycopg://lumbung@/lumbung?host=/nowhere"
    create_app({"DATABASE_URL": nowhere, "SECRET_KEY": 40 * "x"})
    assert threading.active_count() == threads


def test_a_taken_port_is_said_before_anything_starts(monkeypatch, capfd):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        assert main([]) == 1
    words = capfd.readouterr().out
    assert f"Port {port} on 127.0.0.1 cannot be used: Address already in use." in words
    assert "PORT=" in words


@pytest.mark.parametrize("port", ["delapan", "70000"])
def test_a_port_that_is_none_is_refused(monkeypatch, capfd, port):
    monkeypatch.setenv("PORT", port)
    assert main([]) == 1
    assert "PORT is not a number" in capfd.readouterr().out


def test_an_unknown_word_shows_the_usage(capfd):
    assert main(["dance"]) == 2
    assert "python -m core.run flask" in capfd.readouterr().out


def test_the_secret_key_is_made_once_and_for_our_eyes_only(tmp_path):
    folder = tmp_path / "new" / "house"
    key = secret_key(folder)
    assert len(key) >= 64
    assert secret_key(folder) == key
    assert [path.name for path in folder.iterdir()] == ["secret-key"]
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
