"""The compiler under test: `smelt wast`, and what it says about a script."""

import os
import pathlib
import platform
import re
import resource
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field

from generator import WASM_TOOLS
from script import MOST_SECONDS, Behaviour

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRIPLES = {"x86_64": "x86_64-linux-musl", "aarch64": "aarch64-linux-musl"}
SUMMARY = re.compile(r"(\d+) passed, (\d+) failed, (\d+) skipped$")


@dataclass
class Report:
    """What came of a script."""

    passed: int = 0
    #: What the compiler said about a line, by its number from 1.
    failures: dict[int, str] = field(default_factory=dict)
    #: What the compiler skipped, and why.
    skips: list[str] = field(default_factory=list)
    #: How the compiler ended, if not as it should.
    crash: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether all of the script passed or was skipped."""
        return not self.failures and self.crash is None


@dataclass(frozen=True)
class Configuration:
    """One way to compile."""

    target: str
    level: str

    def __str__(self) -> str:
        return f"{self.target} -{self.level}"


def compile_options(configuration: Configuration) -> list[str]:
    """The options of the compiler for a configuration."""
    options = ["--target", TRIPLES[configuration.target], f"-{configuration.level}"]
    if configuration.level == "O3" and configuration.target == platform.machine():
        # What this machine can do beyond the baseline, above all wider vectors.
        options += ["--cpu", "native"]
    return options


def emulator(configuration: Configuration) -> list[str]:
    """What runs programs for another machine."""
    is_native = configuration.target == platform.machine()
    return [] if is_native else [f"qemu-{configuration.target}"]


class Subject:
    """Runs scripts."""

    def __init__(self, smelt: str):
        self.smelt = smelt
        path = [os.path.dirname(WASM_TOOLS), os.environ.get("PATH", "")]
        self.environment = os.environ | {"PATH": ":".join(path)}

    def run(
        self, lines: list[str], configuration: Configuration, seconds: int = MOST_SECONDS,
        environment: dict[str, str] | None = None,
    ) -> Report:
        """Runs a script of these lines."""
        with tempfile.TemporaryDirectory(prefix="smelt-fuzz-") as folder:
            script = pathlib.Path(folder, "fuzz.wast")
            script.write_text("\n".join(lines) + "\n")
            return self.run_file(script, configuration, seconds, environment)

    def run_file(
        self, script: pathlib.Path, configuration: Configuration, seconds: int = MOST_SECONDS,
        environment: dict[str, str] | None = None,
    ) -> Report:
        """Runs a script that may take so much of the processor's time."""
        command = [self.smelt, "wast", str(script), *compile_options(configuration)]
        with subprocess.Popen(
            command, env=self.environment | (environment or {}), text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, errors="replace",
        ) as process:
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (seconds, seconds))
            try:
                output, errors = process.communicate(timeout=10 * seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                return Report(crash="the compiler takes too long")
        if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return Report(crash=f"it does not end within {seconds} s")
        result = subprocess.CompletedProcess(command, process.returncode, output, errors)
        return read_report(result, str(script))

    def run_all(
        self, behaviours: list[Behaviour], configuration: Configuration
    ) -> tuple[Report, dict[int, str]]:
        """Runs one script with many modules; what failed, by the number of the module."""
        lines, owners = [], []
        for number, behaviour in enumerate(behaviours):
            commands = behaviour.commands(f"m{number}")
            lines += commands
            owners += [number] * len(commands)
        seconds = max(behaviour.seconds for behaviour in behaviours)
        environment = {name: value for b in behaviours for name, value in b.environment.items()}
        report = self.run(lines, configuration, seconds, environment)
        failures: dict[int, str] = {}
        for line, message in sorted(report.failures.items()):
            failures.setdefault(owners[line - 1], message)
        return report, failures


def read_report(result: subprocess.CompletedProcess, script: str) -> Report:
    """Reads the output of `smelt wast`."""
    report = Report()
    lines = result.stdout.splitlines()
    summary = SUMMARY.match(lines[-1]) if lines else None
    if summary is None:
        words = (result.stderr.strip() or "no output").splitlines()[-1]
        report.crash = f"the compiler ended with status {result.returncode}: {words}"
        return report
    report.passed = int(summary[1])
    for line in lines[:-1]:
        if line.startswith("skipped "):
            report.skips.append(line.partition(": ")[2])
        elif line.startswith(script + ":"):
            number, _, message = line[len(script) + 1 :].partition(": ")
            report.failures.setdefault(int(number), message)
    return report
