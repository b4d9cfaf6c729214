"""Demo mode cannot be switched on where real data could be."""

import os
import subprocess
import sys

import pytest


def settings_with(**changes: str) -> subprocess.CompletedProcess[str]:
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("SHIFAN_", "DATABASE_"))}
    keep["SHIFAN_STATE"] = os.environ["SHIFAN_STATE"]
    program = "import shifan.site.settings as s; print(s.DEMO, s.SESSION_COOKIE_SECURE, s.DEBUG)"
    return subprocess.run(
        [sys.executable, "-c", program], env={**keep, **changes}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_demo_is_off_unless_asked_for():
    assert settings_with().stdout == "False False False\n"


def test_demo_is_on_when_asked_for_on_the_embedded_database():
    assert settings_with(SHIFAN_DEMO="1").stdout == "True False False\n"


@pytest.mark.parametrize(
    "changes",
    [
        {"DATABASE_URL": "postgresql://u:p@127.0.0.1/real"},
        {"SHIFAN_PROXY": "1"},
        *(
            {"SHIFAN_EMBEDDED": "1", "DATABASE_URL": f"postgresql://{rest}"}
            for rest in (
                "u:p@10.0.0.1/real",
                "u:p@/real?host=10.0.0.1",
                "u:p@/real?host=/tmp,10.0.0.1",
                "u:p@/real?host=/tmp&host=10.0.0.1",
                "u:p@/real?host=/tmp&hostaddr=10.0.0.1",
                "u:p@/@10.0.0.1/real",
                "u:p@/real",
                "u:p%40/@elsewhere.example/real",
            )
        ),
        {"SHIFAN_HOSTS": "shifan.example.org"},
        {"SHIFAN_HOSTS": "127.0.0.1,shifan.example.org"},
    ],
)
def test_demo_is_refused_on_a_server_or_a_public_host(changes):
    done = settings_with(SHIFAN_DEMO="1", **changes)

    assert done.returncode != 0
    assert "UnsafeDemo" in done.stderr


@pytest.mark.parametrize("value", ["true", "yes", "0", "on", " 1"])
def test_demo_needs_exactly_one(value):
    assert settings_with(SHIFAN_DEMO=value).stdout == "False False False\n"


def test_public_host_makes_cookies_secure():
    assert settings_with(SHIFAN_HOSTS="shifan.example.org").stdout == "False True False\n"


def test_proxy_is_trusted_only_when_told():
    program = "import shifan.site.settings as s; print(getattr(s, 'SECURE_PROXY_SSL_HEADER', None))"

    def header(**changes: str) -> str:
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("SHIFAN_", "DATABASE_"))}
        env = {**keep, "SHIFAN_STATE": os.environ["SHIFAN_STATE"], **changes}
        return subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
        ).stdout.strip()

    assert header() == "None"
    assert header(SHIFAN_PROXY="1") == "('HTTP_X_FORWARDED_PROTO', 'https')"


def test_embedded_flag_does_not_disguise_a_server():
    done = settings_with(
        SHIFAN_DEMO="1", SHIFAN_EMBEDDED="1", DATABASE_URL="postgresql://u:p@db.example.org/real"
    )

    assert "UnsafeDemo" in done.stderr


def test_cookies_are_bound_to_the_host_where_the_site_has_an_address_of_its_own():
    program = "import shifan.site.settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        env={**os.environ, "SHIFAN_HOSTS": "titles.example", "SHIFAN_DEMO": ""},
    )  # fmt: skip

    assert done.stdout == "__Host-session __Host-csrf\n"
