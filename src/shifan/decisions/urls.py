"""Addresses of batches, notices and objections."""

from django.urls import path

from shifan.decisions import views

app_name = "decisions"
urlpatterns = [
    path("batches/", views.batches, name="batches"),
    path("batches/begin/<int:cycle_id>/<str:procedure_id>/", views.begin, name="begin"),
    path("batches/<uuid:batch_id>/", views.batch, name="batch"),
    path("batches/<uuid:batch_id>/gather/", views.gather, name="gather"),
    path("batches/<uuid:batch_id>/out/<uuid:line_id>/", views.take_out, name="take_out"),
    path("notices/", views.notices, name="notices"),
    path("notices/<uuid:batch_id>/", views.notice, name="notice"),
    path("notices/<uuid:batch_id>/object/<uuid:line_id>/", views.object_to, name="object"),
    path("notices/objections/<uuid:objection_id>/", views.objection, name="objection"),
]
