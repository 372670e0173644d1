"""Where money can be sent to, kept as data: banks and wallets, the most used in villages first."""

import re

BANKS = {
    "bri": "BRI",
    "bca": "BCA",
    "mandiri": "Mandiri",
    "bni": "BNI",
    "bsi": "BSI",
    "jateng": "Bank Jateng",
    "btn": "BTN",
    "cimb": "CIMB Niaga",
    "danamon": "Danamon",
    "permata": "Permata",
    "mega": "Mega",
    "muamalat": "Muamalat",
    "bca_syariah": "BCA Syariah",
    "seabank": "SeaBank",
    "jago": "Jago",
}
WALLETS = {
    "dana": "DANA",
    "gopay": "GoPay",
    "ovo": "OVO",
    "shopeepay": "ShopeePay",
    "linkaja": "LinkAja",
}
CODES = {
    "bri": "002",
    "mandiri": "008",
    "bni": "009",
    "danamon": "011",
    "permata": "013",
    "bca": "014",
    "cimb": "022",
    "jateng": "113",
    "muamalat": "147",
    "btn": "200",
    "mega": "426",
    "bsi": "451",
    "seabank": "535",
    "bca_syariah": "536",
    "jago": "542",
}
"""By which number banks name each other in transfers; wallets have none."""
assert CODES.keys() == BANKS.keys(), "every bank has a number"
NAMES = BANKS | WALLETS
TAIL = 4
_BANK_NUMBER, _WALLET_NUMBER = re.compile("[0-9]{8,18}"), re.compile("08[0-9]{8,11}")


def plain(number: str) -> str:
    """A number without the blanks, dots and hyphens that people write into it."""
    return re.sub("[ .-]", "", number)


def fits(bank: str, number: str) -> bool:
    """Whether a plain number may be one of this bank or wallet; a wallet's is a mobile number."""
    shape = _WALLET_NUMBER if bank in WALLETS else _BANK_NUMBER
    return bank in NAMES and bool(shape.fullmatch(number)) and len(set(number)) > 1
