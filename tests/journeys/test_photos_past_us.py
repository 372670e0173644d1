"""Where the storage is a bucket and the line is good, her phone puts the photo there in one go."""

import pytest
from playwright.sync_api import expect

from core.arrivals import Arrival, ArrivalPiece
from core.bucket import S3Storage
from core.db import db
from tests.core.test_storage import (  # noqa: F401
    BUCKET,
    REGION,
    bucket,
    credentials,
    s3_address,
)
from tests.journeys.test_photos import (  # noqa: F401
    from_a_camera,
    pick,
    product,
    shown,
    signed_in,
    words,
    worked,
)

pytestmark = pytest.mark.browser
RULE = {
    "AllowedMethods": ["PUT"],
    "AllowedOrigins": ["*"],
    "AllowedHeaders": ["Content-Type", "x-amz-checksum-sha256"],
}


@pytest.fixture
def past_us(committed, monkeypatch, bucket, s3_address):  # noqa: F811
    """A bucket that a browser may write to; what was put there."""
    storage = S3Storage(BUCKET, REGION, "/media", s3_address)
    bucket.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [RULE]})
    monkeypatch.setitem(committed.extensions, "storage", storage)
    monkeypatch.setitem(committed.extensions, "upload_origin", storage.upload_origin())
    return bucket


def hurry(page):
    """This machine is busy: its answers are late where those of a good line are not."""
    page.add_init_script("performance.now = () => 0")


def raw_bytes(bucket):  # noqa: F811
    listed = bucket.list_objects_v2(Bucket=BUCKET, Prefix="private/raw/").get("Contents", [])
    return [one["Size"] for one in listed]


def test_a_photo_is_put_into_the_bucket_at_once(phone, product, past_us):  # noqa: F811
    hurry(phone.page)
    page = signed_in(phone, product)
    pick(page, from_a_camera())
    expect(words(page)).to_contain_text("Terkirim")
    arrival = db.session.query(Arrival).one()
    assert raw_bytes(past_us) == [arrival.bytes]
    assert db.session.query(ArrivalPiece).count() == 0
    worked()
    assert [row.state for row in shown(product)] == ["ready"]
    assert raw_bytes(past_us) == []
    phone.must_be_usable()


def test_where_the_bucket_says_no_it_comes_in_pieces(phone, product, past_us):  # noqa: F811
    hurry(phone.page)
    phone.page.context.route("**/private/raw/**", lambda route: route.abort())
    page = signed_in(phone, product)
    pick(page, from_a_camera())
    expect(words(page)).to_contain_text("Terkirim")
    assert raw_bytes(past_us) == []
    assert db.session.query(ArrivalPiece).count() > 5
    worked()
    assert [row.state for row in shown(product)] == ["ready"]
