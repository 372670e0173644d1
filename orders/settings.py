"""The orders' floor's settings: deadlines, limits and what needs a second person."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from core.config import setting


@dataclass(frozen=True)
class OrderSettings:
    """What orders read from the environment."""

    transfer_hours: int = setting(
        "LUMBUNG_TRANSFER_HOURS", "How long goods wait for a bank transfer", 24
    )
    transfer_code_rupiah_max: int = setting(
        "LUMBUNG_TRANSFER_CODE_RUPIAH_MAX",
        "Most rupiah taken off a transfer so that its last digits are its own (0 to 999; 0: none)",
        999,
        law=_l("Potongan kode unik terbesar pada transfer, ditanggung operator, rupiah"),
    )
    transfer_code_days: int = setting(
        "LUMBUNG_TRANSFER_CODE_DAYS",
        "How long after its time no other transfer asks for the same sum",
        14,
    )
    qris_minutes: int = setting(
        "LUMBUNG_QRIS_MINUTES", "How long goods wait for QRIS, wallets and cards", 30
    )
    card_minutes: int = setting(
        "LUMBUNG_CARD_MINUTES", "How long goods wait for a card from abroad; Stripe wants 33", 60
    )
    card_margin_points: int = setting(
        "LUMBUNG_CARD_MARGIN_POINTS",
        "What a rate is lowered by for cards from abroad, in hundredths of a percent",
        250,
    )
    rate_days: int = setting(
        "LUMBUNG_RATE_DAYS", "Days after which a rate that was not renewed is not offered", 7
    )
    rate_step_percent: int = setting(
        "LUMBUNG_RATE_STEP_PERCENT",
        "A rate further from the last one than so many percent needs a second treasurer",
        10,
    )
    va_hours: int = setting(
        "LUMBUNG_VA_HOURS", "How long goods wait for a virtual account or a minimarket", 24
    )
    pickup_cash_hours: int = setting(
        "LUMBUNG_PICKUP_CASH_HOURS", "How long goods wait for who pays in cash when picking up", 48
    )
    delivery_cash_hours: int = setting(
        "LUMBUNG_DELIVERY_CASH_HOURS", "How long goods wait to be paid in cash at the door", 168
    )
    order_messages_max: int = setting(
        "LUMBUNG_ORDER_MESSAGES_MAX", "Questions and answers of one order, all its parcels", 20
    )
    asking_tries: int = setting(
        "LUMBUNG_ASKING_TRIES", "Questions about orders per network address in an hour", 20
    )
    samples_max: int = setting(
        "LUMBUNG_SAMPLES_MAX", "Small packs to try of one kind in one order", 2
    )
    cash_rupiah_max: int = setting(
        "LUMBUNG_CASH_RUPIAH_MAX",
        "Largest order that may be paid in cash at the door",
        500_000,
        law=_l("Pesanan terbesar yang boleh dibayar di tempat, rupiah"),
    )
    cash_first_rupiah_max: int = setting(
        "LUMBUNG_CASH_FIRST_RUPIAH_MAX",
        "Largest cash order of a buyer who has never paid one of her orders",
        250_000,
        law=_l("Pesanan tunai terbesar untuk pembeli baru, rupiah"),
    )
    cash_open_max: int = setting(
        "LUMBUNG_CASH_OPEN_MAX",
        "Cash orders of one buyer that may be unpaid at once",
        3,
        law=_l("Pesanan tunai yang boleh belum dibayar bersamaan, per pembeli"),
    )
    cash_missed_max: int = setting(
        "LUMBUNG_CASH_MISSED_MAX",
        "So many cash orders refused at the door or never fetched end cash for a buyer",
        2,
        law=_l("Sesudah sekian pesanan tunai tidak diterima, pembeli tidak bisa tunai"),
    )
    cash_memory_days: int = setting(
        "LUMBUNG_CASH_MEMORY_DAYS",
        "How long a refused or never fetched cash order counts",
        180,
        law=_l("Berapa hari pesanan tunai yang tidak diterima diingat"),
    )
    pickup_wait_days: int = setting(
        "LUMBUNG_PICKUP_WAIT_DAYS",
        "How long a packed pick-up that is paid in cash waits for its buyer",
        3,
    )
    accept_hours: int = setting(
        "LUMBUNG_ACCEPT_HOURS", "How long a maker or keeper has to accept a parcel", 24
    )
    answer_near_hours: int = setting(
        "LUMBUNG_ANSWER_NEAR_HOURS",
        "Hours before an answer is due in which the coordinator sees that it lacks",
        4,
    )
    complaint_days: int = setting(
        "LUMBUNG_COMPLAINT_DAYS",
        "Working days after receipt in which a buyer may complain; the law says two",
        2,
        law=_l("Hari kerja untuk menukar atau mengembalikan (PP 80/2019)"),
    )
    claim_answer_days: int = setting(
        "LUMBUNG_CLAIM_ANSWER_DAYS",
        "Working days in which a seller, keeper or coordinator answers a buyer's problem",
        2,
        law=_l("Hari kerja untuk menjawab keluhan pembeli"),
    )
    claim_reply_days: int = setting(
        "LUMBUNG_CLAIM_REPLY_DAYS",
        "Working days in which a buyer says whether she agrees; then the answer stands",
        3,
    )
    send_back_rupiah_min: int = setting(
        "LUMBUNG_SEND_BACK_RUPIAH_MIN",
        "Goods worth less are not asked to be sent back",
        50_000,
        law=_l("Barang di bawah nilai ini tidak perlu dikirim kembali, rupiah"),
    )
    send_back_days: int = setting(
        "LUMBUNG_SEND_BACK_DAYS", "Days in which goods that are asked back should be there", 14
    )
    replaced_days: int = setting(
        "LUMBUNG_REPLACED_DAYS", "Days after which other goods that were sent count as arrived", 7
    )
    claim_tries: int = setting(
        "LUMBUNG_CLAIM_TRIES", "Problems told per network address in an hour", 20
    )
    refund_account_tries: int = setting(
        "LUMBUNG_REFUND_ACCOUNT_TRIES", "Tries to name a bank account for a refund in an hour", 10
    )
    refund_account_days: int = setting(
        "LUMBUNG_REFUND_ACCOUNT_DAYS",
        "Days after a refund after which the buyer's bank account is forgotten",
        30,
        law=_l("Hari sampai nomor rekening pembeli dihapus setelah uang kembali"),
    )
    second_person_rupiah: int = setting(
        "LUMBUNG_SECOND_PERSON_RUPIAH",
        "A transfer from this amount on needs two treasurers",
        2_000_000,
        law=_l("Transfer mulai jumlah ini diperiksa dua bendahara, rupiah"),
    )
    lines_max: int = setting("LUMBUNG_BASKET_LINES_MAX", "Different products in one order", 40)
    placing_tries: int = setting(
        "LUMBUNG_PLACING_TRIES",
        "Presses of the order button per network address in an hour",
        30,
    )
    finding_tries: int = setting(
        "LUMBUNG_FINDING_TRIES", "Tries to find an order by number and phone in 15 minutes", 8
    )
    bank_account: str = setting(
        "LUMBUNG_BANK_ACCOUNT",
        "Where buyers transfer to: bank, number and name",
        "CONTOH Bank Desa 0000-0000-00 a.n. Lumbung (rekaan)",
    )
