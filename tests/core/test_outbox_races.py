"""The same event told from everywhere at once is one message, and one job sends it."""

import pytest
from flask import current_app
from sqlalchemy import text

from core import notify, outbox
from core.db import db, in_transaction
from core.messages import Message
from core.notices import Recipient
from tests.core.postbox import open_postbox, use_postbox
from tests.crowd import sessions_at_once

pytestmark = pytest.mark.race


def test_ten_at_once_write_one_message_and_send_one_mail(committed):
    outbox.register(current_app, "test", lambda db, key: {"email": "joko@contoh.id"})

    @in_transaction(retries=3)
    def tell(db_):
        notify.write(
            db_,
            event_key="order:1:paid",
            to=Recipient(guest="test:1"),
            message=Message("order_paid", "Judul", "Isi"),
        )

    sessions_at_once(committed, *[tell] * 10)
    ids = db.session.execute(text("select id from notice")).scalars().all()
    jobs = db.session.execute(
        text("select count(*) from procrastinate_jobs where task_name = 'core.send_notice'")
    ).scalar()
    assert (len(ids), jobs) == (1, 1)
    with open_postbox() as server:
        use_postbox(server)
        for _ in range(3):
            outbox.send.run(notice_id=ids[0])
        assert len(server.letters) == 1
