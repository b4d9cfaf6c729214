"""What is done with an application: begun, made jointly."""

from shifan.applications.actions.joint import answer_partner, drop_partner, name_partner
from shifan.applications.actions.starting import start

__all__ = ["answer_partner", "drop_partner", "name_partner", "start"]
