"""What must always be true of the training history; each returns what breaks it."""

from core.doctor import Invariant, sql

SAME_PERSON = Invariant(
    "C1",
    "A certificate belongs to the woman whose training it proves.",
    sql(
        "select c.id from certificate c join enrolment e on e.id = c.enrolment_id"
        " where c.person_id <> e.person_id"
    ),
)
EARNED = Invariant(
    "C2",
    "A certificate was issued on enough attendance noted by then, or with a written exception.",
    sql(
        "select c.id from certificate c join enrolment e on e.id = c.enrolment_id"
        " where c.exception = '' and (c.required = 0"
        " or c.attended * 100 < c.required * c.pass_percent"
        " or c.attended > (select count(*) from training_session s"
        "   where s.cohort_id = e.cohort_id and ("
        "     select n.was_there from attendance_note n"
        "     where n.enrolment_id = e.id and n.session_id = s.id and n.noted_at <= c.issued_at"
        "     order by n.saw_id desc, coalesce(n.seen_at, n.noted_at) desc, n.id desc limit 1)))"
    ),
)
SEATS = Invariant(
    "C3",
    "No cohort has more women enrolled than seats.",
    sql(
        "select c.id, c.seats, count(*) from cohort c join enrolment e on e.cohort_id = c.id"
        " where e.state = 'enrolled' group by c.id having count(*) > c.seats"
    ),
)
OWN_TRAINING = Invariant(
    "C4",
    "A training behind a listing is its own seller's.",
    sql(
        "select t.listing_id, t.enrolment_id from listing_training t"
        " join enrolment e on e.id = t.enrolment_id join listing l on l.id = t.listing_id"
        " join seller s on s.id = l.seller_id where s.person_id is distinct from e.person_id"
    ),
)
OWN_LIST = Invariant(
    "C5",
    "A credential stands in a status list of the provider that issued its certificate.",
    sql(
        "select c.certificate_id from credential c join status_list l on l.id = c.list_id"
        " join certificate k on k.id = c.certificate_id join enrolment e on e.id = k.enrolment_id"
        " join cohort h on h.id = e.cohort_id join programme p on p.id = h.programme_id"
        " where p.provider_id <> l.provider_id"
    ),
)
ALL = (SAME_PERSON, EARNED, SEATS, OWN_TRAINING, OWN_LIST)
