"""Start processes that run cells: forked from one that has imported what is slow to import.

Where processes cannot be forked so, each starts anew, and imports for itself.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

WORKER = Path(__file__).with_name("worker.py")
CAN_FORK = sys.platform == "linux"
"""On macOS, libraries that draw and compute may not be used after a fork."""


class Process:
    """A process that runs one job and reports in lines of JSON."""

    def __init__(self, number: int, requests: Any, reports: Any) -> None:
        self.number = number
        self.requests, self.reports = requests, reports
        self.expired = False

    def begin(self, job: Mapping[str, Any]) -> None:
        """Hand over the job."""
        with contextlib.suppress(BrokenPipeError):  # a process that died says so when it is read
            self.requests.write(json.dumps(job).encode() + b"\n")
            self.requests.flush()

    def read(self, limit: float) -> dict[str, Any] | None:
        """Return its next report, or `None` if it died or took longer than so many seconds."""
        clock = threading.Timer(limit, self._expire)
        clock.start()
        try:
            line = self.reports.readline()
        except ConnectionError:
            return None
        finally:
            clock.cancel()
        return json.loads(line) if line.endswith(b"\n") else None

    def _expire(self) -> None:
        self.expired = True
        self.end()

    def end(self) -> None:
        """End it, with all that is in its group; what it left elsewhere ends after it."""
        for kill in (os.killpg, os.kill):  # a process may have left its own group
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(self.number, signal.SIGKILL)


class Running:
    """The processes that run side by side; once they are ended, no other goes on."""

    def __init__(self) -> None:
        self.processes: set[Process] = set()
        self.ended = False

    def add(self, process: Process) -> None:
        """Take note of a process."""
        self.processes.add(process)
        if self.ended:  # it was being started meanwhile
            process.end()

    def remove(self, process: Process) -> None:
        """End a process, which has done its job."""
        self.processes.discard(process)
        process.end()

    def end(self) -> None:
        """End all of them."""
        self.ended = True
        for process in list(self.processes):
            process.end()


class Fresh(Process):
    """A process that was started for its job."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(WORKER), "once"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        super().__init__(self.process.pid, self.process.stdin, self.process.stdout)

    def end(self) -> None:
        """End it."""
        if hasattr(os, "killpg"):
            super().end()
        self.process.kill()
        self.process.wait()


class Forking:
    """A process that imports once, and of which others are forked."""

    def __init__(self, environment: Mapping[str, str], modules: Sequence[str]) -> None:
        self.channel, theirs = socket.socketpair()
        self.replies = self.channel.makefile("rb")
        self.lock = threading.Lock()
        with theirs:
            number = theirs.fileno()
            self.process = subprocess.Popen(
                [sys.executable, "-P", str(WORKER), "serve", str(number), *modules],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                pass_fds=[number],
                start_new_session=True,
            )

    def fork(self) -> Process:
        """Start a process.

        Raises:
            OSError: It cannot be forked; another may be started in its place.
        """
        ours, theirs = socket.socketpair()
        with ours, theirs, self.lock:
            socket.send_fds(self.channel, [b"f"], [theirs.fileno()])
            if not (reply := self.replies.readline()):
                raise OSError("the process to fork from has ended")
            stream = ours.makefile("rwb")
        return Process(int(reply), stream, stream)

    def close(self) -> None:
        """End it and all that were forked from it."""
        with contextlib.suppress(OSError):
            self.channel.shutdown(socket.SHUT_RDWR)  # also wakes whoever waits for a reply
        try:
            self.process.wait(0.5)
        except subprocess.TimeoutExpired:  # it still imports, and has forked nothing yet
            self.process.kill()
            self.process.wait()
        self.replies.close()
        self.channel.close()
