"""The way in: the page, its checks, and storing many answers in one commit."""
