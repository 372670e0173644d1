"""The three families of failure.

DomainError      a rule said no; carries an HTTP status and a sentence safe to show
├── NotFound     it is not there, or not for you: the two look the same
├── Forbidden    you are known and may not do this
├── Busy         somebody holds the rows; trying again helps
└── Conflict     the same act was sent before with other content
RemoteError      their server failed: retry, or 502
AssertionError   our bug: 500, loud
"""

from flask_babel import lazy_gettext as _


class DomainError(Exception):
    """A rule said no. `sentence` is translatable and safe to show to a person."""

    status = 422
    sentence = _("Ini belum bisa dilakukan. Periksa lagi isiannya.")

    def __init__(self, sentence: object | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(str(type(self).__name__))

    def __str__(self) -> str:
        return f"{type(self).__name__}: {self.sentence}"


class NotFound(DomainError):
    """It does not exist, or belongs to somebody else; callers cannot tell which."""

    status = 404
    sentence = _("Halaman atau barang ini tidak ada.")


class Forbidden(DomainError):
    """The person is known and has no right to do this."""

    status = 403
    sentence = _("Halaman ini bukan untuk akun Ibu.")


class Busy(DomainError):
    """Rows stayed locked through every retry; nothing was changed."""

    status = 409
    sentence = _("Stok sedang diperbarui. Coba lagi sebentar.")


class Conflict(DomainError):
    """The same client-made id arrived before with other content; both are kept for a person."""

    status = 409
    sentence = _("Isian ini sudah pernah dikirim dengan isi lain. Muat ulang halaman.")


class TooMany(DomainError):
    """A limit on tries was reached."""

    status = 429
    sentence = _("Terlalu sering dicoba. Tunggu beberapa menit, lalu coba lagi.")


class RemoteError(Exception):
    """Somebody else's server failed or stayed silent; our own state is unharmed."""
