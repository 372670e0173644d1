"""Puts the ground floor together: settings, database, edge, pages, commands."""

import os
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from flask_babel import lazy_gettext as _
from flask_compress import Compress
from flask_migrate import Migrate

from core import (
    acts,
    album,
    assets,
    commands,
    config,
    conflicts,
    db,
    doctor,
    examinations,
    files,
    guides,
    i18n,
    limits,
    log,
    metrics,
    nav,
    pause,
    privacy,
    subjects,
    tasks,
    web,
)
from core.arrivals import Arrival, UploadSettings
from core.backup import commands as backup_commands
from core.backup import drill
from core.backup.drill import Witness
from core.backup.runs import BackupRun
from core.backup.settings import BackupSettings
from core.codes import CodeSettings, OneTimeCode
from core.nav import Entry
from core.notices import Notice
from core.passkeys import Passkey, PasskeyChallenge, PasskeySettings
from core.recovery import Recovery
from core.rights import OPERATE
from core.settings import CoreSettings
from core.shared_phone import RememberedHere
from core.sms import SmsSettings
from core.storage import StorageSettings, origin
from core.views import (
    account,
    backup_desk,
    codes,
    confirm,
    health,
    helping,
    language,
    looks,
    media,
    notices,
    operator_desk,
    own_data,
    passkeys,
    phone,
    queue_desk,
    rights_desk,
    rules,
    sending,
    shared_phone,
    upload,
    whatsapp,
)
from core.whatsapp import WhatsAppSettings

PAGES = (
    account,
    backup_desk,
    codes,
    confirm,
    health,
    helping,
    language,
    looks,
    media,
    notices,
    operator_desk,
    own_data,
    passkeys,
    phone,
    queue_desk,
    rights_desk,
    rules,
    shared_phone,
    sending,
    upload,
    whatsapp,
)
WAYS = (
    Entry("account", _("Pengelola"), "operator_desk.home", "home", 70, (OPERATE,)),
    Entry("account", _("Orang dan hak"), "rights_desk.people", "people", 71, (OPERATE,)),
    Entry("account", _("Pekerjaan gagal"), "queue_desk.index", "warning", 72, (OPERATE,)),
    Entry("account", _("Cadangan data"), "backup_desk.index", "book", 73, (OPERATE,)),
    Entry("account", _("Aturan hukum"), "rules.index", "info", 79, (OPERATE,)),
    Entry("account", _("Jejak perbuatan"), "operator_desk.audit_trail", "book", 74, (OPERATE,)),
    Entry("account", _("Pesan"), "notices.index", "info", 85),
    Entry("account", _("Akun"), "account.me", "person", 90),
)
# Imported so that migrations see them.
TABLES = (
    acts.Act,
    Arrival,
    BackupRun,
    conflicts.ActConflict,
    examinations.Examination,
    files.Attachment,
    limits.TryCount,
    Notice,
    OneTimeCode,
    Passkey,
    PasskeyChallenge,
    pause.Pause,
    Recovery,
    RememberedHere,
    tasks.Task,
)


def init_app(app: Flask, environ: Mapping[str, str]) -> None:
    """Lay the ground floor; upper floors come after."""
    config.register(app, CoreSettings, environ)
    config.register(app, StorageSettings, environ)
    config.register(app, UploadSettings, environ)
    config.register(app, BackupSettings, environ)
    config.register(app, WhatsAppSettings, environ)
    config.register(app, SmsSettings, environ)
    config.register(app, CodeSettings, environ)
    config.register(app, PasskeySettings, environ)
    house = config.settings(CoreSettings, app)
    if len(house.secret_key) < 32:
        raise config.ConfigError("SECRET_KEY must have at least 32 characters")
    root = Path(app.root_path)
    log.init_app(app, house.log_level)
    metrics.init_app(app)
    db.init_app(
        app,
        house.database_url,
        pool_size=house.threads,
        application_name=f"lumbung-{os.getpid()}",
    )
    Migrate(app, db.db, directory=str(root / "migrations"), compare_type=True)
    i18n.init_app(app)
    found = assets.init_app(app, root / "static")
    web.init_app(app, found)
    app.config.update(COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=5, COMPRESS_MIN_SIZE=400)
    Compress(app)
    album.init_app(app)
    guides.init_app(app)
    media_url = config.settings(StorageSettings, app).media_url
    web.let_pages_reach(
        app, images=origin(media_url), uploads=app.extensions["storage"].upload_origin()
    )
    doctor.register(app, *doctor.ALL)
    for pages in PAGES:
        app.register_blueprint(pages.bp)
    nav.register(app, *WAYS)
    privacy.register(app, privacy.GROUND)
    subjects.register(app, "organisation", subjects.organisations)
    commands.init_app(app)
    backup_commands.init_app(app)
    drill.register(app, Witness("audit", "at"))
