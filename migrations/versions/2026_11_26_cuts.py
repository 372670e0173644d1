"""What was taken off each maker's goods, kept with the journal that shared them."""

import sqlalchemy as sa
from alembic import op

revision = "money_cuts"
down_revision = "one_time_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    parts = ("cooperative", "kiosk", "operator", "affiliate")
    op.create_table(
        "cut",
        sa.Column("journal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(part, sa.BigInteger(), nullable=False) for part in parts),
        sa.CheckConstraint(
            "least(cooperative, kiosk, operator, affiliate) >= 0", name=op.f("ck_cut_parts")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_cut_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["journal.id"], name=op.f("fk_cut_journal_id_journal")
        ),
        sa.PrimaryKeyConstraint("journal_id", "account_id", name=op.f("pk_cut")),
    )
    _told_by_the_journal(parts)
    op.execute(
        "create trigger cut_append_only before update or delete or truncate on cut"
        " for each statement execute function refuse_change()"
    )


def _told_by_the_journal(parts: tuple[str, ...]) -> None:
    """A parcel of one maker tells its cuts itself; older ones of several makers stay without."""
    sums = ", ".join(
        f"coalesce(-sum(e.amount) filter (where a.kind = '{part}'), 0)" for part in parts
    )
    op.execute(
        f"insert into cut (journal_id, account_id, {', '.join(parts)})"
        f" select j.id, max(a.id) filter (where a.kind = 'maker'), {sums}"
        " from journal j join entry e on e.journal_id = j.id"
        " join account a on a.id = e.account_id where j.kind = 'earned' group by j.id"
        " having count(*) filter (where a.kind = 'maker') = 1"
    )


def downgrade() -> None:
    op.drop_table("cut")
