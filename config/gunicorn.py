"""Configure gunicorn, for both `make run` and production.

gunicorn --config config/gunicorn.py --bind 127.0.0.1:8000
"""

import gc
import os
from typing import Any

wsgi_app = "config.wsgi"
worker_class = "gthread"
# One process a core, within reason; --workers on the command line overrides it.
workers = min(max(2, os.cpu_count() or 1), 8)
threads = 4  # in each process; with 8, a page took a fifth more processor time
preload_app = True  # a wrong setting stops it before it listens
keepalive = 75  # seconds; longer than in deploy/nginx, so that nginx closes the connection
graceful_timeout = 10  # seconds to finish running requests; idle connections count as such
control_socket_disable = True  # it would be one more file in the user's home directory
loglevel = "warning"


def when_ready(server: object) -> None:
    """Load everything before the processes start, and freeze it for the garbage collector.

    Otherwise the collector walks all of it again: one request in ten took 50 ms longer, and each
    process got its own copy of the memory.
    """
    from django.template import engines  # noqa: PLC0415 - settings are loaded only now
    from django.urls import get_resolver  # noqa: PLC0415

    assert get_resolver().url_patterns, "The URLs and their views must load."
    for engine in engines.all():
        jinja: Any = getattr(engine, "env", None)
        for template in jinja.list_templates() if jinja else ():
            jinja.get_template(template)  # compiles and caches it
    gc.collect()
    gc.freeze()
