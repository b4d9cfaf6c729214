"""Every route of the site, and who gets an answer there: written by hand, compared with what the
site really answers. A route that is not here fails the build.

A route that does not depend on a file has the sets of those who may in its own row. A route of a
file has the row of the table (``table.FILE``) that decides it, which also says at which stages.
"""

from __future__ import annotations

from dataclasses import dataclass

OWN = {"clerk", "lead", "contributor"}
PROVINCE = {"reviewer", "approver"}
NATION = {"national_reviewer", "national_officer"}
EVERYONE = {
    "anonymous", "stranger", "clerk", "lead", "contributor", "other_lead", "reviewer", "approver",
    "other_reviewer", "other_approver", "national_reviewer", "national_officer", "auditor",
    "other_auditor",
}  # fmt: skip
LISTING = NATION | {"auditor"}
"""Who sees the list of those to be named before it is public: the office that makes it."""
OFFICES = PROVINCE | NATION | {"auditor", "other_auditor", "other_reviewer", "other_approver"}
SIGNED_IN = EVERYONE - {"anonymous"}
MEMBERS = SIGNED_IN - {"stranger"}


@dataclass(frozen=True)
class Open:
    """A route anyone may use with the given methods, whatever is in the database."""

    methods: frozenset[str] = frozenset({"GET"})


@dataclass(frozen=True)
class For:
    """A route for some actors only; ``refused`` is what others signed in get, except those
    ``seeing`` the object who may not act on it: they get 403."""

    actors: frozenset[str]
    method: str = "GET"
    refused: int = 403
    seeing: frozenset[str] = frozenset()
    unready: frozenset[int] = frozenset()
    """What those who may also get, as the request is empty or comes at the wrong time."""
    data: tuple[str, ...] = ()
    """Things of the world of the test that are sent along."""


SURVEYED = frozenset({"clerk", "lead", "auditor"} | PROVINCE | NATION)
"""Who sees a survey about the unit: its lead and clerks, and offices whose area it lies in."""

PLAIN: dict[str, Open | For] = {
    "home": Open(),
    "healthz": Open(),
    "set_language": Open(frozenset({"GET", "POST"})),
    "programmes": Open(),
    "offices:office": For(frozenset({"national_officer"})),
    "offices:propose": For(frozenset({"national_officer"}), "POST", unready=frozenset({400})),
    "offices:proposal": For(frozenset({"national_officer"})),
    "offices:open_cycle": For(frozenset({"national_officer"}), "POST", unready=frozenset({422})),
    "offices:cycle": For(frozenset({"national_officer"})),
    "offices:units": For(frozenset({"national_officer"})),
    "offices:titles": For(frozenset({"national_officer"})),
    "register:list": Open(),
    "register:title": Open(),
    "cycles:rulebooks": Open(),
    "cycles:rulebook": Open(),
    "cycles:indicators": Open(),
    "demo:sign_in": Open(frozenset({"POST"})),
    "demo:advance": Open(frozenset({"POST"})),
    "applications:list": For(frozenset(MEMBERS)),
    "applications:assign": For(frozenset(MEMBERS), "POST", unready=frozenset({400})),
    "applications:unassign": For(frozenset(MEMBERS), "POST"),
    "applications:take_away": For(frozenset(MEMBERS)),
    "applications:start": For(
        frozenset({"clerk", "lead"}), "POST", 404, seeing=frozenset({"contributor"})
    ),
    "applications:may_apply": For(frozenset(OWN), refused=404),
    "applications:answer_partner": For(frozenset({"other_lead"}), "POST", refused=404),
    "burden:ledger": For(
        frozenset(
            PROVINCE
            | NATION
            | {
                "auditor",
                "other_auditor",
                "other_reviewer",
                "other_approver",
            }
        )
    ),
    "board": For(
        frozenset(
            PROVINCE
            | NATION
            | {
                "auditor",
                "other_auditor",
                "other_reviewer",
                "other_approver",
            }
        )
    ),
    "desk": For(frozenset(SIGNED_IN)),
    "decisions:batches": For(frozenset(SIGNED_IN)),
    "decisions:begin": For(frozenset({"national_officer"}), "POST", data=("area",)),
    "decisions:batch": For(frozenset(LISTING), refused=404),
    "decisions:gather": For(frozenset({"national_officer"}), "POST", 404, frozenset(LISTING)),
    "decisions:take_out": For(
        frozenset({"national_officer"}), "POST", 404, frozenset(LISTING), data=("reason",)
    ),
    "decisions:notices": Open(),
    "decisions:notice": Open(),
    "decisions:object": Open(frozenset({"GET", "POST"})),
    "decisions:objection": Open(),
    "proceedings:list": For(frozenset(SIGNED_IN)),
    "titles:choose": For(frozenset(SIGNED_IN)),
    "titles:begin": For(frozenset(), "POST", 404, OWN | PROVINCE | NATION),
    "mailbox:messages": For(frozenset(SIGNED_IN)),
    "mailbox:follow": For(frozenset(), "GET", 404),
    "mailbox:read_all": For(frozenset(SIGNED_IN), "POST"),
    "mailbox:wishes": For(frozenset(SIGNED_IN)),
    "mailbox:outbox": For(frozenset(OFFICES)),
    "mailbox:send_again": For(
        frozenset(),
        "POST",
        404,
        seeing=frozenset(SIGNED_IN - OFFICES | {"auditor", "other_auditor"}),
    ),
    "people:people": For(frozenset(SIGNED_IN)),
    "people:conflicts": For(frozenset(SIGNED_IN)),
    "people:unit": For(frozenset(OWN), refused=404),
    "people:office": For(frozenset(PROVINCE)),
    "people:end": For(
        frozenset({"clerk", "lead"}), "POST", refused=404, seeing=frozenset({"contributor"})
    ),
    "people:hand_over": For(
        frozenset({"lead"}), "POST", refused=404, seeing=frozenset({"clerk", "contributor"})
    ),
    "people:withdraw": For(frozenset({"lead"}), "POST"),
    "people:invitation": Open(frozenset({"GET", "POST"})),
    "people:account": Open(frozenset({"GET", "POST"})),
    "people:make_claim": For(frozenset(SIGNED_IN)),
    "people:claim": For(
        frozenset({"approver"}),
        refused=404,
        seeing=frozenset(SIGNED_IN - {"other_approver", "national_officer"}),
    ),
    "surveys:list": For(frozenset(MEMBERS)),
    "surveys:new": For(frozenset(OFFICES - {"auditor", "other_auditor"})),
    "surveys:campaign": For(SURVEYED, refused=404),
    "surveys:poster": For(SURVEYED, refused=404),
    "surveys:form": For(SURVEYED, refused=404),
    "surveys:groups": For(frozenset(PROVINCE), refused=404, seeing=SURVEYED - PROVINCE),
    **{
        f"surveys:{name}": For(
            frozenset(PROVINCE), "POST", 404, SURVEYED - PROVINCE, frozenset({400, 404, 409})
        )
        for name in (
            "strata",
            "open",
            "close",
            "codes",
            "teams",
            "collected",
            "weigh",
            "state",
            "give_up",
        )
    },
    "public_survey": Open(frozenset({"GET", "POST"})),
    "public_survey_part": Open(frozenset({"GET", "POST"})),
    "evidence:upload": For(frozenset({"clerk"}), "HEAD", refused=404),
    "carried": For(frozenset(SIGNED_IN)),
    "ledger": For(frozenset({"auditor", "other_auditor", "national_officer"})),
}
"""Routes that do not depend on an application's stage."""

MISSING = {
    "demo:sign_in": {404},
    "demo:advance": {409},
    "decisions:notice": {404},
    "decisions:object": {404},
    "decisions:objection": {404},
    "public_survey": {404},
    "public_survey_part": {404},
}
"""Open routes whose address in the world of the test leads to nothing, or comes too early."""

ACCOUNT = {
    "account_login", "account_logout", "account_signup", "account_reauthenticate",
    "account_change_password", "account_inactive",
}  # fmt: skip
"""Routes of the sign-in library: each works on the visitor's own account only."""

SEES, WHOLE = ("applications.view",), ("whole file",)
NAMES, ATTACHES = ("applications.name_partner",), ("evidence.attach",)
REVIEWS = ("applications.review",)
NOBODY = ("nobody",)
"""The rule book names no parties."""


@dataclass(frozen=True)
class Request:
    """A request to a route of a file: allowed to whom the table gives all of ``needs``.

    ``args`` and ``data`` name things of the world of the test. Who may not gets 403 if he sees the
    file, else 404.
    """

    route: str
    needs: tuple[str, ...]
    args: tuple[str, ...] = ("file",)
    method: str = "GET"
    data: tuple[str, ...] = ()


STAGED = (
    Request("applications:workspace", SEES),
    Request("applications:clause", SEES, ("file", "1.1.1")),
    Request("applications:clause", WHOLE, ("file", "1.2.1")),
    Request("applications:steps", WHOLE),
    Request("applications:receipt", WHOLE, ("file", "step")),
    Request("applications:snapshot", WHOLE, ("file", "step")),
    Request("applications:document", WHOLE, ("file", "step")),
    Request("applications:eligibility", WHOLE),
    Request("applications:partners", WHOLE),
    Request("proceedings:show", ("proceedings.view",)),
    Request("proceedings:assign", NOBODY, ("file", "evaluator"), "POST"),
    Request("proceedings:dismiss", NOBODY, ("file", "party"), "POST"),
    Request("proceedings:aside", NOBODY, ("file", "party"), "POST", ("reason",)),
    Request("applications:partners", NAMES, method="POST", data=("unit",)),
    Request("applications:drop_partner", NAMES, ("file", "partner"), "POST"),
    Request("applications:tasks", ("applications.view_tasks",)),
    Request(
        "applications:tasks", ("applications.give_tasks",), method="POST",
        data=("provision", "department"),
    ),
    Request("applications:review", ("applications.read_review",)),
    Request("applications:opinion", REVIEWS, ("file", "1.1.1")),
    Request(
        "applications:opinion", REVIEWS, ("file", "1.1.1"), "POST", ("basis", "over", "verdict")
    ),
    Request("applications:agree_with_rest", REVIEWS, method="POST"),
    Request(
        "applications:reply", ("applications.reply",), ("file", "opinion"), "POST", ("text",)
    ),
    Request("evidence:download", ("evidence.view",), ("paper",)),
    Request("evidence:file", ("evidence.view",), ("paper",)),
    Request("evidence:preview", ("evidence.view",), ("picture", "1", "small")),
    Request("evidence:signs", ("evidence.read_signs",), ("paper",)),
    Request("evidence:file", ATTACHES, ("paper",), "POST"),
    Request("evidence:revise", ATTACHES, ("paper",), "POST", ("file",)),
    Request("evidence:remove", ATTACHES, ("paper",), "POST"),
    Request("evidence:take", ATTACHES, ("file", "1.1.1")),
    Request("evidence:take", ATTACHES, ("file", "1.1.1"), "POST"),
    Request("evidence:begin", ATTACHES, ("file", "1.1.1"), "POST"),
    Request("evidence:attach", ATTACHES, ("file", "1.1.1"), "POST", ("files",)),
    Request("evidence:reuse", ("whole file", "state self"), method="POST"),
)  # fmt: skip
"""Requests to the routes of one file; whether they are allowed depends on its stage."""

FOR_EACH_SOURCE = (
    Request("workbook:workbook", ("state {}",), ("file", "{}")),
    Request("workbook:download", ("state {}",), ("file", "{}")),
    Request("applications:sheet", ("state {}",), ("file", "{}")),
    Request("applications:state", ("state {}",), ("file", "clause of {}"), "POST", ("{}", "seen")),
    Request("applications:draft", ("state {}",), ("file", "clause of {}", "{}"), "POST"),
)
"""The same for each source of facts."""

MOVES = tuple(
    Request(route, ("make {}",), ("file", "{}"), "POST", ("reason",))
    for route in ("applications:move", "proceedings:move")
)
"""The same for each move."""

ALL = set(PLAIN) | ACCOUNT | {each.route for each in (*STAGED, *FOR_EACH_SOURCE, *MOVES)}
"""The whole table."""
