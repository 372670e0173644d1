"""Programmes by kind, level and skill, sessions with their zone and place: what anybody may read."""

import sqlalchemy as sa
from alembic import op

revision = "training_prospectus"
down_revision = "acts_from_phones"
branch_labels = None
depends_on = None

KINDS = {
    "online": "daring",
    "in_person": "tatap muka",
    "car": "mobil",
    "gathering": "kumpul",
    "mentoring": "mentoring",
}
SKILLS = (
    ("bahasa-asing", "Bahasa asing", "Foreign languages"),
    ("berbicara", "Berbicara di depan orang", "Speaking to a group"),
    ("foto-produk", "Foto produk", "Product photos"),
    ("halal", "Halal", "Halal"),
    ("hitung-harga", "Menghitung harga", "Counting a price"),
    ("izin-usaha", "Izin usaha", "Business permits"),
    ("jualan-daring", "Jualan lewat HP", "Selling by phone"),
    ("keamanan-pangan", "Dapur bersih dan aman", "A clean and safe kitchen"),
    ("kemasan-label", "Kemasan dan label", "Packing and labels"),
    ("menulis-cerita", "Menulis cerita produk", "Telling a product's story"),
    ("olahan-pangan", "Mengolah hasil kebun", "Cooking from the garden"),
    ("kerajinan", "Kerajinan tangan", "Handicraft"),
    ("uang-usaha", "Uang rumah dan uang usaha", "Money of home and business"),
    ("video-pendek", "Video pendek", "Short videos"),
)


def upgrade() -> None:
    skills = op.create_table(
        "skill",
        sa.Column("slug", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(60), nullable=False),
    )
    op.bulk_insert(skills, [dict(zip(("slug", "name", "name_en"), row)) for row in SKILLS])
    op.create_table(
        "programme_skill",
        sa.Column("programme_id", sa.BigInteger(), sa.ForeignKey("programme.id"), primary_key=True),
        sa.Column("skill_slug", sa.String(40), sa.ForeignKey("skill.slug"), primary_key=True),
    )
    op.create_index(op.f("ix_programme_skill_skill_slug"), "programme_skill", ["skill_slug"])
    words = sa.ARRAY(sa.String(20))
    _add("programme", "kinds", words, "{}")
    _add("programme", "level", sa.String(10), "open")
    _add("programme", "family_words", sa.Text(), "")
    for kind, word in KINDS.items():  # The words that providers wrote so far.
        op.execute(
            f"update programme set kinds = kinds || '{kind}'::varchar where kind ilike '%{word}%'"
        )
    op.drop_column("programme", "kind")
    op.create_check_constraint(
        op.f("ck_programme_kinds"),
        "programme",
        "kinds <@ array['online','in_person','car','gathering','mentoring']::varchar[]",
    )
    op.create_check_constraint(
        op.f("ck_programme_level"), "programme", "level in ('open','next','intensive')"
    )
    for name, kind, default in SESSION:
        _add("training_session", name, kind, default)
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_training_session_{name}"), "training_session", rule)
    op.create_index(
        "ix_training_session_district",
        "training_session",
        ["district_code"],
        postgresql_where="district_code <> ''",
    )


SESSION = (
    ("zone", sa.String(4), "WIB"),
    ("landmark", sa.String(120), ""),
    ("district_code", sa.String(6), ""),
    ("loan_phones", sa.BigInteger(), "0"),
    ("weather", sa.String(10), ""),
    ("summary", sa.Text(), ""),
    ("makes_listing", sa.Boolean(), "false"),
)
CHECKS = {
    "zone": "zone in ('WIB','WITA','WIT')",
    "weather": "weather in ('','clear','rain','put_off')",
    "loan_phones": "loan_phones between 0 and 500",
}


def _add(table: str, name: str, kind: sa.types.TypeEngine[object], default: str) -> None:
    # The release before this one writes rows without these columns: so they have a default.
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))


def downgrade() -> None:
    op.drop_index("ix_training_session_district", "training_session")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_training_session_{name}"), "training_session")
    for name, _kind, _default in SESSION:
        op.drop_column("training_session", name)
    op.drop_constraint(op.f("ck_programme_level"), "programme")
    op.drop_constraint(op.f("ck_programme_kinds"), "programme")
    op.add_column("programme", sa.Column("kind", sa.String(60), nullable=False, server_default=""))
    for kind, word in KINDS.items():
        op.execute(f"update programme set kind = '{word}' where kinds[1] = '{kind}'")
    op.alter_column("programme", "kind", server_default=None)
    for name in ("kinds", "level", "family_words"):
        op.drop_column("programme", name)
    op.drop_table("programme_skill")
    op.drop_table("skill")
