"""Lighthouse's verdict on the pages a buyer meets, as a phone on slow 4G: the median of a few."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

CI = Path(__file__).parents[2] / ".ci"
PROGRAM = CI / "node_modules/.bin/lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TRIES, LOST_TRACE = 3, "Please run Lighthouse again"
"""Chromium's trace is lost now and then; that says nothing of the page, and Lighthouse asks so."""
BUDGETS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}


def is_here():
    """Whether it can run: npm to install it, Chromium to drive."""
    if shutil.which("npm") and not PROGRAM.exists():
        subprocess.run(["npm", "ci", "--silent", "--omit=dev"], cwd=CI, check=True)
    return PROGRAM.exists() and _chromium() is not None


def _chromium():
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def medians(port, path, cookie="", runs=3):
    """The median score (0–100) of each category."""
    scores = [_run(f"http://localhost:{port}{path}", cookie) for _ in range(runs)]
    return {name: statistics.median(score[name] for score in scores) for name in CATEGORIES}


def _run(url, cookie):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        argv = [str(PROGRAM), url, "--quiet", "--output=json", f"--output-path={out}"]
        argv += [f"--only-categories={','.join(CATEGORIES)}"]
        argv += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-quic"]
        if cookie:
            head = Path(folder) / "head.json"
            head.write_text(json.dumps({"Cookie": cookie}))
            argv.append(f"--extra-headers={head}")
        env = os.environ | {"CHROME_PATH": _chromium()}
        for _ in range(TRIES):
            done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=180)
            if LOST_TRACE not in done.stderr:
                break
        if done.returncode:
            raise SystemExit(
                f"lighthouse {url} ended with {done.returncode}: {done.stderr[-2000:]}"
            )
        report = json.loads(out.read_text())
    return {name: 100 * (report["categories"][name]["score"] or 0) for name in CATEGORIES}
