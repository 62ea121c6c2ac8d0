"""How gunicorn serves the site, in `make run` and in production alike.

gunicorn --config config/gunicorn.py --bind 127.0.0.1:8000
"""

import gc
import os
from typing import Any

wsgi_app = "config.wsgi"
worker_class = "gthread"
# Processes: one for each core, within reason; --workers on the command line goes before.
workers = min(max(2, os.cpu_count() or 1), 8)
threads = 4  # in each, for those that wait: with 8, a page took a fifth more of the processor
preload_app = True  # a wrong setting stops it before it listens
keepalive = 75  # seconds; longer than in deploy/nginx, so that it is nginx who hangs up
graceful_timeout = 10  # seconds to finish what is under way; idle connections count as that
control_socket_disable = True  # it would be one more file in the home of whoever runs this
loglevel = "warning"


def when_ready(server: object) -> None:
    """Everything is loaded before there are processes, and Python's collector leaves it alone.

    To walk all of it again cost one request in ten some 50 ms, and each process its own copy.
    """
    from django.template import engines
    from django.urls import get_resolver

    assert get_resolver().url_patterns, "The addresses of the site are loaded, views and all."
    for engine in engines.all():
        jinja: Any = getattr(engine, "env", None)
        for template in jinja.list_templates() if jinja else ():
            jinja.get_template(template)  # compiled, and kept
    gc.collect()
    gc.freeze()
