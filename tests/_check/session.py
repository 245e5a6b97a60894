# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of tests/check: its folder, its environments, and how a step is run and counted."""
from __future__ import annotations

import functools
import os
import pathlib
import re
import subprocess
import time
from xml.etree import ElementTree

import cache
import lab
import machine
import pythons
import report
import tree

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
REQUIREMENTS = CHECKOUT / "tests" / "requirements"
SIGN_OF_LIFE = 30


class StepFailed(Exception):
    """Something that a stage needs could not be set up."""


class Session:
    def __init__(self, options) -> None:
        self.options = options
        self.report = report.Report(options.verbose)
        self.cache = cache.Cache(os.environ.get("TINYCLOUD_CACHE", "/var/cache/tinycloud-lab"))
        self.folder = self.cache.run_folder()
        self.lab = lab.Lab(self)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_exception) -> None:
        self.lab.down()

    def stage(self, name: str, run) -> None:
        self.report.begin(name)
        try:
            machine.install(self, machine.BINDINGS)
            run(self)
        except (StepFailed, pythons.NoPython) as problem:
            self.report.failure(str(problem))
        self.report.end()

    # -- what stages stand on, made when first asked for

    @functools.cached_property
    def collection(self) -> pathlib.Path:
        """The copy of the checkout that is looked at and tested."""
        return tree.copy(CHECKOUT, self.folder / "tree/ansible_collections/tinycloud/libvirt")

    @property
    def collections_path(self) -> pathlib.Path:
        return self.collection.parents[2]

    @functools.cached_property
    def tools(self) -> pathlib.Path:
        """Venv of linters and documentation builders: always the same, whatever core is tested."""
        return self.cache.venv(self, "tools", pythons.SYSTEM, [REQUIREMENTS / "tools.txt"])

    @functools.cached_property
    def core(self) -> pathlib.Path:
        """Venv of the ansible-core under test."""
        return self.core_venv(self.options.core)

    @functools.cached_property
    def bindings(self) -> pathlib.Path:
        """Venv that sees Debian's libvirt bindings: the core under test if it can run there, else the default one."""
        fits = pythons.version(pythons.SYSTEM) in pythons.FIT[self.options.core]
        return self.core_venv(self.options.core if fits else pythons.DEFAULT_CORE)

    def core_venv(self, core: str) -> pathlib.Path:
        interpreter = pythons.find(core)
        name = f"core-{core}-py{pythons.version(interpreter)}"
        return self.cache.venv(self, name, interpreter, [REQUIREMENTS / "run.txt"], (f"ansible-core~={core}.0",), debian=interpreter == pythons.SYSTEM)

    @functools.cached_property
    def tarball(self) -> pathlib.Path:
        galaxy = str(self.core / "bin/ansible-galaxy")
        self.must("collection-build", [galaxy, "collection", "build", str(self.collection), "--output-path", str(self.folder)])
        return next(self.folder.glob("tinycloud-libvirt-*.tar.gz"))

    @functools.cached_property
    def installed(self) -> pathlib.Path:
        """The collection as a user has it: installed from the tarball, without network."""
        target = self.folder / "installed"
        galaxy = str(self.core / "bin/ansible-galaxy")
        self.must("collection-install", [galaxy, "collection", "install", str(self.tarball), "--offline", "-p", str(target)])
        return target

    # -- steps

    def environment(self, venv: pathlib.Path, collections: pathlib.Path | None = None) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "PYTHON"))}
        return {
            **inherited,
            "PATH": f"{venv}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "VIRTUAL_ENV": str(venv),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(collections or self.collections_path),
            "ANSIBLE_NOCOLOR": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TINYCLOUD_CACHE": str(self.cache.folder),
        }

    def run(self, name: str, command: list, **options) -> Done:
        """Run a command; its output goes to a log of its own."""
        log = self.folder / "logs" / f"{re.sub(r'[^A-Za-z0-9.-]+', '_', name)}.log"
        log.parent.mkdir(exist_ok=True)
        command = [str(part) for part in command]
        with open(log, "w", encoding="utf-8") as output:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **options)
        done = Done(name, log, time.monotonic())
        try:
            while done.status is None:
                try:
                    done.status = process.wait(SIGN_OF_LIFE)
                except subprocess.TimeoutExpired:
                    self.report.say(f"{name}: {report.clock(done.seconds)}, {done.last_line}")
        finally:
            # Interrupted: nothing that we started goes on alone.
            if process.poll() is None:
                process.terminate()
                process.wait()
        done.ended = time.monotonic()
        return done

    def must(self, name: str, command: list, **options) -> Done:
        """A step that is no test, but without which there is nothing to test."""
        done = self.run(name, command, **options)
        if done.status:
            print("\n".join(f"     | {line}" for line in done.output.rstrip().splitlines()[-report.TAIL:]))
            raise StepFailed(f"{name} ended with status {done.status}; whole log: {done.log}")
        return done

    def check(self, name: str, command: list, count=None, show=str, **options) -> Done:
        """A step that is a test, or many: `count` reads how many out of what it wrote, `show` what of it to show if it fails."""
        done = self.run(name, command, **options)
        passed, failed, skipped = count(done) if count else (0, 0, 0)
        if done.status and not failed:
            failed = 1
        elif not passed + failed + skipped:
            passed = 1 if count is None else 0
        self.report.add(name, passed, failed, skipped, done.seconds, show(done.output), str(done.log))
        return done

    def pytest(self, name: str, venv: pathlib.Path, paths: list[str], inside: tuple[str, ...] = ()) -> Done:
        """Run pytest on paths below the collection (`inside` goes before the command); its own JUnit file says how many passed."""
        results = self.folder / f"pytest-{name}.xml"
        selection = ["-k", " or ".join(self.options.only)] if self.options.only and name != "house" else []
        command = [*inside, venv / "bin/python", "-m", "pytest", "-q", "--color=no", f"--junitxml={results}", *selection, *paths]
        environment = {**self.environment(venv), "PYTHONPATH": str(self.collections_path)}
        return self.check(name, command, lambda _done: junit(results), cwd=self.collection, env=environment)


class Done:
    """A step that ran, or runs."""

    def __init__(self, name: str, log: pathlib.Path, began: float) -> None:
        self.name, self.log, self.began = name, log, began
        self.status: int | None = None
        self.ended: float | None = None

    @property
    def seconds(self) -> float:
        return (self.ended or time.monotonic()) - self.began

    @property
    def output(self) -> str:
        return self.log.read_text("utf-8", "replace")

    @property
    def last_line(self) -> str:
        lines = [line.strip(" *") for line in self.output.replace("\r", "\n").splitlines() if line.strip(" *")]
        return lines[-1][:120] if lines else "nothing said yet"


def junit(path: pathlib.Path) -> tuple[int, int, int]:
    """Passed, failed and skipped, out of a JUnit file; nothing if the runner did not get as far as writing one."""
    if not path.exists():
        return 0, 0, 0
    suites = list(ElementTree.parse(path).getroot().iter("testsuite"))
    total, failures, errors, skipped = (sum(int(suite.get(what, 0)) for suite in suites) for what in ("tests", "failures", "errors", "skipped"))
    return total - failures - errors - skipped, failures + errors, skipped
