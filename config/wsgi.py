import os
import sys

from django.core.wsgi import get_wsgi_application
from environs import EnvError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
try:
    django = get_wsgi_application()
except EnvError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(4)  # gunicorn’s own “app failed to load”: after any other it tries again for ever

from statements.caching.page_cache import PageCache

application = PageCache(django)
