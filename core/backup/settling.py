"""Commands of the house run on a copy of its database, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

from core.backup.programs import GENTLY, BackupError

CHECKOUT = Path(__file__).resolve().parents[2]
WORDS_MAX = 2_000


def flask_on(url: str, *words: str, key: str, check: bool = True) -> str:
    """Run a flask command on another database; returns what it wrote. Raises BackupError."""
    answer = subprocess.run(  # noqa: S603  # Our own program, no shell.
        (*GENTLY, sys.executable, "-m", "flask", "--app", "app", *words),
        cwd=CHECKOUT,
        env=dict(os.environ) | {"DATABASE_URL": url, "SECRET_KEY": key},
        capture_output=True,
        text=True,
    )
    if check and answer.returncode:
        raise BackupError(f"The copy could not be settled: {answer.stderr[-WORDS_MAX:]}")
    return answer.stdout + answer.stderr
