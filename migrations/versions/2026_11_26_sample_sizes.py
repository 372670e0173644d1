"""A small pack to try is a size of its own, so that it has stock and can be bought.

Where a product only named its price, that becomes such a size; nothing of it stands anywhere yet.
`listing.sample_price` is read no more and goes with the next release, for the one before reads it.
"""

import sqlalchemy as sa
from alembic import op

revision = "sample_sizes"
down_revision = "training_skills_kept"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "variant", sa.Column("is_sample", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        """
        insert into variant (listing_id, sku, name, unit, price, weight_grams, position, is_sample)
        select l.id, 'B' || l.id || '-contoh', 'Contoh kecil', first.unit, l.sample_price,
               least(first.weight_grams, 150), 99, true
          from listing l
          join lateral (select unit, weight_grams from variant v where v.listing_id = l.id
                         order by v.position, v.id limit 1) first on true
         where l.sample_price is not null
        """
    )


def downgrade() -> None:
    op.execute("update variant set archived_at = now() where is_sample and archived_at is null")
    op.drop_column("variant", "is_sample")
