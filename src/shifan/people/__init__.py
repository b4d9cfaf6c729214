"""How people come to their roles and leave them: claims, invitations, handing over."""
