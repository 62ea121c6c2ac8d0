"""Requests a second, warm and cold, beside what could not be faster. Run by `python -m bench`.

Each page is asked for by wrk from the site itself (kept, and with no page kept), from a bare Django
view that returns the same bytes on the same server, from nginx with the site behind its cache, and
from nginx that sends the same bytes from a file.
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
    """Asked to end, and not killed, so that its own processes end with it."""
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
    # All of wrk's connections come from one address.
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


def measure_rate(address: str, coding: str = "identity", *, script: Path | None = None) -> float:
    """Requests a second, the best of TIMES: now and then one process takes all connections.

    A script of wrk may say what is asked for in place of the address.
    """
    return max(_measure_rate_once(address, coding, script) for _ in range(RUNS))


def _measure_rate_once(address: str, coding: str, script: Path | None) -> float:
    """By one thread of wrk. Anything but an answer of 2xx is a failure."""
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{SECONDS}s",
        "-H",
        f"Accept-Encoding: {coding}",
    ]
    command += ["-s", str(script)] if script else []
    said = subprocess.run([*command, address], check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in said, f"{address}: {said}"
    found = re.search(r"Requests/sec:\s+([0-9.]+)", said)
    assert found, said
    return float(found.group(1))


def fetch(address: str, coding: str = "identity") -> bytes:
    asked = urllib.request.Request(address, headers={"Accept-Encoding": coding})
    with urllib.request.urlopen(asked) as answer:
        return answer.read()


def measure_pages(pages: dict[str, str]) -> Iterator[tuple[str, dict[str, float]]]:
    """For each page: requests a second of each way to answer it, and its bytes."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        (folder / "pages").mkdir()
        site, cold, bare, front = (find_free_port() for _ in range(4))
        (folder / "nginx.conf").write_text(make_nginx_configuration(folder, front, site))
        nginx = [NGINX, "-p", made, "-c", f"{made}/nginx.conf", "-e", "/dev/null"]
        with (
            run_server(make_gunicorn_command("config.wsgi", site), site),
            run_server(make_gunicorn_command("bench.unkept", cold), cold),
            run_server(
                make_gunicorn_command("bench.bare:application", bare),
                bare,
                BARE_PAGES=f"{made}/pages",
            ),
            run_server(nginx, front),
        ):
            for name, address in pages.items():
                body = fetch(f"http://127.0.0.1:{site}{address}")
                file = re.sub(r"\W+", "-", name)
                (folder / "pages" / file).write_bytes(body)
                yield (
                    name,
                    {
                        "bare": measure_rate(f"http://127.0.0.1:{bare}/{file}"),
                        "warm": measure_rate(f"http://127.0.0.1:{site}{address}"),
                        "cold": measure_rate(f"http://127.0.0.1:{cold}{address}"),
                        "disk": measure_rate(f"http://127.0.0.1:{front}/from-disk/{file}"),
                        "nginx": measure_rate(f"http://127.0.0.1:{front}{address}"),
                        "bytes": len(body),
                        "br": len(fetch(f"http://127.0.0.1:{site}{address}", "br")),
                    },
                )
