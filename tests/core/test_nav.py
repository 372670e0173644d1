"""Which links stand in the bar at the thumb."""

import pytest

from core.nav import Link, docked

LINKS = [
    Link("Hari ini", "/ibu", "clock", False, "Hari ini"),
    Link("Pesanan masuk", "/ibu/pesanan", "truck", False, "Pesanan"),
    Link("Izin usaha", "/ibu/izin", "check", False),
    Link("Kios hari ini", "/kios-kerja", "kiosk", False, "Hari ini"),
    Link("Akun", "/akun", "person", False, "Akun"),
]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/ibu", ["Hari ini", "Pesanan"]),
        ("/ibu/pesanan/7", ["Hari ini", "Pesanan"]),
        ("/kios-kerja", []),  # A bar of one is no bar.
        ("/", []),
        ("/ibunda", []),
        ("/akun", []),
    ],
)
def test_a_house_shows_its_own_links(path, shown):
    assert [link.dock for link in docked(LINKS, path)] == shown


def test_the_front_door_of_a_house_comes_first():
    rooms = [
        Link(name, url, "", False, name) for name, url in (("Bayar", "/kas/bayar"), ("Kas", "/kas"))
    ]
    assert [link.dock for link in docked(rooms, "/kas/bayar/7")] == ["Kas", "Bayar"]


def test_no_more_than_a_thumb_can_reach():
    many = [Link(str(n), f"/kas/{n}", "book", False, str(n)) for n in range(9)]
    assert [link.dock for link in docked(many, "/kas")] == ["0", "1", "2", "3"]
