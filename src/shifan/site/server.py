"""The application of the site, in each of its worker processes."""

import os

from django.core.wsgi import get_wsgi_application

from shifan.site.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shifan.site.settings")
end_with_parent()
django = get_wsgi_application()

from shifan.site.front import Front, signed_in  # noqa: E402 - the settings have to be there first

application = Front(django, signed_in)
