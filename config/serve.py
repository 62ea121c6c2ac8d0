"""Run the web server and the worker on this machine until Ctrl-C or until the web server ends.

python config/serve.py PORT           both, on 127.0.0.1
python config/serve.py --check PORT   only check that the port is free
"""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

BASE_DIR = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
MAX_START_SECONDS = 120
MAX_STOP_SECONDS = 30
MAX_WAIT_SECONDS = 60  # between two starts of the worker

GUNICORN = ("-m", "gunicorn", "--config", "config/gunicorn.py", "--bind")
WORKER = ("manage.py", "db_worker", "--queue-name", "*")
REQUEUE = ("manage.py", "requeue_stuck_tasks")
REMIND = ("manage.py", "send_reminders")
TIMED = ((REQUEUE, 600), (REMIND, 300))  # as often as the timers in deploy/systemd


class StopRequested(Exception):
    """Ctrl-C, `kill` or a closed terminal asked the site to stop."""


def main(arguments: list[str]) -> str | None:
    """Run the command; return None, or an error message to exit with."""
    *options, port_text = arguments or ["8000"]
    if not (port_text.isdecimal() and 1 <= int(port_text) <= 65535):
        return (
            f"PORT is “{port_text}”, which is no port; write a number, such as make run PORT=8001"
        )
    port = int(port_text)
    if is_port_taken(port):
        return (
            f"Port {port} on {HOST} is already in use: stop what runs there, "
            f"or take another: make run PORT={port + 1}"
        )
    return None if options == ["--check"] else serve_site(port)


def is_port_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def serve_site(port: int) -> str | None:
    for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signal_number, request_stop)
    web_server, worker = None, Worker()
    timers = [Timer(command, seconds) for command, seconds in TIMED]
    try:
        web_server = start_process(*GUNICORN, f"{HOST}:{port}")
        deadline = time.monotonic() + MAX_START_SECONDS
        while not is_answering(port) and web_server.poll() is None:
            worker.keep_running()
            if time.monotonic() > deadline:
                return f"The web server did not answer within {MAX_START_SECONDS} seconds."
            time.sleep(0.1)
        if web_server.poll() is None:
            print_line(f"On the Record is at http://{HOST}:{port}/ and its newsdesk at /admin/")
            print_line("Ctrl-C stops both the web server and the worker.")
        while web_server.poll() is None:
            worker.keep_running()
            for timer in timers:
                timer.run_if_due()
            time.sleep(0.2)
    except StopRequested:
        print_line("\nStopping …")
        return None
    finally:
        for process in (web_server, worker.process, *(timer.process for timer in timers)):
            if process is not None:
                stop_process(process)
    return "The web server ended by itself, so the worker was stopped too. Its output is above."


class Worker:
    """The worker, which starts again when it ends: pages are read without it."""

    process: "subprocess.Popen[bytes] | None" = None
    started_at = start_at = float("-inf")
    wait_seconds = 1

    def keep_running(self) -> None:
        """Start the worker, or start it again some time after it ended."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            if now - self.started_at > MAX_WAIT_SECONDS:
                self.wait_seconds = 1
            print_line(f"The worker ended by itself. It starts again in {self.wait_seconds} s.")
            self.process, self.start_at = None, now + self.wait_seconds
            self.wait_seconds = min(2 * self.wait_seconds, MAX_WAIT_SECONDS)
        if self.process is None and now >= self.start_at:
            self.process, self.started_at = start_process(*WORKER), now


class Timer:
    """Run a command every so many seconds, as a timer in deploy/systemd does."""

    process: "subprocess.Popen[bytes] | None" = None

    def __init__(self, command: tuple[str, ...], seconds: int) -> None:
        self.command, self.seconds = command, seconds
        self.due_at = time.monotonic() + seconds

    def run_if_due(self) -> None:
        if time.monotonic() >= self.due_at:
            self.process = start_process(*self.command)
            self.due_at = time.monotonic() + self.seconds


def start_process(*command: str) -> "subprocess.Popen[bytes]":
    """Start the process in its own session, so that Ctrl-C reaches only this program."""
    return subprocess.Popen(  # noqa: S603  (fixed commands)
        [sys.executable, *command], cwd=BASE_DIR, start_new_session=True
    )


def request_stop(signal_number: int, frame: FrameType | None) -> None:
    signal.signal(signal_number, signal.SIG_IGN)
    raise StopRequested


def is_answering(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def stop_process(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(MAX_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def print_line(line: str) -> None:
    print(line, flush=True)  # noqa: T201  (a program for the terminal)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
