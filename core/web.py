"""The edge of the house: gates, errors in plain words, headers, and what every template knows."""

from functools import cache

import structlog
from flask import Flask, Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from core import (
    access,
    addresses,
    drawing,
    guides,
    keeping,
    nav,
    pause,
    phones,
    second_factor,
    visitor,
    wasm,
    words,
)
from core.access import MACHINE, PUBLIC, Gate
from core.assets import Assets
from core.config import settings
from core.errors import DomainError, RemoteError
from core.i18n import LANGUAGES, language
from core.settings import CoreSettings

log = structlog.get_logger()
csrf = CSRFProtect()

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
RETRY_AFTER_SECONDS = 5

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(self), payment=()",
}

SENTENCES = {
    400: _l("Permintaan ini tidak bisa dibaca. Muat ulang halaman, lalu coba lagi."),
    404: _l("Halaman atau barang ini tidak ada."),
    405: _l("Halaman ini tidak bisa dibuka dengan cara itu."),
    413: _l("Kiriman terlalu besar. Kecilkan foto atau kurangi isinya."),
    415: _l("Jenis kiriman ini tidak kami kenal."),
    429: _l("Terlalu sering dicoba. Tunggu beberapa menit, lalu coba lagi."),
    500: _l("Ada yang keliru di pihak kami. Data Anda aman. Coba lagi sebentar."),
    502: _l("Layanan lain sedang tidak menjawab. Coba lagi sebentar."),
    503: _l("Kami sedang bersiap kembali. Coba lagi beberapa detik lagi."),
}


def gate_of(app: Flask, endpoint: str) -> Gate:
    """The gate a view declares; an undeclared one is our bug, found at start."""
    gate: Gate | None = getattr(app.view_functions[endpoint], "gate", None)
    if gate is None:
        raise AssertionError(f"{endpoint} declares no gate")
    return gate


def _pass_gate(app: Flask) -> AnyResponse | None:
    if request.endpoint is None:
        return None
    gate = gate_of(app, request.endpoint)
    if gate is not MACHINE and request.method in UNSAFE:
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            abort(400)
        csrf.protect()
        _stay_closed(app, request.endpoint)
    if gate in (PUBLIC, MACHINE):
        return None
    if visitor.visitor() is None:
        back = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(url_for("account.sign_in", lanjut=back), code=303)
    _check(gate)
    visitor.keep_fresh()
    return _ask_who_it_is(app, request.endpoint)


def _ask_who_it_is(app: Flask, endpoint: str) -> AnyResponse | None:
    """Before private pages and pages with money: whoever holds the phone may not be she."""
    ask = second_factor.asked_by(app.view_functions[endpoint])
    if ask is None or second_factor.is_fresh(ask):
        return None
    is_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    back = request.full_path.rstrip("?") if is_page else url_for("account.me")
    return redirect(url_for("confirm.show", lanjut=back, hal=ask), code=303)


def _check(gate: Gate) -> None:
    """Raise Forbidden unless she may pass; who may do nothing any more for whom she was helping
    is told so, and goes on as herself.
    """
    held = visitor.rights() if gate.rights else frozenset()
    actor = visitor.actor()
    if actor.on_behalf_of is not None and not held:
        visitor.end_helping()
        raise access.HelpEnded
    access.check(gate, actor, held)


def _stay_closed(app: Flask, endpoint: str) -> None:
    """After a restore people may look and sign in; whatever changes something waits.

    A guest's form may learn a moment late that the house is open again: `flask pause`
    waits that moment.
    """
    if not hasattr(app.view_functions[endpoint], "while_paused") and drawing.lately(
        pause.is_on, "pause"
    ):
        raise pause.Paused


def let_forms_lead_to(app: Flask, *origins: str) -> None:
    """Name other sites that a form of ours may lead on to, such as a gateway's pay page."""
    app.extensions.setdefault("form_targets", []).extend(origins)


def let_pages_reach(app: Flask, *, images: str = "", uploads: str = "") -> None:
    """Name the site that holds our pictures, and the one that takes them from phones."""
    app.extensions["image_origin"], app.extensions["upload_origin"] = images, uploads


def _csp(app: Flask, assets: Assets) -> str:
    targets = " ".join(["'self'", *app.extensions.get("form_targets", [])])
    images, uploads = (app.extensions.get(f"{of}_origin", "") for of in ("image", "upload"))
    parts = (
        "default-src 'self'",
        f"img-src 'self' data: blob: {images}",
        f"connect-src 'self' {uploads}",
        "object-src 'none'",
        "base-uri 'none'",
        f"style-src 'self' {assets.critical_hash}",
        f"form-action {targets}",
        "frame-ancestors 'none'",
    )
    return "; ".join(part.strip() for part in parts)


def page_of_error(status: int, sentence: object | None = None) -> tuple[str, int]:
    """The error page: what happened and one next step."""
    text = sentence or SENTENCES.get(status, SENTENCES[400])
    page = render_template(
        "error.html", status=status, sentence=text, request_id=g.get("request_id", "")
    )
    return page, status


def _install_errors(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def rule_said_no(error: DomainError) -> tuple[str, int]:
        return page_of_error(error.status, error.sentence)

    @app.errorhandler(CSRFError)
    def token_is_old(error: CSRFError) -> tuple[str, int]:  # noqa: ARG001
        return page_of_error(
            400, _("Halaman ini sudah terlalu lama terbuka. Muat ulang, lalu kirim lagi.")
        )

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
        if error.code is None or error.code < 400:
            return error
        return page_of_error(error.code)

    @app.errorhandler(RemoteError)
    def their_server(error: RemoteError) -> tuple[str, int]:
        log.warning("remote_error", error=str(error))
        return page_of_error(502)

    @app.errorhandler(OperationalError)
    @app.errorhandler(InterfaceError)
    @app.errorhandler(PoolTimeout)
    def database_away(error: Exception) -> Response:
        log.error("database_away", error=type(error).__name__)
        response = app.make_response(page_of_error(503))
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response

    @app.errorhandler(DBAPIError)
    @app.errorhandler(Exception)
    def our_bug(error: Exception) -> tuple[str, int]:
        log.error("bug", exc_info=error)
        return page_of_error(500)


def _install_templates(app: Flask) -> None:
    app.jinja_env.filters.update(
        rupiah=words.rupiah,
        tanggal=words.tanggal,
        jam=words.jam,
        tanggal_jam=words.tanggal_jam,
        jam_lain=words.jam_lain,
        berat=words.berat,
        persen=words.persen,
        telepon=phones.show,
        samar=phones.masked,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    house = settings(CoreSettings, app)

    @app.context_processor
    def page_words() -> dict[str, object]:
        person = visitor.visitor()
        return {
            "current_person": person,
            "lang": language(),
            "languages": LANGUAGES,
            "works_here": bool(person and visitor.rights()),  # Her acts may wait on her phone.
            "demo_mode": house.demo,
            "nav": nav.links("account", visitor.rights()) if person else [],
            "docked": nav.dock(request.path, visitor.rights()) if person else [],
            "helped": visitor.helped() if person else None,
            "may": _may,
            "guide": guides.here() if person else None,
            "page_url": house.public_url + request.path,
        }


def _may(*names: str) -> bool:
    """Whether the visitor holds one of these rights, so that a page shows only what she may do."""
    return bool(visitor.rights() & set(names))


def init_app(app: Flask, assets: Assets) -> None:
    """Hang every rule of the edge on the app."""
    house = settings(CoreSettings, app)
    app.config.update(
        SECRET_KEY=house.secret_key,
        TRUSTED_HOSTS=list(house.trusted_hosts),
        MAX_CONTENT_LENGTH=house.body_bytes_max,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=400,
        SESSION_COOKIE_NAME="__Host-lumbung" if house.secure_cookies else "lumbung",
        SESSION_COOKIE_SECURE=house.secure_cookies,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=house.sign_in_days * 24 * 3600,
        WTF_CSRF_CHECK_DEFAULT=False,  # `_pass_gate` asks for it, except of machines.
        WTF_CSRF_TIME_LIMIT=None,  # Bound to the sign-in; slow phones would get 400 otherwise.
    )
    app.session_interface = visitor.Sessions(app)
    addresses.init_app(app)
    csrf.init_app(app)
    drawing.init_app(app)
    if house.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=house.proxies, x_proto=house.proxies, x_host=house.proxies
        )
    policy = cache(lambda: _csp(app, assets))  # Upper floors may name targets until it is asked.
    app.before_request(lambda: _pass_gate(app))

    @app.after_request
    def harden(response: Response) -> Response:
        view = app.view_functions.get(request.endpoint or "")
        response.headers.setdefault("Content-Security-Policy", wasm.policy_of(view, policy()))
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if house.secure_cookies:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if visitor_is_known():
            response.headers.setdefault("Cache-Control", "private, no-store")
            keeping.tell_the_phone(app, response)
        return response

    _install_errors(app)
    _install_templates(app)


def visitor_is_known() -> bool:
    """Whether this answer belongs to one person and may not be kept by anybody else."""
    return g.get("visitor") is not None


def say(sentence: str, category: str = "good") -> None:
    """Show one sentence on the next page; categories are good, info, warning and wrong."""
    flash(sentence, category)


def safe_next(target: str | None) -> str:
    """Where to go after signing in: only a path of this house, never another site."""
    is_own = target and target.startswith("/") and not target.startswith(("//", "/\\"))
    if not target or not is_own or not target.isprintable():
        return "/"
    return target
