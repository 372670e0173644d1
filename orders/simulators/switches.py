"""Faults that a person or a test switches on in a simulator: some times, or until switched off."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

ALWAYS = -1


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong at gateways, in the words of the switches' page."""

    name: str
    indonesian: str
    english: str


FAULTS = (
    Fault("lose_answer", "Jawaban hilang setelah dikerjakan", "The answer is lost after the deed"),
    Fault("fail_5xx", "Menjawab 502 tanpa mengerjakan", "Answers 502 and does nothing"),
    Fault("hang", "Diam lebih lama daripada kita menunggu", "Silent for longer than we wait"),
    Fault("duplicate", "Pemberitahuan dikirim tiga kali", "A notice is sent three times"),
    Fault("reorder", "Dua pemberitahuan bertukar urutan", "Two notices change places"),
    Fault("delay", "Pemberitahuan terlambat", "A notice comes late"),
    Fault("forged", "Tanda tangan palsu", "A notice with a forged signature"),
    Fault("edited_status", "Isi diubah setelah ditandatangani", "Edited after it was signed"),
    Fault("silent", "Tidak ada pemberitahuan", "No notice at all"),
    Fault("wrong_amount", "Jumlah yang dibayar lain", "Another amount is paid"),
    Fault("deny_refund", "Bank menolak pengembalian", "The bank denies a refund"),
    Fault("no_balance", "Saldo kurang untuk pengembalian", "Too little balance for a refund"),
    Fault("late", "Masih bisa dibayar setelah lewat waktu", "Can still be paid when time is over"),
)
NAMES = tuple(fault.name for fault in FAULTS)


class Switches:
    """How many more times each fault strikes; one for all simulators, used by many threads."""

    def __init__(self) -> None:
        self._left = dict.fromkeys(NAMES, 0)
        self._lock = Lock()

    def set(self, **times: int) -> None:
        """Let faults strike so many more times; ALWAYS until switched off. Raises KeyError."""
        with self._lock:
            for name, count in times.items():
                if name not in self._left:
                    raise KeyError(name)
                self._left[name] = max(count, ALWAYS)

    def reset(self) -> None:
        """Let everything go well again."""
        self.set(**dict.fromkeys(NAMES, 0))

    def strikes(self, name: str) -> bool:
        """Whether a fault strikes this time; it is used up by asking."""
        with self._lock:
            left = self._left[name]
            if left > 0:
                self._left[name] = left - 1
            return left != 0

    def state(self) -> Mapping[str, int]:
        """All of them, as they stand."""
        with self._lock:
            return dict(self._left)
