"""Test that `make run` keeps its worker running, and queues failed tasks again."""

from types import SimpleNamespace

import pytest

from config import serve


class Machine:
    """The clock and the processes of `make run`, as a test sets them."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.started: list[tuple[str, ...]] = []
        self.lines: list[str] = []
        self.exit_code: int | None = None

    def start_process(self, *command: str) -> SimpleNamespace:
        self.started.append(command)
        self.exit_code = None
        return SimpleNamespace(poll=lambda: self.exit_code)


@pytest.fixture
def machine(monkeypatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(serve, "time", SimpleNamespace(monotonic=lambda: machine.now))
    monkeypatch.setattr(serve, "start_process", machine.start_process)
    monkeypatch.setattr(serve, "print_line", machine.lines.append)
    return machine


def test_a_worker_that_ended_starts_again(machine):
    worker = serve.Worker()
    worker.keep_running()
    worker.keep_running()
    assert len(machine.started) == 1
    machine.exit_code = 1
    worker.keep_running()
    assert machine.lines == ["The worker ended by itself. It starts again in 1 s."]
    assert len(machine.started) == 1
    machine.now += 1
    worker.keep_running()
    assert machine.started == [serve.WORKER, serve.WORKER]


def test_one_that_ends_again_and_again_starts_ever_more_seldom(machine):
    worker = serve.Worker()
    worker.keep_running()
    for _ in range(8):
        machine.exit_code = 1
        worker.keep_running()
        machine.now = worker.start_at
        worker.keep_running()
    waits = [int(line.split()[-2]) for line in machine.lines]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    machine.now += 61  # it ran for a minute
    machine.exit_code = 1
    worker.keep_running()
    assert machine.lines[-1] == "The worker ended by itself. It starts again in 1 s."


@pytest.mark.parametrize(("command", "seconds"), serve.TIMED)
def test_a_timer_runs_its_command_every_so_many_seconds(machine, command, seconds):
    timer = serve.Timer(command, seconds)
    times = []
    for _ in range(130):
        machine.now += 10
        count = len(machine.started)
        timer.run_if_due()
        if len(machine.started) > count:
            times.append(machine.now - 1000)
    assert times == list(range(seconds, 1301, seconds))
    assert set(machine.started) == {command}
