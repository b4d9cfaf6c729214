"""Addresses of applications."""

from django.urls import path

from shifan.applications.views import facts, file, joint, listing, receipts, reviews, tasks

app_name = "applications"
urlpatterns = [
    path("", listing.list_applications, name="list"),
    path("assign/", listing.assign, name="assign"),
    path("unassign/", listing.unassign, name="unassign"),
    path("list.<slug:suffix>", listing.take_away, name="take_away"),
    path("start/<uuid:unit_id>/<int:cycle_id>/", file.start, name="start"),
    path("<uuid:proceeding_id>/", file.workspace, name="workspace"),
    path("<uuid:proceeding_id>/clauses/<str:provision_id>/", facts.clause, name="clause"),
    path("<uuid:proceeding_id>/clauses/<str:provision_id>/state/", facts.state_fact, name="state"),
    path(
        "<uuid:proceeding_id>/clauses/<str:provision_id>/draft/<slug:source_id>/",
        facts.draft,
        name="draft",
    ),
    path("<uuid:proceeding_id>/sheet/<slug:source_id>/", facts.sheet, name="sheet"),
    path("<uuid:proceeding_id>/steps/", file.steps, name="steps"),
    path("<uuid:proceeding_id>/move/<slug:move_id>/", file.move, name="move"),
    path("<uuid:proceeding_id>/tasks/", tasks.tasks, name="tasks"),
    path("<uuid:proceeding_id>/review/", reviews.review, name="review"),
    path("<uuid:proceeding_id>/review/rest/", reviews.agree_with_rest, name="agree_with_rest"),
    path("<uuid:proceeding_id>/review/<str:provision_id>/", reviews.opinion, name="opinion"),
    path("<uuid:proceeding_id>/replies/<int:opinion_id>/", reviews.reply, name="reply"),
    path("<uuid:proceeding_id>/receipts/<int:step_id>/", receipts.receipt, name="receipt"),
    path(
        "<uuid:proceeding_id>/receipts/<int:step_id>/snapshot/", receipts.snapshot, name="snapshot"
    ),
    path(
        "<uuid:proceeding_id>/receipts/<int:step_id>/document/", receipts.document, name="document"
    ),
    path("eligibility/<uuid:unit_id>/<int:cycle_id>/", joint.may_apply, name="may_apply"),
    path("<uuid:proceeding_id>/eligibility/", joint.may_go_on, name="eligibility"),
    path("<uuid:proceeding_id>/partners/", joint.partners, name="partners"),
    path("<uuid:proceeding_id>/partners/<int:partner_id>/drop/", joint.drop, name="drop_partner"),
    path("joint/<int:partner_id>/", joint.answer, name="answer_partner"),
]
