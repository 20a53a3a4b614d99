#!/usr/bin/env python3
"""Injects faults into kadry and checks that nothing of the user's is lost and nothing half-done looks finished.

    python3 tests/reliability/inject.py target/release/kadry            # the short form, about a minute
    python3 tests/reliability/inject.py target/release/kadry --long     # the long form, renews docs/reliability.md

Each fault is injected into a command that writes a result: a new one, one that replaces an older result by --force, or
a comparison that is extended. Afterwards the folder is checked; then the same command runs again without a fault and
has to give the same bytes as a run that was never disturbed. Faults that this machine cannot inject (no strace, not
root) are skipped and counted as such. Needs Python 3.9 and nothing else.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# 127: a library could not be loaded because the call failed that was to load it.
DOCUMENTED = {0, 1, 4, 127, 130}
SMALL = ["--population", "300", "--until", "1930-06"]
NEW = ["run", "historical", *SMALL, "--replicates", "4", "--tables", "series,phases", "--out", "result"]
FORCE = [*NEW, "--seed", "2", "--force"]
EXTEND = ["compare", "historical", "no_terror", *SMALL, "--replicates", "3", "--extend", "--out", "result"]
LONG = ["run", "historical", "--population", "500", "--replicates", "60", "--out", "result"]
# What each command finds in place of `result`.
BEFORE = {
    "new": (NEW, None),
    "replace": (FORCE, NEW),
    "extend": (EXTEND, ["compare", "historical", "unions_kept", *SMALL, "--replicates", "2", "--out", "result"]),
    "long": (LONG, None),
}
CALLS = {
    "write": ["ENOSPC", "EIO"],
    "openat": ["EACCES", "EMFILE", "EIO"],
    "mkdir": ["ENOSPC", "EROFS"],
    "rename": ["EACCES", "EIO"],
    "renameat2": ["EACCES", "ENOSPC"],
    "unlink": ["EACCES", "EIO"],
    "fsync": ["EIO", "ENOSPC"],
    "flock": ["ENOLCK", "EINTR"],
    "ftruncate": ["EIO"],
}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tables(folder):
    """Every file of a result but the manifest, which holds times."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and name != "manifest.json" and name not in ("notes.txt", "scenarios/mine.toml"):
            found[name] = digest(path)
    return found


class Bench:
    """The program, the results of undisturbed runs, and what was counted."""

    def __init__(self, program, seed):
        self.program = str(Path(program).resolve())
        self.random = random.Random(seed)
        self.home = Path(tempfile.mkdtemp(prefix="kadry-faults-"))
        self.rows = []
        self.reference = {}
        self.before = {}
        for kind, (command, earlier) in BEFORE.items():
            home = self.home / f"reference-{kind}"
            home.mkdir()
            if earlier:
                self.must(home, earlier)
                self.before[kind] = home / "before"
                shutil.copytree(home / "result", self.before[kind])
            self.must(home, command)
            self.reference[kind] = tables(home / "result")

    def must(self, home, command):
        done = subprocess.run([self.program, *command], cwd=home, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{command}: exit {done.returncode}: {done.stderr}")
        return done

    def fresh(self, kind):
        """A home with the user's files beside and inside the result folder."""
        home = Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=self.home))
        (home / "thesis.txt").write_text("years of work")
        if kind in self.before:
            shutil.copytree(self.before[kind], home / "result")
            (home / "result" / "notes.txt").write_text("mine")
            (home / "result" / "scenarios").mkdir(exist_ok=True)
            (home / "result" / "scenarios" / "mine.toml").write_text("mine")
        return home

    def check(self, home, kind, code):
        """Raises what may never be, whatever happened; returns what was left."""
        folder = home / "result"
        assert (home / "thesis.txt").read_text() == "years of work", "a file beside the result was changed"
        if kind in self.before:
            assert (folder / "notes.txt").read_text() == "mine", "a file in the result was changed"
            assert (folder / "scenarios" / "mine.toml").read_text() == "mine", "a file in the result was changed"
        strange = [entry.name for entry in home.iterdir() if entry.name not in ("thesis.txt", "result", "real")]
        assert not strange, f"left beside the result: {strange}"
        assert code is None or code < 0 or code in DOCUMENTED, f"exit code {code}"
        if not folder.exists():
            return "nothing"
        manifest = folder / "manifest.json"
        if manifest.exists():
            told = json.loads(manifest.read_text())
            for name, mark in told["files"].items():
                assert digest(folder / name) == mark["sha256"], f"{name} does not fit its manifest"
            new = {name: mark["sha256"] for name, mark in told["files"].items()} == self.reference[kind]
            assert told["complete"], "an incomplete manifest"
            return "the new result" if new else "the old result"
        assert code != 0, "exit 0 without a result"
        return "unfinished work" if (folder / ".kadry").exists() else "nothing"

    def again(self, home, kind):
        """The same command without a fault gives the bytes of an undisturbed run, and leaves nothing else."""
        folder = home / "result"
        done = subprocess.run([self.program, *BEFORE[kind][0]], cwd=home, capture_output=True, text=True)
        assert done.returncode == 0, f"given again, it ends with {done.returncode}: {done.stderr.strip()}"
        assert tables(folder) == self.reference[kind], "continued, it gives other bytes"
        assert not (folder / ".kadry").exists(), "work in progress was left"
        self.check(home, kind, 0)

    def one(self, fault, kind, inject):
        """Injects a fault once."""
        home = self.fresh(kind)
        try:
            code = inject(home)
            left = self.check(home, kind, code)
            self.again(home, kind)
            self.rows.append((fault, left, None))
        except AssertionError as problem:
            self.rows.append((fault, "?", f"{kind}: {problem}"))
        finally:
            shutil.rmtree(home, ignore_errors=True)

    def start(self, home, command, **options):
        return subprocess.Popen(
            [self.program, *command], cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options
        )

    def signalled(self, home, kind, number, most):
        child = self.start(home, BEFORE[kind][0])
        time.sleep(self.random.uniform(0, most))
        child.send_signal(number)
        return child.wait()

    def traced(self, home, kind, what):
        """Runs under strace, which injects into the calls of all threads."""
        command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={what.split(':')[0]}", "-e", f"inject={what}"]
        done = subprocess.run(
            [*command, self.program, *BEFORE[kind][0], "--threads", "1"],
            cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        return -done.returncode + 128 if done.returncode > 130 else done.returncode

    def calls(self, kind, call):
        """How often a command makes a call."""
        home = self.fresh(kind)
        log = self.home / "calls"
        subprocess.run(
            ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={call}", self.program, *BEFORE[kind][0], "--threads", "1"],
            cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        shutil.rmtree(home, ignore_errors=True)
        return sum(1 for line in log.read_text().splitlines() if f"{call}(" in line)


def can(*command):
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def spread(most, wanted):
    """Up to `wanted` numbers from 1 to `most`, the first and the last among them."""
    if most <= wanted:
        return list(range(1, most + 1))
    return sorted({1 + round(position * (most - 1) / (wanted - 1)) for position in range(wanted)})


def inject(bench, long):
    many = (lambda short, full: full if long else short)
    skipped = []

    for kind, most in (("new", 0.15), ("replace", 0.15), ("extend", 0.3), ("long", 1.5)):
        for _ in range(many(3, 40)):
            bench.one("SIGKILL at a random moment", kind, lambda home: bench.signalled(home, kind, signal.SIGKILL, most))
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        for _ in range(many(1, 15)):
            number = getattr(signal, name)
            bench.one("SIGINT, SIGTERM or SIGHUP at a random moment", "long", lambda home: bench.signalled(home, "long", number, 1.5))

    if can("strace", "-qq", "-o", "/dev/null", "-e", "inject=write:error=ENOSPC:when=9999", "true"):
        for kind in ("new", "replace", "extend"):
            for call, errors in CALLS.items():
                count = bench.calls(kind, call)
                for position in spread(count, many(2, 14)):
                    error = errors[position % len(errors)]
                    fault = "disk full from one write on" if error == "ENOSPC" and call == "write" else "a system call fails"
                    ongoing = "+" if error == "ENOSPC" else ""
                    bench.one(fault, kind, lambda home: bench.traced(home, kind, f"{call}:error={error}:when={position}{ongoing}"))
            for call in ("mkdir", "rename", "renameat2", "unlink", "rmdir", "fsync"):
                for position in spread(bench.calls(kind, call), many(2, 14)):
                    bench.one("SIGKILL at a system call that changes the folder", kind,
                              lambda home: bench.traced(home, kind, f"{call}:signal=KILL:when={position}"))
    else:
        skipped.append("failing system calls and kills at them: strace is not here, or may not trace")

    def removed(home):
        child = bench.start(home, LONG)
        time.sleep(bench.random.uniform(0, 1.0))
        shutil.rmtree(home / "result", ignore_errors=True)
        return child.wait()

    for _ in range(many(2, 25)):
        bench.one("the folder is removed while kadry runs", "long", removed)

    def two(home):
        children = [bench.start(home, BEFORE["extend"][0]) for _ in range(2)]
        codes = [child.wait() for child in children]
        assert 0 in codes and set(codes) <= {0, 1}, f"exit codes {codes}"
        return max(codes)

    for _ in range(many(2, 25)):
        bench.one("two writers at once", "extend", two)

    def nohup(home):
        child = bench.start(home, LONG, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        time.sleep(bench.random.uniform(0.05, 0.5))
        child.send_signal(signal.SIGHUP)
        code = child.wait()
        assert code == 0, f"exit code {code} although the signal was ignored"
        return code

    for _ in range(many(1, 10)):
        bench.one("SIGHUP under nohup", "long", nohup)

    def limited(home):
        blocks = bench.random.randrange(1, 400)
        return subprocess.run(
            ["sh", "-c", f'ulimit -f {blocks}; exec "$0" "$@"', bench.program, *LONG],
            cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ).returncode

    for _ in range(many(2, 15)):
        bench.one("the size of files is limited", "long", limited)

    def linked(home):
        (home / "real").mkdir()
        (home / "result").symlink_to("real")
        code = bench.signalled(home, "new", signal.SIGKILL, 0.15)
        bench.again(home, "new")
        assert (home / "real" / "manifest.json").is_file()
        (home / "result").unlink()
        (home / "real").rename(home / "result")
        return code

    def dangling(home):
        (home / "result").symlink_to("nowhere")
        code = bench.start(home, NEW).wait()
        assert code == 1 and not (home / "nowhere").exists(), f"exit code {code}"
        (home / "result").unlink()
        return code

    for _ in range(many(1, 10)):
        bench.one("the folder is a link, and the process is killed", "new", linked)
        bench.one("the folder is a link to nothing", "new", dangling)

    if can("unshare", "--mount", "true"):
        def in_mount(home, options, command="long"):
            """The folder is a file system of its own, as a container's volume is."""
            (home / "result").mkdir()
            script = (
                f'mount -t tmpfs {options} tmpfs result && "$0" "$@"; code=$?; '
                "cp -r result copy && umount result && rmdir result && mv copy result; exit $code"
            )
            return subprocess.run(
                ["unshare", "--mount", "sh", "-c", script, bench.program, *BEFORE[command][0]],
                cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            ).returncode

        for position in range(many(2, 20)):
            size = 64 * 1024 * (position + 1)
            bench.one("a small file system is full", "long", lambda home: in_mount(home, f"-o size={size}"))
        for _ in range(many(1, 8)):
            bench.one("the folder is a mount point", "new", lambda home: in_mount(home, "-o size=64m", "new"))

        def read_only(home):
            (home / "result").mkdir()
            script = 'mount -t tmpfs -o ro tmpfs result && "$0" "$@"'
            code = subprocess.run(
                ["unshare", "--mount", "sh", "-c", script, bench.program, *NEW],
                cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            ).returncode
            assert code == 1, f"exit code {code}"
            return code

        for _ in range(many(1, 8)):
            bench.one("the folder is read-only", "new", read_only)
    else:
        skipped.append("mount points, small and read-only file systems: this needs root")

    if can("unshare", "--pid", "--fork", "true"):
        def same_number(home):
            """In a container every process has the same number, that of the killed one included."""
            for _ in range(2):
                script = f'"$0" "$@" & sleep {bench.random.uniform(0, 1):.2f}; kill -9 $!; wait $!'
                subprocess.run(
                    ["unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", script, bench.program, *LONG],
                    cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )
            return None

        for _ in range(many(1, 10)):
            bench.one("killed twice under one process number", "long", same_number)
    else:
        skipped.append("process-number namespaces: this needs root")
    return skipped


def page(bench, skipped, seconds):
    kinds = {}
    for fault, left, problem in bench.rows:
        counts = kinds.setdefault(fault, {"lost": 0})
        counts[left] = counts.get(left, 0) + 1
        counts["lost"] += problem is not None
    lefts = ["nothing", "unfinished work", "the old result", "the new result"]
    lines = [
        "# Reliability",
        "",
        "Faults were injected into commands that write results: a new result, one that replaces an older result by `--force`, and",
        "a comparison that is extended. After each fault three things are checked. Files of the user, beside the result and in",
        "it, are what they were. A folder with a manifest holds exactly what the manifest lists. The same command, run again without",
        "a fault, gives the same bytes as a run that was never disturbed, and leaves nothing else. What each state of a folder",
        "means is described in [output.md](output.md).",
        "",
        f"| fault | injected | {' | '.join('left: ' + left for left in lefts)} | lost or wrong |",
        f"|---|{'---|' * (len(lefts) + 2)}",
    ]
    for fault, counts in kinds.items():
        number = sum(counts.get(left, 0) for left in [*lefts, "?"])
        cells = " | ".join(str(counts.get(left, 0)) for left in lefts)
        lines.append(f"| {fault} | {number} | {cells} | {counts['lost']} |")
    lost = sum(problem is not None for _, _, problem in bench.rows)
    lines += ["", f"{len(bench.rows)} faults; {lost} left something lost or wrong."]
    lines += [f"Skipped on this machine: {what}." for what in skipped]
    lines += [
        "",
        "*Nothing* is left where no run had been saved when the fault came. Finished runs are saved batch by batch",
        "([studies.md](studies.md)).",
        "",
        "```sh",
        "cargo build --release && python3 tests/reliability/inject.py target/release/kadry --long",
        "```",
        "",
        "writes this page again; without `--long` it injects a few faults of each kind, as CI does. Faults in system calls need",
        "`strace`, mounts and process-number namespaces need root; what cannot be injected is skipped and named.",
        "",
    ]
    return "\n".join(lines), lost


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="path of the program kadry")
    parser.add_argument("--long", action="store_true", help="at least 500 faults; renews docs/reliability.md")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    arguments = parser.parse_args()
    begin = time.time()
    bench = Bench(arguments.program, arguments.seed)
    try:
        skipped = inject(bench, arguments.long)
    finally:
        shutil.rmtree(bench.home, ignore_errors=True)
    text, lost = page(bench, skipped, time.time() - begin)
    if arguments.long:
        (Path(__file__).resolve().parents[2] / "docs" / "reliability.md").write_text(text)
    print(text)
    for fault, _, problem in bench.rows:
        if problem:
            print(f"{fault}: {problem}", file=sys.stderr)
    print(f"{len(bench.rows) - lost} passed, {lost} failed ({time.time() - begin:.0f} s)")
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
