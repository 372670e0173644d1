"""Certificates: earned or excused in writing, issued by another, withdrawn but never edited."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core import clock
from core.actors import SYSTEM
from core.errors import Forbidden, NotFound
from core.people import Person
from sellers.training import certificates, proofs, showing
from sellers.training.models import Certificate
from sellers.training.rights import VERIFY
from tests.crowd import sessions_at_once
from tests.factories import give
from tests.sellers.training.factories import (
    a_cohort,
    a_completed,
    a_facilitator,
    a_provider,
    a_session,
    a_woman,
    an_issuer,
    enrolled,
    present,
)

pytestmark = pytest.mark.service


@pytest.fixture
def provider(session):
    return a_provider()


@pytest.fixture
def ratna(provider):
    return an_issuer(provider)


@pytest.fixture
def parti(provider):
    return a_woman("Parti Rahayu")


@pytest.fixture
def hers(provider, parti):
    return a_completed(provider, parti)


def row_of(session, code):
    return session.scalars(select(Certificate).where(Certificate.code == code)).one()


def test_a_completed_training_is_certified_on_what_was_attended(session, ratna, hers, parti):
    code = certificates.issue(actor=ratna, enrolment_id=hers)
    row = row_of(session, code)
    assert (row.attended, row.required, row.pass_percent, row.exception) == (1, 1, 100, "")
    assert (row.person_id, row.issued_by) == (parti.person_id, ratna.person_id)


def test_a_code_cannot_be_guessed_and_can_be_read_out():
    assert len(proofs.CODE_SIGNS) ** proofs.CODE_LENGTH > 2**50
    assert len(set(proofs.CODE_SIGNS)) == len(proofs.CODE_SIGNS)
    assert not set(proofs.CODE_SIGNS) & set("AEIOU01L2Z5S8B")
    codes = {certificates.new_code() for _turn in range(200)}
    assert len(codes) == 200
    assert all(proofs.tidy_code(code) == code and len(code) == 14 for code in codes)


@pytest.mark.parametrize(
    "typed", ["cdfg-hjkm-npqr", "CDFGHJKMNPQR", " cdfg hjkm  npqr ", "CDFG.HJKM/NPQR"]
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert proofs.tidy_code(typed) == "CDFG-HJKM-NPQR"


def test_too_little_attendance_needs_a_written_exception(session, provider, ratna, parti):
    cohort = a_cohort(provider)
    hers = enrolled(cohort, parti)
    a_session(cohort)
    for nothing in ("", "   "):
        with pytest.raises(certificates.NotCompleted):
            certificates.issue(actor=ratna, enrolment_id=hers, exception=nothing)
    code = certificates.issue(
        actor=ratna, enrolment_id=hers, exception="Ikut kelas yang sama di Cilacap."
    )
    row = row_of(session, code)
    assert (row.attended, row.exception) == (0, "Ikut kelas yang sama di Cilacap.")


def test_an_exception_that_was_not_needed_is_not_written(session, ratna, hers):
    code = certificates.issue(actor=ratna, enrolment_id=hers, exception="Untuk berjaga-jaga.")
    assert row_of(session, code).exception == ""


def test_nobody_certifies_herself(session, provider, parti, hers):
    give(parti, VERIFY, provider.id)
    with pytest.raises(certificates.OwnCertificate):
        certificates.issue(actor=parti, enrolment_id=hers)
    assert session.scalars(select(Certificate)).all() == []


def test_only_whoever_certifies_for_the_provider_finds_the_training(provider, hers):
    strangers = (
        an_issuer(a_provider("lain"), "Mira"),
        a_facilitator(provider),
        a_woman("Nur"),
    )
    for stranger in strangers:
        with pytest.raises(NotFound):
            certificates.issue(actor=stranger, enrolment_id=hers)
    with pytest.raises(Forbidden):
        certificates.issue(actor=SYSTEM, enrolment_id=hers)


def test_who_waits_has_nothing_to_certify(provider, ratna):
    cohort = a_cohort(provider, seats=1)
    enrolled(cohort, a_woman())
    waiting = enrolled(cohort, a_woman("Nur"))
    with pytest.raises(NotFound):
        certificates.issue(actor=ratna, enrolment_id=waiting, exception="Sudah lama menunggu.")


def test_a_class_that_gives_none_gives_none(provider, ratna, parti):
    hers = a_completed(provider, parti, gives_certificate=False)
    with pytest.raises(certificates.NoCertificate):
        certificates.issue(actor=ratna, enrolment_id=hers)


def test_one_training_has_one_living_certificate(ratna, hers):
    certificates.issue(actor=ratna, enrolment_id=hers)
    with pytest.raises(certificates.HasCertificate):
        certificates.issue(actor=ratna, enrolment_id=hers)


def test_a_certificate_does_not_end_before_it_begins(ratna, hers):
    yesterday = clock.today() - timedelta(days=1)
    with pytest.raises(certificates.EndsInThePast):
        certificates.issue(actor=ratna, enrolment_id=hers, valid_until=yesterday)


def test_a_withdrawn_one_says_so_for_ever_and_another_may_follow(session, ratna, hers):
    code = certificates.issue(actor=ratna, enrolment_id=hers)
    row = row_of(session, code)
    with pytest.raises(certificates.ReasonMissing):
        certificates.withdraw(actor=ratna, certificate_id=row.id, reason=" ")
    certificates.withdraw(actor=ratna, certificate_id=row.id, reason="Keliru orang.")
    assert proofs.find_proof(session, code).state == "withdrawn"
    with pytest.raises(certificates.AlreadyWithdrawn):
        certificates.withdraw(actor=ratna, certificate_id=row.id, reason="Sekali lagi.")
    again = certificates.issue(actor=ratna, enrolment_id=hers)
    assert proofs.find_proof(session, again).state == "valid"
    assert proofs.find_proof(session, code).state == "withdrawn"


def test_a_new_one_takes_the_place_of_the_old(session, provider, ratna, parti):
    cohort = a_cohort(provider)
    hers = enrolled(cohort, parti)
    a_session(cohort)
    code = certificates.issue(actor=ratna, enrolment_id=hers, exception="Setara.")
    row = row_of(session, code)
    new = certificates.replace(actor=ratna, certificate_id=row.id, reason="Salah tanggal.")
    assert proofs.find_proof(session, code).state == "replaced"
    assert proofs.find_proof(session, new).state == "valid"
    assert row_of(session, new).exception == "Setara."
    with pytest.raises(certificates.AlreadyWithdrawn):
        certificates.replace(actor=ratna, certificate_id=row.id, reason="Klik ganda.")


def test_another_organisation_withdraws_nothing(session, ratna, hers):
    row = row_of(session, certificates.issue(actor=ratna, enrolment_id=hers))
    mira = an_issuer(a_provider("lain"), "Mira")
    for act in (certificates.withdraw, certificates.replace):
        with pytest.raises(NotFound):
            act(actor=mira, certificate_id=row.id, reason="Bukan hak saya.")


@pytest.mark.parametrize(
    "edit",
    [
        "update certificate set code = 'CDFG-HJKM-NPQR'",
        "update certificate set attended = 9",
        "update certificate set required = 0, withdrawn_at = now(), withdrawn_reason = 'x'",
        "update certificate set issued_at = issued_at",
        "delete from certificate",
    ],
)
def test_the_database_refuses_to_edit_one(session, ratna, hers, edit):
    certificates.issue(actor=ratna, enrolment_id=hers)
    with pytest.raises(IntegrityError):
        session.execute(text(edit))


def test_the_database_refuses_to_take_a_withdrawal_back(session, ratna, hers):
    row = row_of(session, certificates.issue(actor=ratna, enrolment_id=hers))
    certificates.withdraw(actor=ratna, certificate_id=row.id, reason="Keliru.")
    with pytest.raises(IntegrityError):
        session.execute(text("update certificate set withdrawn_at = null, withdrawn_reason = ''"))


def test_the_proof_shows_her_name_as_far_as_she_agreed(session, ratna, hers, parti):
    code = certificates.issue(actor=ratna, enrolment_id=hers)
    assert proofs.find_proof(session, code).holder == "P. R."
    showing.show(actor=parti, enrolment_id=hers, is_shown=True)
    assert proofs.find_proof(session, code).holder == "Bu Parti Rahayu (P. R.)"


def test_an_erased_person_has_no_name_on_her_proof(session, ratna, hers, parti):
    code = certificates.issue(actor=ratna, enrolment_id=hers)
    session.get(Person, parti.person_id).erased_at = clock.now()
    session.commit()
    assert proofs.find_proof(session, code).holder == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Sumirah", "S."), ("Hj. Umi Fathonah", "H. U. F."), ("Dwi Retnowati, S.Pd.", "D. R.")],
)
def test_first_letters_leave_the_title_behind(name, letters):
    assert proofs.holder_words(name, "Bu X", is_shown=False) == letters


def test_a_certificate_ends_after_its_last_day(session, ratna, hers):
    code = certificates.issue(actor=ratna, enrolment_id=hers, valid_until=clock.today())
    assert proofs.find_proof(session, code).state == "valid"
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert proofs.find_proof(session, code).state == "expired"


def test_an_unknown_code_proves_nothing(session):
    assert proofs.find_proof(session, "CDFG-HJKM-NPQR") is None


@pytest.mark.race
def test_two_issuers_at_once_issue_one_certificate(committed):
    provider = a_provider()
    issuers = [an_issuer(provider, "Ratna"), an_issuer(provider, "Mira")]
    hers = a_completed(provider, a_woman())

    def issue(issuer):
        try:
            certificates.issue(actor=issuer, enrolment_id=hers)
        except certificates.HasCertificate:
            return "has one"
        return "issued"

    answers = sessions_at_once(committed, *[partial(issue, issuer) for issuer in issuers])
    assert sorted(answers) == ["has one", "issued"]


def test_present_is_what_the_newest_note_says_when_it_is_issued(session, provider, ratna, parti):
    cohort = a_cohort(provider)
    hers, one = enrolled(cohort, parti), a_session(cohort)
    present(one, hers)
    present(one, hers, was_there=False)
    with pytest.raises(certificates.NotCompleted):
        certificates.issue(actor=ratna, enrolment_id=hers)
