"""What guards the ground floor: append-only tables, the job queue's own tables, the operator.

The queue's schema is taken from the pinned procrastinate. When that pin moves, its own upgrade
script becomes a step here, guarded so that it also passes on a database that was born with it.
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit", "audit_seal")


def upgrade() -> None:
    op.execute(
        "create function refuse_change() returns trigger language plpgsql as $$"
        " begin raise exception '% is append-only', tg_table_name"
        " using errcode = 'integrity_constraint_violation'; end $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"create trigger {table}_append_only before update or delete or truncate on {table}"
            " for each statement execute function refuse_change()"
        )
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute(
        "insert into organisation (slug, name, short_name, kind, created_at)"
        " values ('lumbung', 'Lumbung', 'Lumbung', 'operator', now())"
    )


def downgrade() -> None:
    op.execute("delete from organisation where kind = 'operator'")
    op.execute(
        "do $$ declare r record; begin"
        " for r in select oid::regclass as n from pg_class"
        "   where relname like 'procrastinate\\_%' and relkind = 'r'"
        "   loop execute 'drop table if exists ' || r.n || ' cascade'; end loop;"
        " for r in select oid::regprocedure as n from pg_proc"
        "   where proname like 'procrastinate\\_%'"
        "   loop execute 'drop function if exists ' || r.n || ' cascade'; end loop;"
        " for r in select oid::regtype as n from pg_type"
        "   where typname like 'procrastinate\\_%' and typtype in ('e', 'c')"
        "   loop execute 'drop type if exists ' || r.n || ' cascade'; end loop; end $$"
    )
    for table in APPEND_ONLY:
        op.execute(f"drop trigger {table}_append_only on {table}")
    op.execute("drop function refuse_change()")
