"""What the surroundings say: where state lies, which database, demo or not.

Only this module reads environment variables.

===================  ============================================================================
``SHIFAN_STATE``     folder for the embedded database, files and secrets; default ``.state``
``DATABASE_URL``     a PostgreSQL server; without it the embedded one in the state folder is used
``SHIFAN_DEMO``      ``1`` for demo mode; refused together with ``DATABASE_URL`` or with hosts
``SHIFAN_HOSTS``     comma-separated host names to answer to; default: loopback only
``SHIFAN_PROXY``     ``1`` if exactly one trusted proxy in front sets ``X-Forwarded-*``
``SHIFAN_ADDRESS``   address of the site in e-mails; default: the first host
``SHIFAN_MAIL``      mail server, e.g. ``smtp://user:password@mail.example.org:587?tls=starttls``
                     (``tls`` is ``starttls``, ``ssl`` or ``none``); without it no e-mail is sent
``SHIFAN_MAIL_FROM`` sender of e-mails; default ``shifan@`` and the first host
``SHIFAN_S3``        where files lie instead of the state folder: ``s3://bucket/prefix``, on another
                     server than Amazon's with ``?endpoint=https://…``; the keys come as boto3
                     reads them (``AWS_ACCESS_KEY_ID`` and its like)
``SHIFAN_CLAMAV``    the virus scanner, ``tcp://host:3310`` or ``unix:/path``; without it files are
                     not scanned
``SHIFAN_SURVEY_KEYS`` folder of the keys that seal survey answers for their day; default in the
                     state folder, better on another disk than the database's
``SHIFAN_SURVEY_ADDRESS`` where the surveys' light path is reached; default: the site's address,
                     whose proxy leads ``/s/`` there
``SHIFAN_SURVEY_PER_MINUTE`` answers taken from one network in a minute; default 600, ``0`` for any
``SHIFAN_SECURE``    ``0`` to serve without HTTPS on hosts other than loopback
===================  ============================================================================
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class UnsafeDemo(Exception):
    """Demo mode was asked for where real data or real users could be."""


def state_folder() -> Path:
    """The folder for everything that must outlive a restart; created if need be."""
    folder = Path(os.environ.get("SHIFAN_STATE", ".state")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def hosts() -> list[str]:
    """Host names the site answers to."""
    named = [host.strip() for host in os.environ.get("SHIFAN_HOSTS", "").split(",")]
    return [host for host in named if host] or list(LOOPBACK)


def demo() -> bool:
    """Whether demo mode is on. Raises UnsafeDemo where it must not be.

    Demo accounts have no password, so the mode exists only on loopback and on the embedded
    database, which :mod:`shifan.demo` additionally requires to have been born as a demo.
    """
    if os.environ.get("SHIFAN_DEMO") != "1":
        return False
    if not is_embedded():
        raise UnsafeDemo("SHIFAN_DEMO=1 together with DATABASE_URL: demo mode runs only on the "
                         "embedded database. Unset one of the two.")  # fmt: skip
    if set(hosts()) - {*LOOPBACK, "testserver"}:
        raise UnsafeDemo("SHIFAN_DEMO=1 together with SHIFAN_HOSTS: demo mode answers only on "
                         "loopback. Unset one of the two.")  # fmt: skip
    if behind_proxy():
        raise UnsafeDemo("SHIFAN_DEMO=1 together with SHIFAN_PROXY=1: demo mode answers "
                         "nobody from elsewhere. Unset one of the two.")  # fmt: skip
    return True


def is_embedded() -> bool:
    """Whether the embedded database is used, which only answers on a socket."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return True
    parts = urlsplit(url)
    asked = parse_qs(parts.query, keep_blank_values=True)
    (socket,) = asked.get("host", [""])[:1]
    return (
        os.environ.get("SHIFAN_EMBEDDED") == "1"
        and not parts.hostname
        and asked.keys() == {"host"} and len(asked["host"]) == 1
        and socket.startswith("/") and "," not in socket
    )  # fmt: skip


def use_database(url: str) -> None:
    """Make ``url`` (of the embedded server, just started) the database of this process."""
    os.environ["DATABASE_URL"], os.environ["SHIFAN_EMBEDDED"] = url, "1"


def database() -> dict[str, object]:
    """Django's settings for the database.

    A ``DATABASE_URL`` that is missing leaves an unusable setting, so that commands which need no
    database can still run.
    """
    parts = urlsplit(os.environ.get("DATABASE_URL", "postgresql://127.0.0.1:1/none"))
    socket = parse_qs(parts.query).get("host", [""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": socket or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
    }


def secret_key() -> str:
    """The signing key: from ``SHIFAN_SECRET_KEY``, else made once and kept in the state folder."""
    given = os.environ.get("SHIFAN_SECRET_KEY")
    if given:
        return given
    path = state_folder() / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


def address() -> str:
    """Where the site is reached, without a slash at the end."""
    default = f"{'https' if secure() else 'http'}://{hosts()[0]}"
    return os.environ.get("SHIFAN_ADDRESS", default).rstrip("/")


def served_at(port: int) -> None:
    """Let e-mails lead to this port, where no address is named and the site is on loopback."""
    if set(hosts()) <= set(LOOPBACK):
        os.environ.setdefault("SHIFAN_ADDRESS", f"http://127.0.0.1:{port}")
        os.environ.setdefault("SHIFAN_SURVEY_ADDRESS", f"http://127.0.0.1:{port + 1}")


@dataclass(frozen=True)
class MailServer:
    """How e-mail leaves."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    ssl: bool
    sender: str


def mail() -> MailServer | None:
    """The mail server, if one is named."""
    url = os.environ.get("SHIFAN_MAIL")
    if not url:
        return None
    parts = urlsplit(url)
    tls = parse_qs(parts.query).get("tls", ["starttls"])[0]
    ssl = tls == "ssl"
    return MailServer(
        parts.hostname or "", parts.port or (465 if ssl else 587), unquote(parts.username or ""),
        unquote(parts.password or ""), tls == "starttls", ssl,
        os.environ.get("SHIFAN_MAIL_FROM", f"shifan@{hosts()[0]}"),
    )  # fmt: skip


def s3() -> dict[str, object]:
    """The options of the S3 storage; empty where files lie in the state folder."""
    url = os.environ.get("SHIFAN_S3")
    if not url:
        return {}
    parts = urlsplit(url)
    return {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "endpoint_url": parse_qs(parts.query).get("endpoint", [None])[0],
        "default_acl": None,
        "querystring_auth": True,
    }


def scanner() -> str:
    """The address of the virus scanner; empty for none."""
    return os.environ.get("SHIFAN_CLAMAV", "")


def survey_keys() -> Path:
    """The folder of the keys that seal survey answers until they are mixed."""
    named = os.environ.get("SHIFAN_SURVEY_KEYS")
    return Path(named).resolve() if named else state_folder() / "survey-keys"


def survey_per_minute() -> int:
    """How many answers one network may hand in within a minute; 0 for any number."""
    return int(os.environ.get("SHIFAN_SURVEY_PER_MINUTE", "600"))


def survey_address() -> str:
    """Where answers are taken, without a slash at the end."""
    return os.environ.get("SHIFAN_SURVEY_ADDRESS", address()).rstrip("/")


def behind_proxy() -> bool:
    """Whether one trusted proxy in front says how and from where a request came."""
    return os.environ.get("SHIFAN_PROXY") == "1"


def secure() -> bool:
    """Whether cookies and redirects insist on HTTPS: always, except on loopback."""
    on_loopback = set(hosts()) <= {*LOOPBACK, "testserver"}
    return not on_loopback and os.environ.get("SHIFAN_SECURE", "1") != "0"
