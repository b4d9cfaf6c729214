"""Django settings. What differs between installations comes from :mod:`shifan.site.environment`."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from shifan.site import environment

PACKAGE = Path(__file__).resolve().parent.parent
PROJECT = PACKAGE.parent.parent

SECRET_KEY = environment.secret_key()
DEBUG = False
DEMO = environment.demo()
ALLOWED_HOSTS = environment.hosts()

INSTALLED_APPS = [
    "shifan.ledger",
    "shifan.accounts",
    "shifan.units",
    "shifan.vault",
    "shifan.mailbox",
    "shifan.people",
    "shifan.cycles",
    "shifan.proceedings",
    "shifan.titles",
    "shifan.statements",
    "shifan.applications",
    "shifan.decisions",
    "shifan.evidence",
    "shifan.burden",
    "shifan.workbook",
    "shifan.surveys",
    "shifan.register",
    "shifan.offices",
    "shifan.demo",
    "shifan.site",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shifan.site.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shifan.site.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "shifan.site.middleware.sized",
    "shifan.site.middleware.readable",
    "shifan.site.middleware.other_way",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shifan.site.middleware.actor_and_time",
    "shifan.site.middleware.sign_in_first",
    "shifan.site.middleware.DomainErrors",
]

ROOT_URLCONF = "shifan.site.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shifan.site.context.page",
            ],
        },
    }
]

DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["shifan.people.signing_in.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
     "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "shifan.accounts.adapter.ClosedSignUp"
ACCOUNT_EMAIL_VERIFICATION = "none"
CSRF_FAILURE_VIEW = "shifan.site.views.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "site" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PROJECT / "build" / "assets"]
STATIC_ROOT = PROJECT / "build" / "static"
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": environment.s3(),
    }
    if environment.s3()
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": environment.state_folder() / "files", "allow_overwrite": True},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
EVIDENCE_MAX_BYTES, VIDEO_MAX_BYTES = 20_000_000, 2_000_000_000
REQUEST_MAX_BYTES = 100_000_000
UPLOADS = environment.state_folder() / "uploads"
SCANNER = environment.scanner()
SURVEY_KEYS = environment.survey_keys()
SURVEY_PER_MINUTE = environment.survey_per_minute()
SURVEY_BEHIND_PROXY = environment.behind_proxy()
SURVEY_ADDRESS = environment.survey_address()

SITE_ADDRESS = environment.address()
MAIL = environment.mail()
MAIL_ON = DEMO or MAIL is not None
if MAIL is not None:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starttls, MAIL.ssl
    DEFAULT_FROM_EMAIL = MAIL.sender
else:  # only a demo writes letters then, into a folder
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = environment.state_folder() / "mail"
EMAIL_TIMEOUT = 20
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = environment.secure()
SECURE_HSTS_SECONDS = 31_536_000 if environment.secure() else 0
SESSION_COOKIE_SAMESITE = "Lax"
if environment.secure():  # no other host of the domain can set them
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
if environment.behind_proxy():
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
