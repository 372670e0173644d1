"""Certificates as Open Badges: another author's program reads them, and is not fooled."""

import copy
import json
import os
import shutil
import subprocess
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from openbadgeslib.ob3.contexts import bundled_contexts
from openbadgeslib.ob3.did import did_key_from_pem
from openbadgeslib.ob3.ldp import OB3LdpSigner, OB3LdpVerifier, add_data_integrity_proof
from openbadgeslib.ob3.verifier import verify_endorsement_jwt
from sqlalchemy import select, text

from core import clock
from core.db import db, in_transaction
from core.errors import NotFound
from core.orgs import Organisation
from sellers.training import certificates, credentials, endorsements, keys
from sellers.training.credentials import Credential, StatusList, export, status_document
from sellers.training.keys import KeyLost
from sellers.training.models import Certificate
from sellers.training.settings import TrainingSettings
from tests.sellers.training.factories import (
    a_cohort,
    a_provider,
    a_session,
    a_woman,
    an_issuer,
    enrolled,
    present,
)

pytestmark = pytest.mark.service

CI = Path(__file__).parents[3] / ".ci"
PROGRAM = CI / "verify-credential.mjs"


@pytest.fixture(scope="session")
def node():
    """Node with the verifier's packages; asked for loudly where CI runs."""
    if shutil.which("npm") is None:
        assert not os.environ.get("CI"), "npm is missing"
        pytest.skip("npm is missing: apt-get install npm")
    if not (CI / "node_modules/@digitalbazaar/vc").exists():
        subprocess.run(["npm", "ci", "--silent", "--omit=dev"], cwd=CI, check=True)
    return shutil.which("node")


@pytest.fixture
def completed(session):
    """A certificate: its issuer, its holder, her enrolment and the certificate's id."""
    provider = a_provider()
    cohort = a_cohort(provider)
    woman, issuer = a_woman("Siti Nurhasanah"), an_issuer(provider)
    enrolment_id = enrolled(cohort, woman)
    present(a_session(cohort), enrolment_id)
    code = certificates.issue(
        actor=issuer, enrolment_id=enrolment_id, valid_until=clock.today() + timedelta(days=300)
    )
    return issuer, woman, enrolment_id, code


def certificate_of(code):
    return db.session.scalars(select(Certificate).where(Certificate.code == code)).one()


def documents(credential, status_list=None):
    """All that a verifier may ask the network for."""
    known = dict(bundled_contexts())
    address = credential["credentialStatus"]["statusListCredential"]
    list_id = int(address.rsplit("/", 1)[1])
    known[address] = status_list or json.loads(status_document(db.session(), list_id))
    return known


def verdict(node, credential, status_list=None):
    told = json.dumps({"credential": credential, "documents": documents(credential, status_list)})
    done = subprocess.run(
        [node, str(PROGRAM)], input=told, capture_output=True, text=True, cwd=CI, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def is_good(found):
    """As whoever checks must read it: a withdrawn one still says `verified`."""
    return found["verified"] and found["checked"] == 1 and not found["withdrawn"]


def test_another_authors_verifier_accepts_it(completed, node):
    _issuer, woman, enrolment_id, code = completed
    signed = export(actor=woman, enrolment_id=enrolment_id, with_name=True)
    found = verdict(node, signed)
    assert is_good(found), found
    assert signed["issuer"]["id"].startswith("did:key:z6Mk")
    assert signed["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert signed["id"].endswith(f"/sertifikat/{code}")
    assert signed["credentialSubject"]["identifier"][0]["identityHash"] == "Siti Nurhasanah"


def test_without_her_wish_her_name_is_not_in_it(completed):
    _issuer, woman, enrolment_id, _code = completed
    signed = export(actor=woman, enrolment_id=enrolment_id, with_name=False)
    assert "Siti" not in json.dumps(signed)


@pytest.mark.parametrize("where", ["name", "achievement", "holder", "end", "status"])
def test_a_changed_one_is_refused(completed, node, where):
    _issuer, woman, enrolment_id, _code = completed
    signed = export(actor=woman, enrolment_id=enrolment_id, with_name=True)
    status_list = documents(signed)[signed["credentialStatus"]["statusListCredential"]]
    forged = copy.deepcopy(signed)
    if where == "name":
        forged["name"] = "Dokter"
    elif where == "achievement":
        forged["credentialSubject"]["achievement"]["name"] = "Dokter"
    elif where == "holder":
        forged["credentialSubject"]["identifier"][0]["identityHash"] = "Orang lain"
    elif where == "end":
        forged["validUntil"] = "2099-01-01T00:00:00Z"
    else:
        forged["credentialStatus"]["statusListIndex"] = "7"
    assert not is_good(verdict(node, forged, status_list))


def test_a_withdrawn_one_is_refused_by_whoever_reads_its_status(completed, node):
    issuer, woman, enrolment_id, code = completed
    signed = export(actor=woman, enrolment_id=enrolment_id, with_name=False)
    certificates.withdraw(
        actor=issuer, certificate_id=certificate_of(code).id, reason="Salah orang."
    )
    found = verdict(node, signed)
    assert found["withdrawn"]
    assert not is_good(found)
    with pytest.raises(NotFound):
        export(actor=woman, enrolment_id=enrolment_id, with_name=False)


def test_one_that_is_over_is_refused(completed, node):
    _issuer, woman, enrolment_id, code = completed
    with time_machine.travel(clock.now() - timedelta(days=400), tick=True):
        db.session.execute(text("alter table certificate disable trigger user"))
        found = certificate_of(code)
        found.valid_until = clock.today() + timedelta(days=1)
        found.issued_at = clock.now()
        db.session.flush()
        signed = export(actor=woman, enrolment_id=enrolment_id, with_name=False)
    found = verdict(node, signed)
    assert not found["verified"]
    assert "validUntil" in found["error"]


def test_a_status_list_by_another_key_is_refused(completed, node):
    _issuer, woman, enrolment_id, _code = completed
    signed = export(actor=woman, enrolment_id=enrolment_id, with_name=False)
    honest = documents(signed)[signed["credentialStatus"]["statusListCredential"]]
    other = keys.current(10**6)
    for pretends in (honest["issuer"], keys.did(other)):
        forged = {key: value for key, value in honest.items() if key != "proof"}
        forged["issuer"] = pretends
        method = OB3LdpSigner(keys.pem(other)).verification_method
        forged = add_data_integrity_proof(forged, keys.pem(other), method)
        assert not is_good(verdict(node, signed, forged))


@pytest.fixture
def endorsed(completed):
    """The file of a certificate that two other providers stand behind."""
    _issuer, woman, enrolment_id, code = completed
    for name, words in (("dinas", "Kami kenal kerjanya."), ("balai", "Kelasnya baik & lengkap.")):
        endorsements.give(actor=an_issuer(a_provider(name), name), code=code, words=words)
    return woman, enrolment_id, code


def opened(jwt):
    """What an endorsement says."""
    part = jwt.split(".")[1]
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def rewritten(jwt, change):
    """The same signature under other words."""
    header, _claims, signature = jwt.split(".")
    told = opened(jwt)
    change(told)
    claims = urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
    return f"{header}.{claims}.{signature}"


def test_who_stands_behind_it_is_in_the_file_and_signed_by_themselves(endorsed, node):
    woman, enrolment_id, _code = endorsed
    signed = export(actor=woman, enrolment_id=enrolment_id, with_name=True)
    found = verdict(node, signed)
    assert is_good(found), found
    assert [(one["verified"], one["words"]) for one in found["behind"]] == [
        (True, "Kami kenal kerjanya."), (True, "Kelasnya baik & lengkap."),
    ]  # fmt: skip
    signers = {signed["issuer"]["id"], *(one["issuer"] for one in found["behind"])}
    assert len(signers) == 3
    assert OB3LdpVerifier.for_issuer_did(signed["issuer"]["id"]).verify(signed)
    for jwt in signed["endorsementJwt"]:
        assert verify_endorsement_jwt(jwt)["endorses"] == signed["id"]


CHANGES = {
    "words": lambda told: told["credentialSubject"].update(endorsementComment="Terbaik."),
    "about": lambda told: told["credentialSubject"].update(id="https://example.org/lain"),
    "issuer": lambda told: told["issuer"].update(id="did:key:z6MkfoNobody"),
    "end": lambda told: told.update(validUntil="2099-01-01T00:00:00Z"),
}


@pytest.mark.parametrize("where", CHANGES)
def test_a_changed_endorsement_is_refused(endorsed, node, where):
    woman, enrolment_id, _code = endorsed
    forged = export(actor=woman, enrolment_id=enrolment_id, with_name=True)
    forged["endorsementJwt"][0] = rewritten(forged["endorsementJwt"][0], CHANGES[where])
    found = verdict(node, forged)
    assert not is_good(found)
    assert [one["verified"] for one in found["behind"]] == [False, True]


@pytest.mark.parametrize("how", ["taken out", "put in", "of another"])
def test_nobody_adds_or_takes_out_endorsements_of_a_signed_file(endorsed, node, how):
    woman, enrolment_id, _code = endorsed
    forged = export(actor=woman, enrolment_id=enrolment_id, with_name=True)
    if how == "taken out":
        forged["endorsementJwt"].pop()
    elif how == "put in":
        more = rewritten(forged["endorsementJwt"][0], CHANGES["words"])
        forged["endorsementJwt"].append(more)
    else:
        forged["id"] += "X"
        assert not any(one["verified"] for one in verdict(node, forged)["behind"])
    assert not is_good(verdict(node, forged))


def test_an_endorsement_that_was_taken_back_is_in_no_new_file(endorsed):
    woman, enrolment_id, code = endorsed
    first, second = endorsements.of_code(db.session(), code)
    giver = an_issuer(db.session.get(Organisation, first.organisation_id))
    endorsements.take_back(actor=giver, endorsement_id=first.id)
    (left,) = export(actor=woman, enrolment_id=enrolment_id, with_name=False)["endorsementJwt"]
    assert opened(left)["credentialSubject"]["endorsementComment"] == second.words


def test_an_endorsement_in_a_file_ends_by_itself(endorsed, node):
    woman, enrolment_id, _code = endorsed
    with time_machine.travel(clock.now() - timedelta(days=181), tick=True):
        signed = export(actor=woman, enrolment_id=enrolment_id, with_name=False)
    assert [one["verified"] for one in verdict(node, signed)["behind"]] == [False, False]


def test_she_alone_takes_hers_along_and_its_bit_stays(completed):
    issuer, woman, enrolment_id, _code = completed
    first = export(actor=woman, enrolment_id=enrolment_id, with_name=True)
    again = export(actor=woman, enrolment_id=enrolment_id, with_name=False)
    assert first["credentialStatus"] == again["credentialStatus"]
    for other in (issuer, a_woman("Umi")):
        with pytest.raises(NotFound):
            export(actor=other, enrolment_id=enrolment_id, with_name=True)


def test_a_new_secret_signs_new_ones_and_still_signs_the_lists_of_old_ones(
    app, completed, node, monkeypatch
):
    _issuer, woman, enrolment_id, _code = completed
    old = export(actor=woman, enrolment_id=enrolment_id, with_name=False)
    kept = app.extensions["settings"][TrainingSettings]
    before = kept.credential_secret or app.config["SECRET_KEY"]
    changed = type(kept)(
        **{**vars(kept), "credential_secret": "s" * 40, "credential_secrets_before": before}
    )
    monkeypatch.setitem(app.extensions["settings"], TrainingSettings, changed)
    assert is_good(verdict(node, old))
    lost = type(kept)(**{**vars(kept), "credential_secret": "s" * 40})
    monkeypatch.setitem(app.extensions["settings"], TrainingSettings, lost)
    list_id = db.session.scalars(select(StatusList.id)).one()
    with pytest.raises(KeyLost):
        status_document(db.session(), list_id)
    provider_id = db.session.scalars(select(StatusList.provider_id)).one()
    assert keys.did(keys.current(provider_id)) != old["issuer"]["id"]


def test_bits_are_drawn_apart_and_a_full_list_is_followed_by_another(completed, monkeypatch):
    _issuer, woman, enrolment_id, _code = completed
    monkeypatch.setattr(credentials, "LIST_HOLDS_MAX", 1)
    export(actor=woman, enrolment_id=enrolment_id, with_name=False)
    provider_id = db.session.scalars(select(StatusList.provider_id)).one()

    @in_transaction()
    def follow(session):
        return credentials._list_in_force(session, provider_id).id

    first = db.session.scalars(select(Credential.list_id)).one()
    assert follow() != first


def test_did_keys_name_their_public_key(app):
    with app.app_context():
        key = keys.current(1)
        assert keys.did(key) != keys.did(keys.current(2))
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        assert keys.did(key) == did_key_from_pem(public)
