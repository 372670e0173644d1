"""The public proof, and the pages of those who issue and withdraw."""

import re

import pytest
from sqlalchemy import select

from core import tasks
from core.config import settings
from core.db import db
from core.orgs import operator_id
from core.phones import show
from core.rights import OPERATE
from sellers.training import certificates, endorsements, showing
from sellers.training.models import Certificate, Enrolment
from sellers.training.settings import TrainingSettings
from tests.factories import an_actor, give, sign_in, token_in
from tests.sellers.training.factories import (
    a_cohort,
    a_completed,
    a_facilitator,
    a_phone,
    a_provider,
    a_session,
    a_woman,
    an_issuer,
    enrolled,
)

pytestmark = pytest.mark.service


@pytest.fixture
def provider(session):
    return a_provider()


RATNA = "+6281299998888"


@pytest.fixture
def ratna(provider):
    return an_issuer(provider, phone=RATNA)


@pytest.fixture
def parti(provider):
    return a_woman("Parti Rahayu")


@pytest.fixture
def hers(provider, parti):
    return a_completed(provider, parti)


def post(client, path, **values):
    return client.post(path, data={"csrf_token": token_in(client.get(path)), **values})


def test_anybody_with_the_code_sees_that_it_is_real(client, provider, ratna, hers):
    code = certificates.issue(actor=ratna, enrolment_id=hers)
    page = client.get(f"/sertifikat/{code}")
    assert page.status_code == 200
    for words in ("asli dan masih berlaku", "Jualan dari HP", provider.name, "P. R.", code):
        assert words in page.text
    for secret in ("Parti", "Rahayu", "0812", "Bu "):
        assert secret not in page.text
    assert client.get(f"/sertifikat/{code.lower().replace('-', '')}").status_code == 200


def test_her_name_is_there_once_she_agreed(client, ratna, parti, hers):
    code = certificates.issue(actor=ratna, enrolment_id=hers)
    showing.show(actor=parti, enrolment_id=hers, is_shown=True)
    assert "Bu Parti Rahayu (P. R.)" in client.get(f"/sertifikat/{code}").text


def test_a_withdrawn_one_says_what_that_means_but_not_why(client, session, ratna, hers):
    code = certificates.issue(actor=ratna, enrolment_id=hers)
    row = session.scalars(select(Certificate)).one()
    certificates.withdraw(actor=ratna, certificate_id=row.id, reason="Urusan pribadi.")
    page = client.get(f"/sertifikat/{code}")
    assert page.status_code == 200
    assert "Sudah ditarik" in page.text
    assert "Jangan dipakai lagi sebagai bukti" in page.text
    assert "Urusan pribadi" not in page.text
    assert "asli dan masih berlaku" not in page.text


def test_search_engines_keep_no_proof(client, ratna, hers):
    code = certificates.issue(actor=ratna, enrolment_id=hers)
    for path in (f"/sertifikat/{code}", "/sertifikat/CDFG-HJKM-NPQR"):
        page = client.get(path)
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert page.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex, nofollow">' in page.text


@pytest.mark.parametrize(
    "code",
    [
        "CDFG-HJKM-NPQR",
        "x",
        "<script>",
        "1' or '1'='1",
        "ÅÅÅÅ",
        "🌾",
    ],
)
def test_every_unknown_code_looks_the_same(client, session, code):
    page = client.get(f"/sertifikat/{code}")
    assert page.status_code == 404
    assert "Tidak ada sertifikat dengan kode ini." in page.text
    assert "Periksa kode lain" in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize("code", ["9" * 500, "%00"])
def test_what_no_address_holds_is_not_found(client, session, code):
    assert client.get(f"/sertifikat/{code}").status_code == 404


def test_a_typed_code_leads_to_its_page(client, session):
    assert client.get("/sertifikat").status_code == 200
    answer = client.get("/sertifikat?kode=cdfg hjkm npqr")
    assert (answer.status_code, answer.location) == (303, "/sertifikat/CDFG-HJKM-NPQR")
    for nothing in ("", "   ", "---", "%00"):
        page = client.get(f"/sertifikat?kode={nothing}")
        assert page.status_code == 200
        assert "Kode belum diisi." in page.text


def test_tries_are_counted_for_hits_and_misses_alike(app, client, ratna, hers):
    code = certificates.issue(actor=ratna, enrolment_id=hers)
    for n in range(settings(TrainingSettings, app).certificate_tries):
        path = code if n % 2 else "CDFG-HJKM-NPQR"
        assert client.get(f"/sertifikat/{path}").status_code in (200, 404)
    assert client.get(f"/sertifikat/{code}").status_code == 429
    assert client.get("/sertifikat/CDFG-HJKM-NPQR").status_code == 429


def test_who_certifies_issues_and_withdraws_by_page(client, session, provider, ratna, parti, hers):
    sign_in(client, show(RATNA))
    cohort = session.get(Enrolment, hers).cohort_id
    assert "Beri sertifikat" in client.get(f"/fasilitator/{cohort}").text
    path = f"/fasilitator/{cohort}/sertifikat/{hers}"
    wrong = post(client, path, valid_until="2020-01-01")
    assert "Masa berlaku sudah lewat" in wrong.text
    assert post(client, path, valid_until="").status_code == 303
    row = session.scalars(select(Certificate)).one()
    assert post(client, path).status_code == 422
    assert "Alasan ditarik" in post(client, f"{path}/tarik").text
    answer = post(client, f"{path}/tarik", reason="Salah tanggal.", is_replaced="y")
    assert answer.status_code == 303
    codes = session.scalars(select(Certificate.code).order_by(Certificate.id)).all()
    assert len(codes) == 2
    assert "sudah diganti" in client.get(f"/sertifikat/{row.code}").text
    assert post(client, f"{path}/tarik", reason="Keliru orang.").status_code == 303
    assert "Sudah ditarik" in client.get(f"/sertifikat/{codes[1]}").text
    assert client.get(f"{path}/tarik").status_code == 404


def test_an_exception_is_asked_for_where_attendance_is_not_enough(
    client, session, provider, ratna, parti
):
    cohort = a_cohort(provider)
    hers = enrolled(cohort, parti)
    a_session(cohort)
    sign_in(client, show(RATNA))
    path = f"/fasilitator/{cohort}/sertifikat/{hers}"
    assert "Ada isian yang perlu dibetulkan" in post(client, path).text
    assert post(client, path, exception="Setara.").status_code == 303
    assert session.scalars(select(Certificate.exception)).one() == "Setara."


def test_only_the_providers_issuer_comes_in(client, session, provider, hers):
    cohort = session.get(Enrolment, hers).cohort_id
    path = f"/fasilitator/{cohort}/sertifikat/{hers}"
    here, there, nobody = a_phone(), a_phone(), a_phone()
    a_facilitator(provider, phone=here)
    an_issuer(a_provider("lain"), "Mira", phone=there)
    a_woman("Nur", phone=nobody)
    for phone, status in ((here, 403), (there, 404), (nobody, 403)):
        client.post("/keluar", data={"csrf_token": token_in(client.get("/masuk"))})
        sign_in(client, show(phone))
        assert client.get(path).status_code == status
        assert client.get(f"{path}/tarik").status_code == status


def test_she_takes_her_certificate_along_as_a_file(client, completed_page):
    page = client.get(f"/ibu/belajar/{completed_page}/sertifikat")
    assert 'class="qr"' in page.text
    url = f"/ibu/belajar/{completed_page}/lencana"
    answer = client.post(url, data={"csrf_token": token_in(page), "name": "y"})
    assert answer.mimetype == "application/ld+json"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "Parti" in answer.text
    listed = answer.json["credentialStatus"]["statusListCredential"]
    status = client.get("/sertifikat/status/" + listed.rsplit("/", 1)[1])
    assert status.json["type"][-1] == "BitstringStatusListCredential"
    assert client.get("/sertifikat/status/0").status_code == 404


@pytest.fixture
def completed_page(client, provider, ratna):
    """A woman with a certificate, signed in; gives her enrolment."""
    phone = a_phone()
    enrolment_id = a_completed(provider, a_woman("Parti", phone=phone))
    certificates.issue(actor=ratna, enrolment_id=enrolment_id)
    sign_in(client, phone=phone)
    return enrolment_id


def test_a_lost_secret_is_told_in_a_sentence_and_asked_of_operators(
    app, client, completed_page, monkeypatch
):
    operator = an_actor("Kelola")
    give(operator, OPERATE, operator_id(db.session()))
    page = client.get(f"/ibu/belajar/{completed_page}/sertifikat")
    url, token = f"/ibu/belajar/{completed_page}/lencana", {"csrf_token": token_in(page)}
    listed = client.post(url, data=token).json["credentialStatus"]["statusListCredential"]
    status = "/sertifikat/status/" + listed.rsplit("/", 1)[1]
    kept = app.extensions["settings"][TrainingSettings]
    lost = type(kept)(**{**vars(kept), "credential_secret": "s" * 40})
    monkeypatch.setitem(app.extensions["settings"], TrainingSettings, lost)
    for answer in (client.get(status), client.post(url, data=token)):
        assert answer.status_code == 503
        assert "sedang kami perbaiki" in answer.text
    (asked,) = tasks.list_for(db.session(), operator, OPERATE)
    assert asked.link == status
    assert "rahasia yang lama" in asked.sentence
    monkeypatch.setitem(app.extensions["settings"], TrainingSettings, kept)
    assert client.get(status).status_code == 200
    assert tasks.list_for(db.session(), operator, OPERATE) == []


def test_another_provider_stands_behind_it_until_it_takes_that_back(client, provider, ratna):
    code = certificates.issue(actor=ratna, enrolment_id=a_completed(provider, a_woman("Nur")))
    phone, address = a_phone(), f"/sertifikat/{code}"
    an_issuer(a_provider("dinas"), name="Dewi", phone=phone)
    sign_in(client, phone=phone)
    page = client.get(address)
    said = {"csrf_token": token_in(page), "words": "Kami melihat sendiri kelasnya."}
    client.post(f"{address}/dukungan", data=said)
    client.post(f"{address}/dukungan", data={**said, "words": "Sekali lagi."})
    page = client.get(address)
    assert "Kami melihat sendiri kelasnya." in page.text
    assert "Sekali lagi." not in page.text
    back = re.search(r"/sertifikat/dukungan/\d+/tarik", page.text)[0]
    client.post(back, data={"csrf_token": said["csrf_token"]})
    assert "Kami melihat sendiri kelasnya." not in client.get(address).text


def test_nobody_stands_behind_her_own_house_or_herself(client, provider, ratna):
    phone = a_phone()
    woman = an_issuer(a_provider("dinas"), name="Dewi", phone=phone)
    hers = certificates.issue(actor=ratna, enrolment_id=a_completed(provider, woman))
    with pytest.raises(endorsements.NotFromOutside):
        endorsements.give(actor=woman, code=hers, words="Bagus")
    other = certificates.issue(
        actor=ratna, enrolment_id=a_completed(provider, a_woman(), name="dua")
    )
    with pytest.raises(endorsements.NotFromOutside):
        endorsements.give(actor=ratna, code=other, words="Bagus")
    sign_in(client, phone=phone)
    page = client.get(f"/sertifikat/{other}")
    empty = client.post(f"/sertifikat/{other}/dukungan", data={"csrf_token": token_in(page)})
    assert empty.status_code == 303
    assert endorsements.of_code(db.session(), other) == []
