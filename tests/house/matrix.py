"""Who may open what, as data: every address by its gate, and every address of a thing by its owner.

A new page needs a word in `PAGES`. If it also names a thing in its address, a row in `OWNED` says
whose: three things of one kind (her own; of a colleague in the same organisation; of another
organisation) and what she is answered for each.
"""

from dataclasses import dataclass

GATES = {
    "public": """
        bazaars.index bazaars.show
        claims.new claims.photo claims.show refund_account.give
        account.forgot account.register account.reset account.sign_in account.sign_out basket.add
        code.ask code.who code.write passkey.ask passkey.come_in
        shared_phone.who
        car.index
        basket.change basket.remove basket.show catalogue.category catalogue.find catalogue.index
        badge.status certificate.ask certificate.check checkout.begin checkout.step complaints.new
        complaints.show health.alive health.ready home.show language.choose language.show
        learning.family learning.index learning.programme learning.provider
        scholarship.index scholarship.show
        packages.add packages.show
        looks.show makers.cooperative makers.kiosk makers.seller media.picture orders.cancel
        orders.change_method orders.find orders.received orders.show pages.fees pages.help_page
        pages.privacy pages.terms pay.back pay.currency pay.go phone.manifest phone.no_signal
        phone.worker product.show talk.ask promote.follow receipt.file receipt.show
    """,
    "signed_in": """
        beginning.cooperative beginning.step beginning.vision
        account.change_pin account.end_sign_in account.me account.stop_recovery
        code.new_pin confirm.ask_code
        confirm.give_code confirm.show passkey.add passkey.ask_new passkey.confirm
        passkey.index passkey.remove passkey.rename helping.stop
        help.begin help.end help.index help.proof help.show help.statement help.undo
        shared_phone.forget shared_phone.lock
        shared_phone.remember learner.choose_shown
        badge.take
        learner.join learner.leave learner.link learner.mine learner.offered learner.paper
        learner.show
        notices.index notices.read notices.read_all orders.mine own_data.copy own_data.erase
        own_data.show promote.index promote.one
        my_money.line my_money.show my_money.week my_statements.paper my_statements.show
        my_pay_way.change my_pay_way.show my_pay_way.stop
        car.ask
        scholarship.apply scholarship.withdraw sending.ask sending.index
        sending.put_away sending.receive
        mentoring.choose mentoring.end mentoring.index mentoring.mine mentoring.note
        my_guides.ask my_guides.index my_guides.opened my_guides.read my_guides.voice
        mentoring.remind mentoring.show mentoring.stop
        upload.create upload.drop upload.instead upload.landed upload.piece
        translations.credit translations.index translations.show
        upload.show
    """,
    "seller": """
        my_bazaars.act my_bazaars.index my_bazaars.paper my_bazaars.show my_bazaars.what_sells
        help.ask
        my_claims.index my_claims.photo my_claims.show
        my_cash.show my_cash.strike my_cash.write my_jars.note my_jars.plan my_jars.show
        my_jars.split
        my_day.today my_listings.archive my_listings.check my_listings.duplicate my_listings.edit
        my_listings.index my_listings.restore my_listings.show my_parcels.index my_parcels.label
        my_parcels.note my_parcels.reach
        my_parcels.show my_parts.archive_size my_parts.describe_picture
        my_parts.give_up_picture my_parts.move_picture my_parts.pictures my_parts.remove_picture
        my_parts.restore_size my_parts.size
        my_labels.index my_labels.one
        my_parts.sizes my_permits.add my_permits.edit my_permits.index my_permits.remove
        new_goods.ask new_goods.costs product_drafts.save product_drafts.show
        my_shop.cutoff my_shop.profile my_shop.quiet my_shop.reopen my_shop.rest
        my_stock.change my_stock.consigned my_stock.figures my_stock.ready
        my_bringing.ask my_bringing.note my_bringing.offer my_bringing.say_so
        my_bringing.signature my_bringing.withdraw
        translations.decide translations.of_listing translations.withdraw
        my_savings.show my_savings.stop_share
        my_edges.allow_taker my_edges.end my_edges.end_taker my_edges.show
        my_counts.contest
        my_shares.act my_shares.index my_shares.show
        my_packages.answer my_packages.index
    """,
    "keeper": """
        counts.begin counts.index
        goods_in.answer goods_in.correct goods_in.decline goods_in.index goods_in.labels
        goods_in.message goods_in.paper goods_in.show goods_in.sign goods_in.signature
        goods_in.take_in
        shelf.ask_more shelf.index shelf.take shelf.undo
        shipments.index shipments.receive shipments.send shipments.show
        kiosk_claims.index kiosk_claims.photo kiosk_claims.show
        kiosk_desk.index kiosk_desk.label kiosk_desk.note kiosk_desk.pickup kiosk_desk.reach
        kiosk_desk.show kiosk_desk.today
        till.close_up till.open_up till.sell till.show
    """,
    "coordinator": """
        counts.answer
        beginning.answer beginning.newcomer
        activity.change activity.make
        bazaar_desk.act bazaar_desk.plan bazaar_goods.act bazaar_goods.goods
        big_order_web.sell big_order_web.show
        big_orders.act big_orders.index big_orders.show big_orders.write_down
        half_hour.fair half_hour.fair_member half_hour.hand_out half_hour.letters
        half_hour.listed half_hour.paper half_hour.show
        coordinator.ask coordinator.begin coordinator.desk coordinator.give
        goods_check.file goods_check.index goods_check.list_moves goods_check.move
        goods_check.moves_file
        parcel_watch.index parcel_watch.label parcel_watch.note parcel_watch.reach
        parcel_watch.show
        package_desk.end package_desk.index package_desk.propose
        roll.index roll.leave roll.new roll.show roll.tree
    """,
    "treasurer": """
        drawer.bags_on_the_way drawer.confirm
        advance_desk.index advance_desk.new advance_desk.proof advance_desk.show
        advance_desk.stop_share cost_desk.index cost_desk.new cost_desk.unit cost_desk.unit_list
        month_desk.index month_desk.lock
        savings_desk.index savings_desk.member savings_desk.plan
        surplus_desk.index surplus_desk.policy surplus_desk.propose
        money_check.entries_file money_check.file money_check.index money_check.journal
        money_check.list_entries
        books.account books.accounts books.home cash_desk.bear cash_desk.index cash_desk.note
        exchange_desk.agree exchange_desk.index payment_desk.ask payment_desk.close
        payment_desk.decide payment_desk.index payment_desk.one payouts.close_round
        batches.confirm batches.file batches.new batches.receipts batches.send counted_out.hand_over
        tax.file tax.hand_over tax.index
        payouts.answer payouts.confirm payouts.owed payouts.see_way payouts.send payouts.stop
        treasury.confirm_refund
        reports.agree reports.disagree reports.index reports.one reports.report
        statement.close statement.index statement.line statement.match statement.match_sure
        statement.reopen treasury.ask_account_again treasury.refund treasury.refunds_list
        treasury.see_account
        treasury.send_refund treasury.transfer treasury.transfers_list
        till_qris.confirm till_qris.index
    """,
    "seller coordinator": "help.new",
    "coordinator operator": """
        claim_watch.index claim_watch.photo claim_watch.show guide_desk.index guide_desk.remove
    """,
    "keeper coordinator": """
        counts.check counts.decide counts.preview counts.sheet counts.show counts.workbook
        counts.write
        counted_out.pay counted_out.statement counted_out.statements day_close.close day_close.days
        drawer.bring drawer.brought drawer.change
        drawer.give_back drawer.take till.one till.sales
    """,
    "keeper coordinator treasurer": """
        counted_out.signature day_close.download day_close.report drawer.slip
    """,
    "coordinator treasurer": """
        activity.file activity.index activity.photo activity.show
        bazaar_desk.index bazaar_desk.show bazaar_goods.paper
        opening_desk.bring opening_desk.example opening_desk.index
        surplus_desk.decide surplus_desk.minutes surplus_desk.show
        voucher.agree voucher.end voucher.receipt voucher.show
        batches.approve batches.show payouts.approve payouts.desk payouts.show
        settling.paper settling.papers tax.letter tax.withdraw settling.show
    """,
    "facilitator": """
        facilitator.attend facilitator.close facilitator.enrol facilitator.follow_up
        facilitator.say_opening facilitator.seats facilitator.stop plan.add_session
        plan.change_programme plan.change_session plan.open_cohort plan.open_programme
        scholarship.decide scholarship.desk scholarship.judge past.bring
        mentoring.begin mentoring.of_class car_desk.answer car_desk.index
    """,
    "facilitator verifier": "facilitator.mine facilitator.show",
    "verifier": "badge.endorse badge.take_back certificate.issue certificate.withdraw",
    "operator": """
        backup_desk.index board_desk.close_place board_desk.found board_desk.one
        board_desk.open_place board_desk.put_under board_desk.organisations board_desk.terms
        complaints.desk complaints.erase_contact complaints.handle delivery_desk.add
        delivery_desk.rate delivery_desk.service
        delivery_desk.services delivery_desk.switch_off delivery_desk.switch_on
        delivery_desk.zones goods_desk.goods goods_desk.hide goods_desk.kind goods_desk.kinds
        goods_desk.new_kind goods_desk.show_again health.figures operator_desk.audit_trail
        operator_desk.home queue_desk.close queue_desk.index queue_desk.retry rights_desk.confirm
        skill_desk.edit skill_desk.index skill_desk.merge
        rights_desk.end rights_desk.give rights_desk.people rights_desk.person rules.index
    """,
}
ROLES = (
    "guest", "buyer", "seller", "keeper", "coordinator", "treasurer", "facilitator", "verifier",
    "operator",
)  # fmt: skip
PAGES = {endpoint: gate for gate, endpoints in GATES.items() for endpoint in endpoints.split()}

# Pages that lead on at once where there is nothing to show yet.
LEADS_ON = {
    "checkout.begin",
    "code.new_pin",
    "code.who",
    "confirm.show",
    "pay.back",
    "shared_phone.who",
}

# Anybody who has the long code or the public name may open these: nobody owns the address.
OPEN_BY_NAME = {endpoint for endpoint, gate in PAGES.items() if gate == "public"}

# Operators run the whole house: nothing in it belongs to another operator.
OPERATORS_OWN_ALL = {endpoint for endpoint, gate in PAGES.items() if gate == "operator"}


@dataclass(frozen=True)
class Owned:
    """Who asks, for which three things, and what she gets: her own, a colleague's, a stranger's."""

    who: str
    things: str
    get: tuple[int, int, int] = (200, 404, 404)
    empty_post: int | None = None  # What a POST without a deed is answered on her own thing.


BUYERS_MONEY = """
    payment_desk.ask payment_desk.close payment_desk.decide payment_desk.one
    reports.agree reports.disagree reports.one reports.report
    statement.close statement.line statement.match statement.reopen
    treasury.ask_account_again treasury.confirm_refund treasury.refund treasury.see_account
    treasury.send_refund treasury.transfer
"""

# Each row is said once, with all the pages that it counts for.
ROWS = (
    (Owned("buyer", "sign_ins"), "account.end_sign_in"),
    (Owned("buyer", "notices"), "notices.read"),
    (Owned("buyer", "passkeys", empty_post=303), "passkey.remove passkey.rename"),
    (Owned("buyer", "act_conflicts"), "sending.put_away"),
    (
        Owned("buyer", "uploads", empty_post=412),
        """
        upload.drop upload.instead upload.landed upload.piece upload.show
        """,
    ),
    (
        Owned("buyer", "enrolments"),
        "badge.take learner.choose_shown learner.leave learner.link learner.paper learner.show",
    ),
    # Whoever certifies elsewhere may stand behind any certificate.
    (Owned("verifier", "classes", get=(200, 200, 200)), "badge.endorse"),
    # A kind of table is no thing; each brings it into her own group.
    (
        Owned("coordinator", "tables", get=(200, 200, 200)),
        "opening_desk.bring opening_desk.example",
    ),
    # Any class of the house is open to every woman.
    (Owned("buyer", "offers", get=(200, 200, 200)), "learner.join"),
    (
        Owned("seller", "shops"),
        """
        my_listings.archive my_listings.check my_listings.duplicate my_listings.edit
        my_listings.restore my_listings.show
        my_parts.archive_size my_parts.describe_picture my_parts.give_up_picture
        my_parts.move_picture my_parts.pictures my_parts.remove_picture my_parts.restore_size
        my_labels.one my_parts.size my_parts.sizes
        my_permits.edit my_permits.remove my_stock.ready
        translations.decide translations.of_listing
        """,
    ),
    # All members read who joins and why; what is somebody's own is her paper alone.
    (
        Owned("seller", "her_bazaars", get=(200, 200, 404), empty_post=404),
        "my_bazaars.act my_bazaars.show",
    ),
    (Owned("seller", "her_bazaars", get=(200, 200, 404)), "my_bazaars.paper"),
    # The board of a cooperative sees its own members, and a POST must say which deed.
    (
        Owned("coordinator", "bazaars", get=(200, 200, 404), empty_post=404),
        "bazaar_desk.act bazaar_desk.show bazaar_goods.act bazaar_goods.goods bazaar_goods.paper",
    ),
    (Owned("treasurer", "bazaars", get=(200, 200, 404)), "bazaar_desk.show bazaar_goods.paper"),
    # Makers of one order read each other's shares; a POST must say which deed, and whose share.
    (
        Owned("seller", "her_shares", get=(200, 404, 404), empty_post=404),
        "my_shares.act my_shares.show",
    ),
    (
        Owned("coordinator", "big_orders", get=(200, 404, 404), empty_post=404),
        "big_orders.act big_orders.show",
    ),
    (
        Owned("coordinator", "activities", get=(200, 404, 404), empty_post=422),
        "activity.change activity.file activity.photo activity.show",
    ),
    (
        Owned("treasurer", "activities", get=(200, 404, 404)),
        "activity.file activity.photo activity.show",
    ),
    (
        Owned("coordinator", "big_orders", get=(200, 404, 404), empty_post=422),
        "big_order_web.sell big_order_web.show",
    ),
    # What a maker brings is hers and the keeper's; a POST without words or photo is told so.
    (Owned("seller", "notes"), "my_bringing.note my_bringing.signature"),
    (Owned("seller", "notes", empty_post=303), "my_bringing.say_so my_bringing.withdraw"),
    (Owned("keeper", "kept_notes"), "goods_in.labels goods_in.paper goods_in.show"),
    (Owned("keeper", "kept_notes"), "goods_in.signature"),
    (Owned("keeper", "kept_notes", get=(303, 404, 404)), "goods_in.message"),
    (
        Owned("keeper", "kept_notes", empty_post=303),
        "goods_in.answer goods_in.correct goods_in.decline goods_in.sign",
    ),
    (Owned("seller", "shops", empty_post=303), "translations.withdraw"),
    (Owned("seller", "translations"), "translations.show"),
    (Owned("seller", "translations", empty_post=303), "translations.credit"),
    (Owned("keeper", "kept_notes"), "shelf.undo shipments.receive shipments.show"),
    # Any member may pass on whatever buyers can see.
    (Owned("buyer", "shops", get=(200, 200, 200)), "promote.one"),
    (Owned("seller", "journals"), "my_money.line"),
    (Owned("seller", "settlements"), "my_statements.paper my_statements.show"),
    (Owned("seller", "pay_ways"), "my_pay_way.stop"),
    (Owned("seller", "purses"), "my_cash.strike my_jars.split"),
    # A mandate concerns its owner, its helper and the coordinator: to all others it is not there.
    (Owned("seller", "mandates"), "help.end help.proof help.show help.statement"),
    (Owned("seller", "mandates", empty_post=303), "help.begin"),
    (Owned("coordinator", "mandates", get=(200, 200, 404)), "help.end help.show"),
    (Owned("seller", "mandates", empty_post=303), "help.undo"),
    # A kind of paper is no thing.
    (Owned("seller", "kinds", get=(200, 200, 200)), "my_permits.add"),
    # Guides are for everybody; none has a voice yet, and nobody coordinates these makers.
    (Owned("seller", "guides", get=(303, 303, 303)), "my_guides.ask my_guides.read"),
    (Owned("seller", "guides", get=(404, 404, 404)), "my_guides.voice"),
    (Owned("seller", "guides", get=(204, 204, 204)), "my_guides.opened"),
    # A parcel has a note only once it is accepted, and a POST on it must say which deed.
    (Owned("seller", "shops", empty_post=404), "my_parcels.show"),
    (Owned("seller", "shops", get=(303, 404, 404)), "my_parcels.label my_parcels.note"),
    # Nobody is reached before the parcel is accepted.
    (Owned("seller", "shops", get=(404, 404, 404)), "my_parcels.reach"),
    (Owned("keeper", "kiosks", empty_post=404), "kiosk_desk.show"),
    (Owned("keeper", "kiosks", get=(303, 404, 404)), "kiosk_desk.label kiosk_desk.note"),
    (Owned("keeper", "kiosks", get=(404, 404, 404)), "kiosk_desk.reach"),
    # A shelf is counted by who keeps or coordinates its place; the owner names a line in her form.
    (
        Owned("keeper", "counts"),
        "counts.check counts.sheet counts.show counts.workbook counts.write",
    ),
    (Owned("keeper", "counts", empty_post=303), "counts.decide counts.preview"),
    (
        Owned("coordinator", "counts", get=(200, 200, 404)),
        "counts.check counts.sheet counts.show counts.workbook counts.write",
    ),
    (
        Owned("coordinator", "counts", get=(200, 200, 404), empty_post=303),
        "counts.decide counts.preview",
    ),
    (Owned("coordinator", "counts", get=(404, 404, 404), empty_post=404), "counts.answer"),
    (Owned("seller", "counts", empty_post=404), "my_counts.contest"),
    # A day is told to who keeps or coordinates its place and to who keeps its books; a bag is
    # brought by who carries it.
    (
        Owned("keeper", "drawers"),
        """
        day_close.download day_close.report drawer.brought drawer.give_back drawer.slip drawer.take
        """,
    ),
    (
        Owned("coordinator", "drawers", get=(200, 200, 404)),
        "day_close.download day_close.report drawer.give_back drawer.take",
    ),
    (
        Owned("treasurer", "drawers", get=(200, 200, 200)),
        "day_close.download day_close.report drawer.confirm drawer.slip",
    ),
    (
        Owned("cooperative_treasurer", "drawers", get=(200, 200, 404)),
        "day_close.download day_close.report drawer.confirm drawer.slip",
    ),
    # Only a payout that leaves the drawer of her kiosk, and none here does.
    (
        Owned("keeper", "payouts", get=(404, 404, 404)),
        "counted_out.pay counted_out.signature counted_out.statement",
    ),
    # Photos of a problem are seen by those who answer it, and by nobody else.
    (Owned("seller", "claims", empty_post=404), "my_claims.show"),
    (Owned("seller", "claims"), "my_claims.photo"),
    # A POST on a sale says the deed; without one she is told to choose a reason.
    (Owned("keeper", "counter_sales", empty_post=303), "till.one"),
    (Owned("coordinator", "counter_sales", get=(200, 200, 404), empty_post=303), "till.one"),
    (Owned("keeper", "kiosk_claims", empty_post=404), "kiosk_claims.show"),
    (Owned("keeper", "kiosk_claims"), "kiosk_claims.photo"),
    (Owned("coordinator", "claims", get=(200, 200, 404), empty_post=404), "claim_watch.show"),
    (Owned("coordinator", "claims", get=(200, 200, 404)), "claim_watch.photo"),
    # Operators step in wherever seller and buyer do not agree.
    (Owned("operator", "claims", get=(200, 200, 200), empty_post=404), "claim_watch.show"),
    (Owned("operator", "claims", get=(200, 200, 200)), "claim_watch.photo"),
    # A coordinator answers for every kiosk and every member of her cooperative.
    (Owned("coordinator", "kiosks", get=(200, 200, 404), empty_post=404), "parcel_watch.show"),
    (Owned("coordinator", "kiosks", get=(303, 303, 404)), "parcel_watch.label parcel_watch.note"),
    (Owned("coordinator", "kiosks", get=(404, 404, 404)), "parcel_watch.reach"),
    (
        Owned("coordinator", "members", get=(200, 200, 404)),
        "coordinator.ask coordinator.begin coordinator.give",
    ),
    (
        Owned("coordinator", "newcomers", get=(200, 200, 404), empty_post=303),
        "beginning.answer beginning.newcomer",
    ),
    # What her half hour says of her own cooperative; a kind of line is no thing.
    (Owned("coordinator", "lines", get=(200, 200, 404), empty_post=303), "half_hour.show"),
    (Owned("coordinator", "lines", get=(200, 200, 404)), "half_hour.fair_member"),
    (Owned("coordinator", "topics", get=(200, 200, 200)), "half_hour.listed"),
    # Goods of her members and of her cooperative's places, and no others.
    (Owned("coordinator", "movements", get=(200, 200, 404)), "goods_check.move"),
    # Two forms of one file, hers only whatever the name says.
    (
        Owned("coordinator", "forms", get=(200, 200, 200)),
        "goods_check.file goods_check.moves_file",
    ),
    (Owned("treasurer", "accounts", get=(200, 200, 404)), "books.account"),
    # Who keeps the operator's books opens a whole journal, whosever pages it stands on.
    (Owned("treasurer", "moves_of_money", get=(200, 200, 200)), "money_check.journal"),
    (
        Owned("cooperative_treasurer", "moves_of_money", get=(200, 200, 404)),
        "money_check.journal",
    ),
    (
        Owned("treasurer", "forms", get=(200, 200, 200)),
        "money_check.entries_file money_check.file",
    ),
    (Owned("treasurer", "qris", get=(200, 200, 404), empty_post=303), "till_qris.confirm"),
    (
        Owned("treasurer", "shared", get=(200, 200, 404)),
        """
        advance_desk.proof advance_desk.show advance_desk.stop_share cost_desk.unit
        savings_desk.member surplus_desk.decide surplus_desk.minutes surplus_desk.show
        voucher.agree voucher.end voucher.receipt voucher.show
        """,
    ),
    (
        Owned("coordinator", "shared", get=(200, 200, 404)),
        """
        roll.leave roll.show surplus_desk.decide surplus_desk.minutes surplus_desk.show
        voucher.agree voucher.end voucher.receipt voucher.show
        """,
    ),
    (Owned("seller", "shared"), "my_savings.stop_share"),
    (Owned("seller", "edges"), "my_edges.end"),
    (Owned("seller", "takers"), "my_edges.end_taker"),
    (
        Owned("treasurer", "payouts", get=(200, 200, 404)),
        """
        payouts.approve payouts.close_round payouts.confirm payouts.owed payouts.see_way
        payouts.send payouts.show payouts.stop settling.paper settling.papers settling.show
        """,
    ),
    (
        Owned("treasurer", "payout_lists", get=(200, 200, 404)),
        """
        batches.approve batches.confirm batches.file batches.new batches.receipts batches.send
        batches.show counted_out.hand_over
        """,
    ),
    (Owned("treasurer", "lost_payouts", get=(200, 200, 404)), "payouts.answer"),
    (Owned("treasurer", "tax_letters", get=(200, 200, 404)), "tax.letter tax.withdraw"),
    (Owned("coordinator", "payout_lists", get=(200, 200, 404)), "batches.approve batches.show"),
    (
        Owned("coordinator", "payouts", get=(200, 200, 404)),
        "payouts.approve payouts.show settling.paper settling.papers settling.show",
    ),
    # Buyers' money comes in at the operator alone: its treasurer sees the money of all makers, and
    # the treasurer of a cooperative not even that of her own.
    (Owned("treasurer", "purchases", get=(200, 200, 200)), BUYERS_MONEY),
    (Owned("cooperative_treasurer", "purchases", get=(404, 404, 404)), BUYERS_MONEY),
    # One provider teaches together.
    (
        Owned("facilitator", "classes", get=(200, 200, 404)),
        """
        facilitator.attend facilitator.close facilitator.enrol facilitator.follow_up
        facilitator.say_opening facilitator.seats facilitator.show facilitator.stop
        mentoring.begin mentoring.of_class past.bring plan.add_session plan.change_programme
        plan.change_session
        """,
    ),
    (
        Owned("facilitator", "batches", get=(200, 200, 404)),
        "scholarship.decide scholarship.desk scholarship.judge",
    ),
    (Owned("facilitator", "car_wishes", get=(200, 200, 404)), "car_desk.answer"),
    (
        Owned("buyer", "pairs"),
        "mentoring.choose mentoring.mine mentoring.stop",
    ),
    (
        Owned("facilitator", "pairs"),
        "mentoring.end mentoring.note mentoring.remind mentoring.show",
    ),
    # Any batch can be asked for; only who asked can ask no longer.
    (Owned("buyer", "batches", get=(200, 200, 200)), "scholarship.apply"),
    (Owned("buyer", "batches"), "scholarship.withdraw"),
    (
        Owned("verifier", "classes", get=(200, 200, 404)),
        "badge.take_back certificate.issue certificate.withdraw",
    ),
)
OWNED: dict[str, list[Owned]] = {}
for _row, _endpoints in ROWS:
    for _endpoint in _endpoints.split():
        OWNED.setdefault(_endpoint, []).append(_row)
