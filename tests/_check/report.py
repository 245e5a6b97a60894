# SPDX-License-Identifier: GPL-3.0-or-later
"""What ran, how long it took and how it ended; printed as it happens and summed up at the end."""
from __future__ import annotations

import dataclasses
import threading
import time

TAIL = 60


@dataclasses.dataclass
class Stage:
    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    began: float = dataclasses.field(default_factory=time.monotonic)
    seconds: float = 0.0
    failures: list[str] = dataclasses.field(default_factory=list)


class Report:
    def __init__(self, verbose: bool) -> None:
        self.verbose = verbose
        self.stages: list[Stage] = []
        self.began = time.monotonic()
        self.lock = threading.Lock()

    def say(self, text: str) -> None:
        with self.lock:
            print(f"  ..   {text}", flush=True)

    def begin(self, name: str) -> None:
        self.stages.append(Stage(name))
        print(f"\n== {name}", flush=True)

    def end(self) -> None:
        stage = self.stages[-1]
        if stage.passed + stage.failed == 0:
            self.failure("a stage in which no test ran has proved nothing")
        stage.seconds = time.monotonic() - stage.began
        print(f"== {stage.name}: {self.counts(stage)}, {clock(stage.seconds)}", flush=True)

    def add(self, name: str, passed: int, failed: int, skipped: int, seconds: float, output: str, log: str) -> None:
        """Count one step; of a failed one show how it ended and where the rest is."""
        with self.lock:
            stage = self.stages[-1]
            stage.passed += passed
            stage.failed += failed
            stage.skipped += skipped
            if failed:
                stage.failures.append(name)
            if failed or self.verbose:
                lines = output.rstrip().splitlines()
                print("\n".join(f"     | {line}" for line in (lines if self.verbose else lines[-TAIL:])))
                print(f"     | whole log: {log}")
            many = f" ({passed} passed" + (f", {failed} failed" if failed else "") + (f", {skipped} skipped" if skipped else "") + ")"
            print(f"  {'FAIL' if failed else 'ok':<4} {name}{many if passed + failed + skipped > 1 else ''}  {clock(seconds)}", flush=True)

    def failure(self, text: str) -> None:
        """A failure outside of any test: in setting up, or a stage without tests."""
        with self.lock:
            self.stages[-1].failed += 1
            self.stages[-1].failures.append(text)
            print(f"  FAIL {text}", flush=True)

    @staticmethod
    def counts(stage: Stage) -> str:
        return f"{stage.passed} passed, {stage.failed} failed" + (f", {stage.skipped} skipped" if stage.skipped else "")

    def close(self) -> int:
        """The summary. Its last line is what machines read."""
        print(f"\n{'stage':<13}{'time':>8}  result")
        for stage in self.stages:
            print(f"{stage.name:<13}{clock(stage.seconds):>8}  {self.counts(stage)}")
            for failure in stage.failures:
                print(f"{'':<23}FAILED: {failure}")
        print(f"{'all':<13}{clock(time.monotonic() - self.began):>8}")
        passed, failed = (sum(getattr(stage, what) for stage in self.stages) for what in ("passed", "failed"))
        print(f"{passed} passed, {failed} failed", flush=True)
        return 1 if failed or not passed else 0


def clock(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)}:{int(seconds % 60):02d} min"
