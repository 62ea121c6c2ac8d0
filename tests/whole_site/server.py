"""Serve the site as in production: nginx with its cache, gunicorn, no worker."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

DEPLOY = Path(settings.BASE_DIR) / "deploy" / "nginx"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
MAX_START_SECONDS = 60


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def require_nginx() -> None:
    if Path(NGINX).exists():
        return
    sentence = "no nginx; on Debian: apt-get install nginx"
    if os.environ.get("REQUIRE_NGINX") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


class ServedSite:
    """The ports of nginx and of gunicorn behind it, and nginx's cache folders."""

    def __init__(self, port: int, upstream: int, caches: Path) -> None:
        self.port, self.upstream, self.caches = port, upstream, caches

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def send_raw(self, request: bytes, *, past_nginx: bool = False) -> int:
        """Send these bytes and return the status; 0 when the connection is cut."""
        place = ("127.0.0.1", self.upstream if past_nginx else self.port)
        with socket.create_connection(place, timeout=20) as line:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                line.sendall(request)
            try:
                answer = line.recv(200)
            except ConnectionResetError:
                return 0
        return int(answer.split(b" ", 2)[1]) if answer else 0

    def get(self, address: str, **headers: str) -> tuple[int, bytes]:
        with contextlib.closing(self.connect()) as line:
            line.request("GET", address, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.read()

    def count_cached_files(self, cache: str) -> int:
        """Return how many files a cache holds."""
        return sum(path.is_file() for path in (self.caches / cache).rglob("*"))


def build_nginx_config(folder: Path, *, port: int, upstream: int) -> str:
    """Return deploy/nginx in one main file, with this machine's paths and without TLS."""
    included = (DEPLOY / "onrecord-http.conf").read_text()
    included = included.replace("/var/cache/nginx/", f"{folder}/")
    included = included.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    (folder / "http.conf").write_text(included)
    as_root = "user root;" if os.geteuid() == 0 else ""
    temporary = "\n".join(
        f"{what}_temp_path {folder}/{what};"
        for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""
        {as_root} worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; daemon off;
        events {{ worker_connections 512; }}
        http {{
            access_log off; {temporary}
            include {folder}/http.conf;
            server {{ listen 127.0.0.1:{port} default_server; server_name _; return 444; }}
            server {{
                listen 127.0.0.1:{port}; server_name 127.0.0.1;
                include {DEPLOY}/onrecord-site.conf;
            }}
        }}
    """


@contextlib.contextmanager
def serve_site(folder: Path, **environment: str) -> Iterator[ServedSite]:
    require_nginx()
    port, upstream = find_free_port(), find_free_port()
    (folder / "nginx.conf").write_text(build_nginx_config(folder, port=port, upstream=upstream))
    given = {"SITE_URL": f"http://127.0.0.1:{port}", "DATABASE_URL": database_url()}
    inherited = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "a1B2c3D4e5F6g7H8i9J0" * 3,
        "SIGNING_KEY_FILE": settings.SIGNING_KEY_FILE,
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env=inherited,
        check=True,
    )
    gunicorn = ["-m", "gunicorn", "--config", "config/gunicorn.py"]
    commands = [
        [sys.executable, *gunicorn, "--bind", f"127.0.0.1:{upstream}"],
        [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", f"{folder}/error.log"],
    ]
    running = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, env=inherited | given | environment)
        for command in commands
    ]
    site = ServedSite(port, upstream, folder)
    try:
        until = time.monotonic() + MAX_START_SECONDS
        while not _is_answering(site):
            ended = [process.args for process in running if process.poll() is not None]
            assert not ended, f"these processes ended: {ended}"
            assert time.monotonic() < until, f"no answer within {MAX_START_SECONDS} seconds"
        yield site
    finally:
        for process in running:
            process.send_signal(signal.SIGINT)  # stops at once, open connections or not
        for process in running:
            process.wait(20)


def _is_answering(site: ServedSite) -> bool:
    try:
        return site.get("/health/live")[0] == 200
    except OSError:
        return False


def database_url() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    who = f"{given['USER']}:{given['PASSWORD']}"
    return f"postgres://{who}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
