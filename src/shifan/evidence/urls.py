"""Addresses of evidence."""

from django.urls import path

from shifan.evidence.views import files, uploads

app_name = "evidence"
urlpatterns = [
    path("<uuid:proceeding_id>/<str:provision_id>/attach/", files.attach, name="attach"),
    path("<uuid:proceeding_id>/<str:provision_id>/vault/", files.take, name="take"),
    path("<uuid:proceeding_id>/<str:provision_id>/uploads/", uploads.begin, name="begin"),
    path("<uuid:proceeding_id>/reuse/", files.reuse, name="reuse"),
    path("uploads/<uuid:upload_id>/", uploads.upload, name="upload"),
    path("<uuid:attachment_id>/", files.download, name="download"),
    path("<uuid:attachment_id>/file/", files.file, name="file"),
    path("<uuid:attachment_id>/signs/", files.signs, name="signs"),
    path("<uuid:attachment_id>/revise/", files.revise, name="revise"),
    path("<uuid:attachment_id>/pages/<int:page>/<slug:width>/", files.preview, name="preview"),
    path("<uuid:attachment_id>/remove/", files.remove, name="remove"),
]
