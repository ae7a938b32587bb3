"""Django's pages over WSGI: what `config.asgi` hands everything but the live feed to."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
application = get_wsgi_application()
