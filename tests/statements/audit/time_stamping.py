"""A time-stamping authority on this machine: openssl behind a small web server."""

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[signer]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
basicConstraints = critical,CA:FALSE
"""


class Authority:
    """Its address, the certificate that verifies it, and the answer that it gives instead."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self.certificate = folder / "authority.pem"
        self.answer: tuple[int, bytes] | None = None
        self.requests: list[bytes] = []
        self._create_certificates()

    def _create_certificates(self) -> None:
        (self.folder / "tsa.cnf").write_text(CONFIG.format(folder=self.folder))
        (self.folder / "serial").write_text("01\n")
        self._run(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
            " -subj /CN=Authority -keyout authority.key -out authority.pem"
        )
        self._run(
            "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            " -subj /CN=Signer -keyout signer.key -out signer.csr"
        )
        self._run(
            "x509 -req -in signer.csr -CA authority.pem -CAkey authority.key -days 2"
            " -set_serial 2 -extfile tsa.cnf -extensions signer -out signer.pem"
        )

    def stamp(self, query: bytes) -> bytes:
        (self.folder / "query.tsq").write_bytes(query)
        self._run("ts -reply -config tsa.cnf -queryfile query.tsq -out answer.tsr")
        return (self.folder / "answer.tsr").read_bytes()

    def _run(self, arguments: str) -> None:
        command = ["openssl", *arguments.split()]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)


@contextlib.contextmanager
def serve_authority(folder: Path) -> Iterator[Authority]:
    authority = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            authority.requests.append(query)
            status, answer = authority.answer or (200, authority.stamp(query))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        authority.url = f"http://127.0.0.1:{server.server_port}/tsr"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield authority
        finally:
            server.shutdown()
            thread.join()
