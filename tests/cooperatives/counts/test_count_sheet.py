"""The count sheet as an Excel file, out and in, with a look before it is used."""

import io
import re

import pytest

from cooperatives.lot_codes import code_of
from cooperatives.rights import KEEP
from core import workbooks
from tests.cooperatives.counts.factories import opened, rows
from tests.cooperatives.factories import a_lot, a_place, a_variant
from tests.factories import an_actor, give, sign_in, token_in

pytestmark = pytest.mark.service


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


@pytest.fixture
def keeper(client, kiosk):
    actor = an_actor()
    give(actor, KEEP, kiosk.id)
    sign_in(client)
    return actor


@pytest.fixture
def lots(kiosk):
    return [a_lot(a_variant(), kiosk, units) for units in (10, 20)]


def look(client, count_id, content):
    one = f"/kios-kerja/hitung/{count_id}"
    data = {"csrf_token": token_in(client.get(one)), "lembar": (io.BytesIO(content), "a.xlsx")}
    return client.post(f"{one}/excel", data=data, follow_redirects=True)


def use(client, count_id, page):
    fields = dict(re.findall(r'name="(act_id|angka-\d+)"\s+value="([^"]+)"', page.text))
    data = {"csrf_token": token_in(page), **fields}
    return client.post(f"/kios-kerja/hitung/{count_id}/angka", data=data)


def test_a_sheet_goes_out_and_comes_back_with_numbers(client, keeper, kiosk, lots):
    count_id = opened(kiosk, keeper)
    out = client.get(f"/kios-kerja/hitung/{count_id}/excel")
    header, *lines = (record.cells for record in workbooks.records_of(out.data))
    assert {line[0]: line[4] for line in lines} == {
        code_of(lots[0].id): "10",
        code_of(lots[1].id): "20",
    }
    filled = [[*line[:5], 9] if line[4] == "10" else line for line in lines]
    content = workbooks.written(header, filled)
    page = look(client, count_id, content)
    assert rows(count_id)[lots[0].id].told == ()  # Only looked at.
    for _ in range(2):
        use(client, count_id, page)
        use(client, count_id, look(client, count_id, content))
    assert [one.quantity for one in rows(count_id)[lots[0].id].told] == [9]
    assert rows(count_id)[lots[1].id].told == ()


def test_lines_that_cannot_be_read_are_told_with_their_number(client, keeper, kiosk, lots):
    count_id, code = opened(kiosk, keeper), code_of(lots[0].id)
    wrong = [(code, "banyak"), ("L9999Z", 3), (code, 4), (code, 4)]
    page = look(client, count_id, workbooks.written(["Kode", "Ada"], wrong)).text
    for line in (2, 3, 5):
        assert f"Baris {line}:" in page
    assert "Baris 4:" not in page


def test_a_blind_sheet_keeps_the_record_to_itself(client, keeper, kiosk, lots):
    count_id = opened(kiosk, keeper, is_blind=True)
    out = client.get(f"/kios-kerja/hitung/{count_id}/excel")
    assert "10" not in [cell for record in workbooks.records_of(out.data) for cell in record.cells]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\x00" * 50, b"a;b\n1;2"])
def test_what_is_no_sheet_is_said_calmly(client, keeper, kiosk, lots, content):
    page = look(client, opened(kiosk, keeper), content)
    assert page.status_code == 200
    assert "notice--warning" in page.text
