"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from shifan.site.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shifan.site.settings")
end_with_parent()
application = get_wsgi_application()
