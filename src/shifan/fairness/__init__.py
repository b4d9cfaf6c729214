"""From counted answers to what may be said of a place: an estimated share, and what stays hidden.

Answers are counted in whole numbers on any engine (:mod:`.tally`), a share is estimated from the
counts with exact fractions (:mod:`.sampling`), one figure of it enters the score (:mod:`.figure`),
and counts so small that they could speak of a person are hidden (:mod:`.suppression`).
"""
