"""Messages: in the site and by e-mail, once each, in the receiver's language."""
