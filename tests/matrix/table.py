"""Who may do what: the table kept by hand. It is decided here, never by the policy.

A column is a capacity, a row a permission; the letters say at which *kind of stage* it is given,
one of them being enough. A kind is what a stage is, never what it is called: so the table serves
every rule book.

    -  never
    *  at every stage
    c  once the file has come to this office (what comes by a channel comes to the channel's
       authority, and not to the office that it replaces)
    1  at the first stage
    o  while there is a way on from the stage
    h  where the applicant is heard
    n  where no office reviews
    w  where facts are stated that this side may state (and the file has come to it)
    m  where a move is for this side in this role (and the file has come to it)
    t  the same, other than for the applicant's taking the file back
    a  where somebody makes a move whom this side in this role names, and too few are named
    r  where its office reviews clause by clause (and the file has come to it)
    f  what others state: but not while these review the file

``partner`` is a unit that agreed to apply jointly; one that was asked, or refused, is as any other.
``contr.`` is a contributor. Rows with a ``<name>`` stand for each move, and each source of facts,
of the rule book. Who wears two hats may do what either lets it; but to one who works for the
applicant, or acts for an office the file has come to, an auditor's hat gives the view of the file
and no more.
"""

FILE = """
                          own                 partner             other of the area:               else-
                          lead clerk contr.   lead clerk contr.   any   review approve offic. aud. where
applications.view         *    *     *        *    *     -        -     c      c       c      *    -
whole file                *    *     -        *    *     -        -     c      c       c      *    -
turn                      wta  wta   wt       wt   wt    -        -     wta    ta      ta     -    -
applications.state_fact   w    w     w        w    w     -        -     w      -       -      -    -
state <source>            w    w     w        w    w     -        -     w      -       -      -    -
read <source>             f    f     f        f    f     -        -     f      f       f      *    -
applications.move         m    m     m        m    m     -        -     m      m       m      -    -
make <move>               m    m     m        m    m     -        -     m      m       m      -    -
applications.review       -    -     -        -    -     -        -     r      -       -      -    -
applications.read_review  n    n     -        n    n     -        -     c      c       c      *    -
applications.reply        h    h     -        h    h     -        -     -      -       -      -    -
applications.view_tasks   *    *     *        *    *     -        -     -      -       -      -    -
applications.give_tasks   o    o     -        o    o     -        -     -      -       -      -    -
applications.name_partner 1    -     -        -    -     -        -     -      -       -      -    -
proceedings.view          *    *     -        *    *     -        -     c      c       c      *    -
batches.gather            -    -     -        -    -     -        -     -      -       -      -    -
evidence.view             *    *     *        *    *     -        -     c      c       c      *    -
evidence.attach           w    w     w        w    w     -        -     -      -       -      -    -
evidence.read_signs       -    -     -        -    -     -        -     c      c       c      *    -
"""  # noqa: E501

FILE_COLUMNS = (
    "own lead", "own clerk", "own contributor",
    "partner lead", "partner clerk", "partner contributor", "other",
    "reviewer", "approver", "officer", "auditor", "elsewhere",
)  # fmt: skip

ACTS_AS = {
    "own lead": {"lead", "clerk"},
    "own clerk": {"clerk"},
    "own contributor": {"contributor"},
    "partner lead": {"clerk"},
    "partner clerk": {"clerk"},
    "reviewer": {"reviewer"},
    "approver": {"approver"},
    "officer": {"officer"},
}
"""The roles in which the rule book's moves are open to a column."""

STATES_FACTS = {"clerk", "contributor", "reviewer"}
"""The roles that state facts for their side."""

AT_LARGE = """
                           no-  stran- own                          office of the area:      elsewhere:
                           body ger    lead cler. cont. part. asked other rev. app. off. aud. rev. app. off. aud.
applications.list          -    -      *    *     *     *     *     *     *    *    *    *    *    *    *    *
applications.start         -    -      *    *     -     -     -     -     -    -    -    -    -    -    -    -
applications.answer_partner -   -      -    -     -     -     *     -     -    -    -    -    -    -    -    -
board.view                 -    -      -    -     -     -     -     -     *    *    *    *    *    *    *    *
burden.view                -    -      -    -     -     -     -     -     *    *    *    *    *    *    *    *
ledger.view                -    -      -    -     -     -     -     -     -    -    N    *    -    -    -    *
mailbox.view               -    *      *    *     *     *     *     *     *    *    *    *    *    *    *    *
mailbox.view_outbox        -    -      -    -     -     -     -     -     *    *    *    *    *    *    *    *
mailbox.send_again         -    -      -    -     -     -     -     -     *    *    *    -    *    *    *    -
proceedings.list           -    *      *    *     *     *     *     *     *    *    *    *    *    *    *    *
surveys.list               -    -      *    *     *     *     *     *     *    *    *    *    *    *    *    *
surveys.plan               -    -      -    -     -     -     -     -     *    *    *    -    *    *    *    -
surveys.run <survey>       -    -      -    -     -     -     -     -     S    S    S    -    -    -    -    -
surveys.view <survey>      -    -      *    *     -     -     -     -     *    *    *    *    -    -    -    -
people.take_up             -    *      *    *     *     *     *     *     *    *    *    *    *    *    *    *
begin <procedure>          -    -      B    B     B     -     -     -     B    B    B    -    -    -    -    -
people.manage_unit         -    -      *    -     -     -     -     -     -    -    -    -    -    -    -    -
people.view_unit           -    -      *    *     *     -     -     -     -    -    -    -    -    -    -    -
people.manage_office <office> - -      -    -     -     -     -     -     -    V    V    -    -    -    -    -
people.view_office <office> -   -      -    -     -     -     -     -     V    V    V    V    -    -    -    -
people.verify_claims       -    -      -    -     -     -     -     -     -    *    *    -    -    *    *    -
programmes.run             -    -      -    -     -     -     -     -     -    T    T    -    -    T    T    -
"""  # noqa: E501
"""What is not about a file: ``N`` where the area is the whole country, ``S`` for the office in
whose name the survey's result is stated (and the authorities in its place), ``V`` for that very
office, ``T`` for an office of the highest tier, ``B`` for the side and role that the rule book lets
begin it."""

AT_LARGE_COLUMNS = (
    "anonymous", "stranger", "own lead", "own clerk", "own contributor", "partner", "asked",
    "other",
    "reviewer", "approver", "officer", "auditor",
    "reviewer elsewhere", "approver elsewhere", "officer elsewhere", "auditor elsewhere",
)  # fmt: skip
