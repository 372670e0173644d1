"""Child processes that cannot outlive us, and the account and folders they are given.

Linux only: the kernel is asked to signal each child when its parent ends, kill -9 included.
"""

import ctypes
import os
import pwd
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

PR_SET_PDEATHSIG = 1  # prctl(2)
PRCTL = ctypes.CDLL(None).prctl  # Looked up here: a forked child should not have to.


def end_with(parent: int, signal_at_death: int) -> None:
    """Let the kernel signal this process when its parent ends, kill -9 included."""
    PRCTL(PR_SET_PDEATHSIG, signal_at_death, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # It ended before we asked, so no signal would come.


def dying_with_us(signal_at_death: int) -> Callable[[], None]:
    """What Popen runs in a child of ours between fork and exec, to tie its life to our own.

    Python runs it after the change of account, which would have cleared the wish (prctl(2)).
    """
    return partial(end_with, os.getpid(), signal_at_death)


@dataclass(frozen=True)
class Account:
    """The Unix account that the server runs as."""

    uid: int
    gid: int

    @classmethod
    def ours(cls) -> "Account":
        """Ourselves, or `nobody` where we are root."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        entry = pwd.getpwnam("nobody")
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def is_other(self) -> bool:
        """Whether we are root and the server is not."""
        return self.uid != os.geteuid()

    def barred_by(self, path: Path) -> Path | None:
        """The first step on the way to a folder or program that is closed to this account."""
        for step in [*reversed(path.parents), path]:
            about = step.stat()
            shift = 6 if about.st_uid == self.uid else 3 if about.st_gid == self.gid else 0
            if not about.st_mode >> shift & 1:
                return step
        return None

    def give(self, folder: Path) -> None:
        """Make a folder that only this account enters."""
        folder.mkdir(mode=0o700)
        if self.is_other:
            os.chown(folder, self.uid, self.gid)

    def start(
        self,
        argv: list[str],
        signal_at_death: int,
        folder: Path,
        log: int,
        env: Mapping[str, str] = {},
    ) -> subprocess.Popen[bytes]:
        """Run a program as this account, in its own session, and tie its life to ours.

        Call it from the main thread: the kernel signals when the *thread* that forked ends.
        """
        return subprocess.Popen(  # noqa: S603  # Our own programs, no shell.
            argv,
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **env},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=0o077,
            user=self.uid if self.is_other else None,
            group=self.gid if self.is_other else None,
            extra_groups=[] if self.is_other else None,
            preexec_fn=dying_with_us(signal_at_death),
        )


def make_folder(folder: Path) -> None:
    """Make a launcher's folder where it is missing; folders that exist keep their modes.

    As root it is ours and may be passed through, so that the server reaches its own rooms in it.
    """
    as_root = os.geteuid() == 0
    for step in [*reversed(folder.parents), folder]:
        if not step.exists():
            step.mkdir()
            step.chmod(0o755 if as_root or step != folder else 0o700)
