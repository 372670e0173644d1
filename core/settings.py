"""The ground floor's settings."""

from dataclasses import dataclass

from core.config import setting


@dataclass(frozen=True)
class CoreSettings:
    """What core reads from the environment."""

    database_url: str = setting(
        "DATABASE_URL", "PostgreSQL server, as postgresql+psycopg://…; `make run` fills it in", ""
    )
    secret_key: str = setting(
        "SECRET_KEY",
        "Signs cookies and form tokens; at least 32 characters; `make run` makes one",
        "",
    )
    state_folder: str = setting(
        "LUMBUNG_STATE_FOLDER",
        "Where our own PostgreSQL and its key live; empty: `var/postgres`, as root under /var/lib",
        "",
    )
    public_url: str = setting(
        "LUMBUNG_PUBLIC_URL",
        "Address people see, for links in messages and previews",
        "http://localhost:8000",
    )
    trusted_hosts: tuple[str, ...] = setting(
        "LUMBUNG_TRUSTED_HOSTS",
        "Host names we answer to, comma-separated",
        ("localhost", "127.0.0.1", "[::1]"),
    )
    proxies: int = setting("LUMBUNG_PROXIES", "How many proxies stand before us (X-Forwarded-…)", 0)
    secure_cookies: bool = setting(
        "LUMBUNG_SECURE_COOKIES", "Cookies only over HTTPS; yes wherever there is HTTPS", False
    )
    threads: int = setting(
        "LUMBUNG_THREADS", "Threads of one web worker; also its pool of connections", 4
    )
    body_bytes_max: int = setting("LUMBUNG_BODY_BYTES_MAX", "Largest request body", 9 * 1024 * 1024)
    demo: bool = setting("LUMBUNG_DEMO", "Load and mark the fictional demo world", True)
    guest_seconds: float = setting(
        "LUMBUNG_GUEST_SECONDS",
        "How old what guests see of goods and stock may be; 0 asks the database each time",
        1.0,
    )
    log_level: str = setting("LUMBUNG_LOG_LEVEL", "debug, info, warning or error", "info")
    sign_in_days: int = setting("LUMBUNG_SIGN_IN_DAYS", "A sign-in unused for so long ends", 90)
    pin_tries: int = setting("LUMBUNG_PIN_TRIES", "Wrong PINs per phone number in 15 minutes", 5)
    address_tries: int = setting(
        "LUMBUNG_ADDRESS_TRIES", "Sign-in tries per network address in 15 minutes", 40
    )
    recovery_hours: int = setting(
        "LUMBUNG_RECOVERY_HOURS",
        "So long a PIN that was set without the old one opens no page with money",
        24,
    )
    job_heartbeat_seconds: float = setting(
        "LUMBUNG_JOB_HEARTBEAT_SECONDS", "How often the job worker says that it lives", 10.0
    )
    job_stalled_seconds: float = setting(
        "LUMBUNG_JOB_STALLED_SECONDS", "Silence after which its jobs go to another", 30.0
    )
    smtp_url: str = setting(
        "LUMBUNG_SMTP_URL",
        "Mail server, as smtp://user:password@host:port (smtp+tls:// for STARTTLS)",
        "",
    )
    mail_from: str = setting(
        "LUMBUNG_MAIL_FROM", "Sender of our mail", "Lumbung <lumbung@localhost>"
    )
