"""nginx accepts deploy/nginx/onrecord.conf as shipped, and serves the site over TLS."""

import http.client
import os
import ssl
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.whole_site.server import NGINX, find_free_port, require_nginx

HOST = "statements.example.org"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Make a folder like certbot's, with a self-signed certificate."""
    folder = tmp_path / "live"
    folder.mkdir()
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    made += [
        "-nodes",
        "-days",
        "1",
        "-subj",
        f"/CN={HOST}",
        "-addext",
        f"subjectAltName=DNS:{HOST}",
    ]
    made += ["-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"]
    subprocess.run(made, check=True, capture_output=True)
    return folder


def write_shipped_config(folder: Path, certificate: Path, *, plain: int, tls: int) -> Path:
    """Write the shipped files with this machine's paths and ports, and a main file."""
    deploy = Path(settings.BASE_DIR) / "deploy" / "nginx"
    for name in ("onrecord.conf", "onrecord-http.conf", "onrecord-site.conf"):
        text = (deploy / name).read_text()
        text = text.replace("/srv/onrecord/deploy/nginx/", f"{folder}/")
        text = text.replace(f"/etc/letsencrypt/live/{HOST}/", f"{certificate}/")
        text = text.replace("/var/cache/nginx/", f"{folder}/")
        text = text.replace("/var/lib/letsencrypt/http", f"{folder}/http")
        text = text.replace("listen 80", f"listen 127.0.0.1:{plain}")
        text = text.replace("listen 443", f"listen 127.0.0.1:{tls}")
        text = text.replace("listen [::]:80", f"listen [::1]:{plain}")
        text = text.replace("listen [::]:443", f"listen [::1]:{tls}")
        (folder / name).write_text(text)
    temporary = "\n".join(
        f"{what}_temp_path {folder}/{what};"
        for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    as_root = "user root;" if os.geteuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(
        f"{as_root} pid {folder}/pid; error_log {folder}/errors; daemon off;"
        "events {} http { access_log off; " + temporary + f" include {folder}/onrecord.conf; }}"
    )
    return main


def test_nginx_takes_the_shipped_configuration_and_serves_it(tmp_path, certificate):
    require_nginx()
    plain, tls = find_free_port(), find_free_port()
    main = write_shipped_config(tmp_path, certificate, plain=plain, tls=tls)
    challenge = "/.well-known/acme-challenge/token"
    (tmp_path / f"http{challenge}").parent.mkdir(parents=True)
    (tmp_path / f"http{challenge}").write_text("whose the host is")
    command = [NGINX, "-p", str(tmp_path), "-c", str(main), "-e", f"{tmp_path}/errors"]

    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert (tested.returncode, "warn" in tested.stderr) == (0, False), tested.stderr

    running = subprocess.Popen(command)
    try:
        trusting = ssl.create_default_context(cafile=f"{certificate}/fullchain.pem")
        assert _request(lambda: _Plain("127.0.0.1", plain)) == (301, f"https://{HOST}/")
        assert _request(lambda: _Plain("127.0.0.1", plain), challenge) == (200, None)
        other = f"{challenge}s"
        assert _request(lambda: _Plain("127.0.0.1", plain), other) == (404, None)
        # Nothing listens behind nginx here, so it answers 502.
        assert _request(lambda: _SiteConnection(tls, trusting)) == (502, None)
        untrusting = ssl._create_unverified_context()  # noqa: S323 - the name is wrong on purpose
        with pytest.raises(ssl.SSLError):
            _SiteConnection(tls, untrusting, name="evil.example.org").connect()
    finally:
        running.terminate()
        running.wait(20)


_Plain = http.client.HTTPConnection


class _SiteConnection(http.client.HTTPSConnection):
    """A TLS connection to this machine under the name of the site."""

    def __init__(self, port: int, context: ssl.SSLContext, *, name: str = HOST) -> None:
        super().__init__("127.0.0.1", port, context=context, timeout=20)
        self.name, self.trust = name, context

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self.trust.wrap_socket(self.sock, server_hostname=self.name)


def _request(connection, address: str = "/") -> tuple[int, str | None]:
    """What the page at this address answers, once somebody does."""
    until = time.monotonic() + 20
    while True:
        line = connection()
        try:
            line.request("GET", address, headers={"Host": HOST})
            answer = line.getresponse()
            return answer.status, answer.headers["Location"]
        except ConnectionRefusedError:
            assert time.monotonic() < until, "nginx did not answer"
        finally:
            line.close()
