"""How the documentation is built: Markdown through MyST, checked with warnings as errors."""

project = "Shifan 示范"
copyright = "the Shifan authors"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {"description": "From rule book to register", "page_width": "70rem"}
language = "en"
myst_heading_anchors = 3
