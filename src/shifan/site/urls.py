"""The root of every address. The demo's routes exist only in demo mode."""

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from shifan.offices.views import show_board
from shifan.register import views as register
from shifan.site import carried, ledger, views
from shifan.surveys import views as surveys

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("shifan.accounts.urls")),
    path("programmes/", register.programmes, name="programmes"),
    path("programmes/<slug:programme>/", include("shifan.offices.urls")),
    path("register/", include("shifan.register.urls")),
    path("rulebooks/", include("shifan.cycles.urls")),
    path("applications/", include("shifan.applications.urls")),
    path("board/", show_board, name="board"),
    path("desk/", views.desk, name="desk"),
    path("proceedings/", include("shifan.proceedings.urls")),
    path("titles/", include("shifan.titles.urls")),
    path("", include("shifan.decisions.urls")),
    path("evidence/", include("shifan.evidence.urls")),
    path("workbook/", include("shifan.workbook.urls")),
    path("burden/", include("shifan.burden.urls")),
    path("surveys/", include("shifan.surveys.urls")),
    path("s/<slug:code>/", surveys.public, name="public_survey"),
    path("s/<slug:code>/<path:rest>", surveys.public, name="public_survey_part"),
    path("messages/", include("shifan.mailbox.urls")),
    path("people/", include("shifan.people.urls")),
    path("ledger/", ledger.list_entries, name="ledger"),
    path("carried/", carried.carried, name="carried"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("shifan.demo.urls")))

handler400 = "shifan.site.views.bad_request"
handler403 = "shifan.site.views.forbidden"
handler404 = "shifan.site.views.not_found"
handler500 = "shifan.site.views.server_error"
