"""Certificates are taken along as files with a bit in a status list, and others endorse them."""

import sqlalchemy as sa
from alembic import op

revision = "training_credentials"
down_revision = "mandates"
branch_labels = None
depends_on = None


def moment(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def number(name: str, to: str = "", **more: object) -> sa.Column:
    keys = [sa.ForeignKey(to, name=more.pop("fk"))] if to else []
    return sa.Column(name, sa.BigInteger(), *keys, nullable=False, **more)


def upgrade() -> None:
    op.create_table(
        "status_list",
        number("id", autoincrement=True),
        number(
            "provider_id", "organisation.id", fk=op.f("fk_status_list_provider_id_organisation")
        ),
        sa.Column("issuer", sa.String(120), nullable=False),
        moment("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_list")),
    )
    op.create_index(op.f("ix_status_list_provider_id"), "status_list", ["provider_id"])
    op.create_table(
        "credential",
        number(
            "certificate_id", "certificate.id", fk=op.f("fk_credential_certificate_id_certificate")
        ),
        number("list_id", "status_list.id", fk=op.f("fk_credential_list_id_status_list")),
        number("position"),
        moment("created_at"),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_credential")),
        sa.UniqueConstraint("list_id", "position", name=op.f("uq_credential_list_id_position")),
    )
    op.create_table(
        "endorsement",
        number("id", autoincrement=True),
        number(
            "certificate_id",
            "certificate.id",
            fk=op.f("fk_endorsement_certificate_id_certificate"),
        ),
        number(
            "organisation_id",
            "organisation.id",
            fk=op.f("fk_endorsement_organisation_id_organisation"),
        ),
        number("given_by", "person.id", fk=op.f("fk_endorsement_given_by_person")),
        sa.Column("words", sa.String(200), nullable=False),
        moment("given_at"),
        moment("withdrawn_at", optional=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement")),
    )
    op.create_index(
        "uq_endorsement_living",
        "endorsement",
        ["certificate_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
    )


def downgrade() -> None:
    for table in ("endorsement", "credential", "status_list"):
        op.drop_table(table)
