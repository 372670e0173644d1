"""Load on a page, and what a page costs: CPU a request first, for that hardly moves with noise."""

import http.client
import re
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.machine import all_cpu_seconds, cpu_seconds

CONNECTIONS = 16
WARMING_REQUESTS = 200  # Eight connections prepare a statement when they run it the fifth time.
PATHS = Path(__file__).parent / "paths.lua"


@dataclass(frozen=True)
class Cost:
    """One run: requests a second, CPU µs a request, and the share of the machine others took."""

    rps: float
    cpu_us: float
    foreign: float


def drive(server, postgres_pid, paths, seconds):
    """Ask for these paths in turn over sixteen connections that stay open."""
    argv = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout=30s", "-s", str(PATHS)]
    argv += [f"http://127.0.0.1:{server.port}", "--", *paths]
    before, all_before, start = cpu_seconds(server.pid, postgres_pid), all_cpu_seconds(), _now()
    told = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(server.pid, postgres_pid) - before
    everything = all_cpu_seconds() - all_before
    if trouble := re.search(r"Non-2xx.*|Socket errors.*", told):
        raise SystemExit(f"{server.name} {paths[0]}: {trouble.group()}")
    requests = int(re.search(r"(\d+) requests in", told).group(1))
    wrk_used = everything - used  # wrk's own share is in here too; it is small and alike.
    took = _now() - start
    return Cost(requests / took, used / requests * 1e6, wrk_used / (2 * took))


def _now():
    return time.monotonic()


def in_turn(servers, postgres_pid, paths, seconds, rounds=3):
    """Floor and ours in turn, so that a slow minute hits both; the median run of each."""
    runs = {server.name: [] for server in servers}
    for _ in range(rounds):
        for server in servers:
            runs[server.name].append(drive(server, postgres_pid, paths[server.name], seconds))
    return {
        name: Cost(*(statistics.median(values) for values in _columns(costs)))
        for name, costs in runs.items()
    }


def _columns(costs):
    return zip(*((cost.rps, cost.cpu_us, cost.foreign) for cost in costs), strict=True)


def alone_ms(asked, visits=9):
    """Milliseconds of one visitor on idle servers: for each (server, paths), those of each page.

    The servers are asked in turn, page by page, so that a slow moment hits all; a page's time is
    the median of its visits, after some that warm caches and prepare statements.
    """
    lines = [http.client.HTTPConnection("127.0.0.1", s.port, timeout=30) for s, _paths in asked]
    took = [[[] for _path in paths] for _server, paths in asked]
    most = max(len(paths) for _server, paths in asked)
    warming = -(-WARMING_REQUESTS // most)
    for visit in range(warming + visits):
        for number in range(most):
            for line, (server, paths), times in zip(lines, asked, took, strict=True):
                if number < len(paths):
                    ms = _ask_ms(line, server, paths[number])
                    if visit >= warming:
                        times[number].append(ms)
    return [sorted(statistics.median(visits) for visits in times) for times in took]


def _ask_ms(line, server, path):
    start = time.perf_counter()
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{server.name} {path}: {answer.status}")
    return (time.perf_counter() - start) * 1000


def p95(times):
    """Of sorted times, the one that 95 of 100 keep within."""
    return times[int(len(times) * 0.95)]
