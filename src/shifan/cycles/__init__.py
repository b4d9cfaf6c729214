"""Published rule-book versions, and the cycles opened under them."""
