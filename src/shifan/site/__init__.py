"""Settings, root urls, base templates, assets."""
