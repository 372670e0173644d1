"""How banks write their statement files: header names and notes, as data. A new bank is a new row.

Gathered from files that people published; banks change them, so several names stand for a column.
"""

from flask_babel import lazy_gettext as _

from core.sheets import Column, Kind, Layout

_ACCOUNT = Column(
    "account",
    ("AccountNo", "Account No", "Account Number", "NOREK", "No Rekening", "Nomor Rekening"),
    is_needed=False,
)
_SUMS = ("Saldo Awal", "Saldo Akhir", "Mutasi Debet", "Mutasi Kredit", "Total", "Jumlah", "Opening",
         "Closing", "Dicetak")  # fmt: skip

LAYOUTS: dict[str, Layout] = {
    layout.code: layout
    for layout in (
        Layout(
            "bca",
            _("BCA (KlikBCA)"),
            (
                Column("day", ("Tanggal Transaksi",), Kind.DAY),
                Column("text", ("Keterangan",)),
                Column("branch", ("Cabang", "CBG")),
                Column("amount", ("Jumlah", "Mutasi"), Kind.AMOUNT),
                Column("amount", (), Kind.MARK, is_needed=False),
            ),
            _SUMS,
        ),
        Layout(
            "bri",
            _("BRI (CMS, Qlola, BRImo)"),
            (
                Column("day", ("TGL_TRAN",), Kind.DAY),
                Column("text", ("DESK_TRAN", "REMARK_CUSTOM", "TRREMK")),
                Column("amount", ("MUTASI_KREDIT",), Kind.CREDIT),
                Column("amount", ("MUTASI_DEBET", "MUTASI_DEBIT"), Kind.DEBIT),
                _ACCOUNT,
            ),
            _SUMS,
        ),
        Layout(
            "mandiri",
            _("Mandiri (Kopra, MCM, Livin)"),
            (
                Column("day", ("PostDate", "Post Date", "Posting Date", "Date"), Kind.DAY),
                Column("text", ("Remarks", "Remark", "AdditionalDesc", "Description",
                                "Reference No.")),
                Column("amount", ("Credit Amount", "Credit"), Kind.CREDIT),
                Column("amount", ("Debit Amount", "Debit"), Kind.DEBIT),
                _ACCOUNT,
            ),
            _SUMS,
        ),
        Layout(
            "bsi",
            _("BSI (Net, Cash Management)"),
            (
                Column("day", ("Tanggal", "Tgl", "Trx Date", "Tanggal Transaksi"), Kind.DAY),
                Column("text", ("Keterangan", "Uraian", "Description", "TrxId", "FT Number")),
                Column("amount", ("Mutasi", "Jumlah", "Amount", "Nominal"), Kind.AMOUNT),
                Column("amount", ("D/K", "DB/CR", "DK", "DC", "Debit/Kredit"), Kind.MARK),
                _ACCOUNT,
            ),
            _SUMS,
        ),
        Layout(
            "umum",
            _("Bank lain (tanggal, keterangan, debit, kredit)"),
            (
                Column("day", ("Tanggal", "Tgl", "Tanggal Transaksi", "Date", "Transaction Date"),
                       Kind.DAY),
                Column("text", ("Keterangan", "Uraian", "Deskripsi", "Description", "Berita",
                                "Remarks", "Referensi")),
                Column("amount", ("Kredit", "Credit", "Masuk", "Cr"), Kind.CREDIT),
                Column("amount", ("Debit", "Debet", "Keluar", "Db"), Kind.DEBIT),
                _ACCOUNT,
            ),
            _SUMS,
        ),
    )
}  # fmt: skip
