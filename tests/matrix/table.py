"""Who may do what, as a table: written by hand, compared with what the site really answers.

Rows are routes (method and route name); columns are the actors of the test world; for routes of an
application there is a column set per stage. A route that is not here fails the build.
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
OFFICES = PROVINCE | NATION | {"auditor", "other_auditor", "other_reviewer", "other_approver"}
SIGNED_IN = EVERYONE - {"anonymous"}
MEMBERS = SIGNED_IN - {"stranger"}

STAGES = {
    "draft": [],
    "provincial_inspection": ["provincial"],
    "applicant_hearing": ["provincial"],
    "provincial_approval": ["provincial"],
    "acceptance": ["national", "provincial"],
    "materials_review": ["national", "provincial"],
    "expert_panel": ["national", "provincial"],
    "public_notice": ["national", "provincial"],
    "designated": ["national", "provincial"],
    "declined": ["national", "provincial"],
    "withdrawn": ["provincial"],
}
"""Every stage of the rule book with the tiers the application has come to there."""

SEES = {
    stage: OWN
    | {"auditor"}
    | (PROVINCE if "provincial" in tiers else set())
    | (NATION if "national" in tiers else set())
    for stage, tiers in STAGES.items()
}
"""Who sees the unit's application, by stage."""

STATES = {
    "draft": {"self": OWN - {"lead"} | {"lead"}},
    "provincial_inspection": {"provincial_check": {"reviewer"}, "survey": {"reviewer"}},
    "acceptance": {"acceptance": {"national_reviewer"}},
    "materials_review": {"acceptance": {"national_reviewer"}},
}
"""Who states facts in the name of which source, by stage."""

MOVES = {
    "draft": {"submit": {"lead"}, "withdraw": {"lead"}},
    "provincial_inspection": {
        "return": {"reviewer"}, "pass": {"reviewer"}, "hear": {"reviewer"}, "withdraw": {"lead"},
    },
    "applicant_hearing": {
        "answer": {"lead"}, "proceed": {"reviewer"}, "reconsider": {"reviewer"},
        "withdraw": {"lead"},
    },
    "provincial_approval": {
        "return": {"approver"}, "approve_area": {"approver"}, "decline": {"approver"},
    },
    "acceptance": {
        "return": {"national_reviewer"}, "pass": {"national_reviewer"},
        "decline": {"national_reviewer"},
    },
    "materials_review": {
        "return": {"national_reviewer"}, "pass": {"national_reviewer"},
        "decline": {"national_reviewer"},
    },
    "expert_panel": {"recommend": {"national_officer"}, "decline": {"national_officer"}},
    "public_notice": {"name": {"national_officer"}, "decline": {"national_officer"}},
}  # fmt: skip
"""Who makes which move, by stage (a prefecture's)."""

REVIEWS = {
    "provincial_inspection": {"reviewer"},
    "acceptance": {"national_reviewer"},
    "materials_review": {"national_reviewer"},
}
"""Who gives opinions clause by clause, by stage; there the applicant does not read them yet."""

READS_REVIEW = {
    stage: SEES[stage] - {"contributor"} - (OWN if stage in REVIEWS else set()) for stage in STAGES
}
"""Who reads the opinions, by stage."""

CLOSED = {"designated", "declined", "withdrawn"}

ALL_MOVES = sorted({move for moves in MOVES.values() for move in moves} | {"approve"})
ALL_SOURCES = ["self", "provincial_check", "survey", "acceptance", "registry"]


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


SURVEYED = frozenset({"clerk", "lead", "auditor"} | PROVINCE | NATION)
"""Who sees a survey about the unit: its lead and clerks, and offices whose area it lies in."""

PLAIN: dict[str, Open | For] = {
    "home": Open(),
    "healthz": Open(),
    "set_language": Open(frozenset({"GET", "POST"})),
    "register:list": Open(),
    "register:title": Open(),
    "cycles:rulebooks": Open(),
    "cycles:rulebook": Open(),
    "cycles:indicators": Open(),
    "demo:sign_in": Open(frozenset({"POST"})),
    "demo:advance": Open(frozenset({"POST"})),
    "applications:list": For(frozenset(MEMBERS)),
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

ACCOUNT = {
    "account_login", "account_logout", "account_signup", "account_reauthenticate",
    "account_change_password", "account_inactive",
}  # fmt: skip
"""Routes of the sign-in library: each works on the visitor's own account only."""

STAGED = {
    "applications:workspace", "applications:clause", "applications:state", "applications:draft",
    "applications:sheet",
    "applications:steps", "applications:move", "applications:receipt", "evidence:attach",
    "evidence:download", "evidence:remove", "decisions:designate", "applications:tasks",
    "applications:review", "applications:opinion", "applications:agree_with_rest",
    "applications:reply", "evidence:reuse", "evidence:take", "evidence:begin",
    "evidence:file", "evidence:revise", "evidence:preview", "applications:snapshot",
    "applications:document", "applications:eligibility", "applications:partners",
    "applications:drop_partner", "evidence:signs",
    "workbook:workbook", "workbook:download",
}  # fmt: skip
"""Routes of one application; their cells depend on its stage."""
