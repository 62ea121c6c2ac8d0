"""Measure requests a second, warm and cold, against upper bounds. Run by `python -m bench`.

wrk requests each page from the site itself (with and without the page cache), from a bare Django
view that returns the same bytes on the same server, from nginx in front of the site with its cache,
and from nginx that sends the same bytes from a file.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SECONDS = os.environ.get("SECONDS", "3")
CONNECTIONS = "16"
RUNS = 3
NGINX = "/usr/sbin/nginx"


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def run_server(
    command: list[str], port: int, *, log: IO | None = None, cwd: Path = ROOT, **environment: str
) -> Iterator[None]:
    """Run a server; interrupt it at the end, not kill it, so that its child processes end too."""
    process = subprocess.Popen(command, cwd=cwd, env=os.environ | environment, stderr=log)
    try:
        while not is_listening(port):
            assert process.poll() is None, f"ended by itself: {' '.join(command)}"
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def make_gunicorn_command(app: str, port: int, *, python: str = sys.executable) -> list[str]:
    server = [python, "-m", "gunicorn", "--config", f"{ROOT}/config/gunicorn.py"]
    return [*server, "--bind", f"127.0.0.1:{port}", app]


def make_nginx_configuration(folder: Path, port: int, upstream: int) -> str:
    http = (ROOT / "deploy/nginx/onrecord-http.conf").read_text()
    http = http.replace("/var/cache/nginx/", f"{folder}/").replace(":8000", f":{upstream}")
    # All connections of wrk come from one IP address.
    site = (ROOT / "deploy/nginx/onrecord-site.conf").read_text()
    site = site.replace("limit_conn onrecord_clients 100;", "")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    return f"""{user} worker_processes 1; daemon off; pid {folder}/pid; error_log /dev/null;
        events {{ worker_connections 1024; }}
        http {{ access_log off; {temporary} {http}
            server {{ listen 127.0.0.1:{port}; server_name 127.0.0.1;
                location /from-disk/ {{ alias {folder}/pages/; default_type text/html; }}
                {site} }} }}"""


def measure_rate(url: str, coding: str = "identity", *, script: Path | None = None) -> float:
    """Return requests a second, the best of several runs: sometimes one process gets all.

    A script of wrk can choose other paths.
    """
    return max(_measure_rate_once(url, coding, script) for _ in range(RUNS))


def _measure_rate_once(url: str, coding: str, script: Path | None) -> float:
    """Measure by one thread of wrk. Any response but 2xx is a failure."""
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{SECONDS}s",
        "-H",
        f"Accept-Encoding: {coding}",
    ]
    command += ["-s", str(script)] if script else []
    output = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in output, f"{url}: {output}"
    match = re.search(r"Requests/sec:\s+([0-9.]+)", output)
    assert match, output
    return float(match.group(1))


def fetch(url: str, coding: str = "identity") -> bytes:
    request = urllib.request.Request(url, headers={"Accept-Encoding": coding})
    with urllib.request.urlopen(request) as response:
        return response.read()


def measure_pages(pages: dict[str, str]) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield for each page the requests a second of each server, and its size in bytes."""
    with TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        folder.chmod(0o755)
        (folder / "pages").mkdir()
        site, cold, bare, front = (find_free_port() for _ in range(4))
        (folder / "nginx.conf").write_text(make_nginx_configuration(folder, front, site))
        nginx = [NGINX, "-p", str(folder), "-c", f"{folder}/nginx.conf", "-e", "/dev/null"]
        with (
            run_server(make_gunicorn_command("config.wsgi", site), site),
            run_server(make_gunicorn_command("bench.unkept", cold), cold),
            run_server(
                make_gunicorn_command("bench.bare:application", bare),
                bare,
                BARE_PAGES=f"{folder}/pages",
            ),
            run_server(nginx, front),
        ):
            for name, path in pages.items():
                body = fetch(f"http://127.0.0.1:{site}{path}")
                file = re.sub(r"\W+", "-", name)
                (folder / "pages" / file).write_bytes(body)
                yield (
                    name,
                    {
                        "bare": measure_rate(f"http://127.0.0.1:{bare}/{file}"),
                        "warm": measure_rate(f"http://127.0.0.1:{site}{path}"),
                        "cold": measure_rate(f"http://127.0.0.1:{cold}{path}"),
                        "disk": measure_rate(f"http://127.0.0.1:{front}/from-disk/{file}"),
                        "nginx": measure_rate(f"http://127.0.0.1:{front}{path}"),
                        "bytes": len(body),
                        "br": len(fetch(f"http://127.0.0.1:{site}{path}", "br")),
                    },
                )
