"""What of a seller's pages a helper may open, as data: every address under /ibu is decided here.

A new page needs a word: the parts of SELL that open it (any of them), or `closed` where it is the
maker's alone: money, bank, PIN, jars, permits, certificates, answers to claims. `herself` is a page
of whoever is signed in: a helper finds her own things there, and nothing of whom she helps.
"""

ALL = "stock orders goods prices publish shop"
DECIDED = {
    ALL: "my_day.today",
    "stock goods prices publish": "my_listings.index my_listings.show my_parts.sizes",
    "goods": """
        new_goods.ask
        my_labels.index my_labels.one
        my_listings.duplicate my_listings.edit my_parts.describe_picture
        my_parts.give_up_picture my_parts.move_picture
        my_parts.pictures my_parts.remove_picture
    """,
    "goods prices": "my_parts.size",
    "prices": "my_packages.answer my_packages.index",
    "publish": """
        my_listings.archive my_listings.check my_listings.restore my_parts.archive_size
        my_parts.restore_size
    """,
    "shop": "my_shop.cutoff my_shop.profile my_shop.reopen my_shop.rest",
    "stock": """
        my_bringing.ask my_bringing.offer my_bringing.withdraw my_stock.change my_stock.ready
    """,
    "orders": "my_parcels.index my_parcels.label my_parcels.note my_parcels.reach my_parcels.show",
    "closed": """
        my_bazaars.act my_bazaars.index my_bazaars.paper my_bazaars.show my_bazaars.what_sells
        help.ask new_goods.costs my_shop.quiet product_drafts.save product_drafts.show
        my_stock.consigned my_stock.figures
        my_bringing.note my_bringing.say_so my_bringing.signature my_counts.contest
        my_cash.show my_cash.strike my_cash.write my_jars.note my_jars.plan
        my_jars.show my_jars.split
        my_claims.index my_claims.photo my_claims.show
        my_savings.show my_savings.stop_share
        my_edges.allow_taker my_edges.end my_edges.end_taker my_edges.show
        my_shares.act my_shares.index my_shares.show
        my_permits.add my_permits.edit my_permits.index my_permits.remove
        translations.decide translations.of_listing translations.withdraw
    """,
    "herself": """
        badge.take learner.choose_shown learner.join learner.leave learner.link learner.mine
        learner.offered
        my_guides.ask my_guides.index my_guides.opened my_guides.read my_guides.voice
        my_money.line my_money.show my_money.week my_statements.paper my_statements.show
        my_pay_way.change my_pay_way.show my_pay_way.stop
        learner.paper learner.show mentoring.choose mentoring.mine mentoring.stop promote.index
        promote.one translations.credit translations.index translations.show
    """,
}
NOT_YET = {"my_parcels.reach"}  # A buyer is reached once her parcel is accepted: 404 until then.
PAGES = {page: parts for parts, pages in DECIDED.items() for page in pages.split()}


def opened_by(endpoint):
    """The parts that open a page, or none."""
    parts = PAGES.get(endpoint, "closed")
    return frozenset() if parts in ("closed", "herself") else frozenset(parts.split())
