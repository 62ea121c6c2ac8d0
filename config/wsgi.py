import os
import sys

from django.core.wsgi import get_wsgi_application
from environs import EnvError

from statements.integrity.keys import find_key_problem

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def exit_for_good(problem: str) -> None:
    sys.stderr.write(f"{problem}\n")
    sys.exit(4)  # gunicorn’s own “app failed to load”: after any other it tries again for ever


try:
    if key_problem := find_key_problem():
        exit_for_good(key_problem)
    django = get_wsgi_application()
except EnvError as error:
    exit_for_good(str(error))

from statements.caching.page_cache import PageCache  # noqa: E402  (needs the apps)

application = PageCache(django)
