"""A bank statement for the demo world: what KlikBCA would show, for whoever tries `/kas/mutasi`.

Sums of transfers are drawn anew for every order, so the file is written for what waits now.
"""

from sqlalchemy import select

from core import clock
from core.clock import WIB
from core.db import Reader
from orders.attempts import OPEN_STATES
from orders.models import Attempt, Order

HEAD = """Informasi Rekening - Mutasi Rekening (REKAAN)
No. rekening : ,'0000000000
Nama : ,LUMBUNG CONTOH
Periode : ,{day:%d/%m/%Y} - {day:%d/%m/%Y}
Kode Mata Uang : ,Rp

Tanggal Transaksi,Keterangan,Cabang,Jumlah,,Saldo
"""
FOOT = """PEND,"TRSF E-BANKING CR BELUM DIBUKUKAN",'0000,"10,000.00",CR,"0.00"
Saldo Awal,:,"0.00"
"""
WAITING_MAX = 20


def written(db: Reader) -> str:
    """A statement of today: every awaited transfer, money nobody knows, a fee, and a pending line.

    Of two or more awaited the last one comes too little, with its order's number.
    """
    waiting = db.execute(
        select(Attempt.amount, Order.number)
        .join(Order, Order.id == Attempt.order_id)
        .where(Attempt.method == "transfer", Attempt.state.in_(OPEN_STATES))
        .order_by(Attempt.created_at)
        .limit(WAITING_MAX)
    ).all()
    came = [
        (amount, f"TRSF E-BANKING CR {n:04d} CONTOH") for n, (amount, _no) in enumerate(waiting)
    ]
    if len(waiting) > 1:
        came[-1] = (waiting[-1].amount // 2, f"TRSF E-BANKING CR {waiting[-1].number}")
    came += [(12_345, "BUNGA"), (-6_500, "BIAYA ADM")]
    today = clock.now().astimezone(WIB)
    rows = "".join(_row(f"{today:%d/%m}", amount, text) for amount, text in came)
    return HEAD.format(day=today) + rows + FOOT


def _row(day: str, amount: int, text: str) -> str:
    mark = "CR" if amount > 0 else "DB"
    return f'\'{day},"{text}",\'0000,"{abs(amount):,}.00",{mark},"0.00"\n'
