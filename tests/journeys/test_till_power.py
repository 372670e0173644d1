"""A till whose phone dies or forgets: no sale is lost, none is told twice, no number used again."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect, sync_playwright

from cooperatives import lot_codes
from tests.journeys.conftest import FLAGS, PHONE, Visit, chromium
from tests.journeys.tilling import a_kept_kiosk, broken_promises, make_sales, open_till, sales
from tests.orders.till.factories import order_of

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(committed):
    return a_kept_kiosk()


@pytest.fixture
def wake(address, tmp_path):
    """Start the same phone, again and again: its storage stays on its disk."""
    if chromium() is None:
        pytest.skip("Chromium is missing")
    with sync_playwright() as playwright:

        def begin():
            context = playwright.chromium.launch_persistent_context(
                tmp_path, executable_path=chromium(), args=FLAGS, viewport=PHONE, locale="id-ID"
            )
            return Visit(context, address)

        yield begin


def cut_power(phone, storage):
    """Kill the browser that has its storage here, as a phone without battery does."""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = process.read_bytes().split(b"\0")
        except OSError:
            continue  # It ended while we looked.
        is_first = not any(word.startswith(b"--type=") for word in words)
        if is_first and f"--user-data-dir={storage}".encode() in words:
            os.kill(int(process.parent.name), signal.SIGKILL)
    try:
        phone.page.context.close()
    except Error:
        return  # It is dead already.


HALF_NOTED = """async () => {  // What a cut between noting and sending leaves on the disk.
  const till = document.querySelector("script[src*='till/till.js']").src;
  const device = await import(till.replace("till.js", "device.js"));
  const [newest] = await device.sales();
  await device.changeSale(newest.id, { state: "noting" });
  const number = await device.nextNumber(await device.device());
  const code = newest.code.split("").reverse().join("");
  const told = { ...newest.told, number, code };
  const [id, state] = [crypto.randomUUID(), "noting"];
  await device.keepSale({ ...newest, id, number, code, told, state });
}"""


def test_a_power_cut_between_noting_and_sending_loses_and_doubles_nothing(shop, wake, tmp_path):
    phone = wake()
    phone.sign_in()
    page = open_till(phone)
    page.context.set_offline(True)
    make_sales(page, 2, lot_codes.code_of(shop.lots[0].id))
    page.evaluate(HALF_NOTED)
    cut_power(phone, tmp_path)
    phone = wake()
    phone.page.context.set_offline(True)
    page = phone.go("/kios-kerja/kasir").page
    expect(page.locator("[data-unsent]")).to_contain_text("3")
    page.get_by_text("Penjualan hari ini di HP ini").click()
    expect(page.locator("[data-sums]")).to_contain_text("3 penjualan")
    page.context.set_offline(False)
    phone.sign_in()
    page = open_till(phone)
    expect(page.locator("[data-unsent]")).to_contain_text("Terkirim", timeout=60_000)
    numbers = sorted(order_of(sale).number.split("-")[1] for sale in sales())
    assert numbers == ["1", "2", "3"]
    assert broken_promises() == []
    page.context.close()


def forget_everything(page):
    """What a phone does that is full, or whose owner empties her browser."""
    session = page.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")
    kinds = "indexeddb,cache_storage,service_workers,local_storage"
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": kinds})


def arrived(page):
    page.get_by_text("Penjualan hari ini di HP ini").click()
    expect(page.locator("[data-today] li").first).to_contain_text("Terkirim")


def test_a_phone_that_forgot_everything_sells_on_and_uses_no_number_twice(shop, phone):
    phone.sign_in()
    page = open_till(phone)
    code = lot_codes.code_of(shop.lots[0].id)
    make_sales(page, 1, code)
    arrived(page)
    forget_everything(page)  # Under the open page: it still knows which till it is.
    make_sales(page, 1, code)
    expect(page.locator("[data-today] li").first).to_contain_text("-2")
    expect(page.locator("[data-today] li").first).to_contain_text("Terkirim")
    forget_everything(page)  # And before it is opened anew: now it is another till.
    page = open_till(phone)
    make_sales(page, 1, code)
    arrived(page)
    numbers = {order_of(sale).number for sale in sales()}
    assert (len(numbers), len({number.split("-")[0] for number in numbers})) == (3, 2)
    assert [sale.flags for sale in sales()] == [[], [], []]
