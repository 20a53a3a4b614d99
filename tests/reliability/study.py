#!/usr/bin/env python3
"""Proves the promises of studies the long way: kills, shards in random order, flipped bits.

    python3 tests/reliability/study.py target/release/kadry

Everything that is killed is continued until it has finished; its files then have to equal those of an undisturbed
process in every byte. The seed of the random moments and orders is fixed by --seed. Takes some minutes; prints figures,
and ends with 1 if a promise is broken. Needs Python 3.9 and nothing else; with strace it also kills a collector at
each file that it removes.
"""

import argparse
import hashlib
import json
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Some seconds of one core each; the last has several runs in a batch.
STUDIES = {
    "run": (["run", "historical", "--population", "1000", "--replicates", "150"], 150),
    "compare": (["compare", "historical", "unions_kept", "no_terror", "--population", "1000", "--replicates", "50"], 150),
    "sweep": (["sweep", "historical", "--vary", "levers.union=0.1:0.6:3", "--vary", "mechanisms.catharsis=true,false",
               "--tables", "series", "--population", "1000", "--replicates", "20"], 140),
    "run of small batches": (["run", "historical", "--population", "100", "--replicates", "1000", "--tables", "series,phases"], 1000),
}
KIND = {"scenario.toml": "scenario", "columns.csv": "columns.csv", "points.csv": "points.csv", "manifest.json": "manifest.json",
        "report.html": "report.html", ".kadry/plan.json": "plan.json"}


def digests(folder):
    """The digest of every file of a result except the manifest."""
    names = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json")
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in names}


class Bench:
    """The program, undisturbed results, and broken promises."""

    def __init__(self, program, seed):
        self.program = str(Path(program).resolve())
        self.random = random.Random(seed)
        self.home = Path(tempfile.mkdtemp(prefix="kadry-study-"))
        self.broken = []
        self.reference, self.seconds = {}, {}
        for name, (command, _) in STUDIES.items():
            begin = time.time()
            self.must([*command, "--out", "whole"])
            self.seconds[name] = time.time() - begin
            self.reference[name] = digests(self.home / "whole")
            shutil.rmtree(self.home / "whole")

    def call(self, arguments):
        return subprocess.run([self.program, *arguments], cwd=self.home, capture_output=True, text=True)

    def must(self, arguments):
        done = self.call(arguments)
        if done.returncode != 0:
            raise SystemExit(f"{arguments}: exit {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def promise(self, holds, words):
        if not holds:
            self.broken.append(words)
            print(f"BROKEN: {words}", file=sys.stderr)

    def killed(self, arguments, most):
        """Starts a command and kills it after a random time below `most` seconds; returns its exit code and stderr."""
        errors = self.home / "errors"
        with errors.open("w") as stream:
            child = subprocess.Popen([self.program, *arguments], cwd=self.home, stdout=subprocess.DEVNULL, stderr=stream)
            time.sleep(self.random.uniform(0, most))
            child.send_signal(signal.SIGKILL)
            code = child.wait()
        return code, errors.read_text()

    def remove(self, *folders):
        for folder in folders:
            shutil.rmtree(self.home / folder, ignore_errors=True)

    def equal(self, name, what):
        same = digests(self.home / "result") == self.reference[name]
        self.promise(same, f"{name}: {what}: other bytes")
        manifest = self.home / "result" / "manifest.json"
        self.promise(manifest.exists() and json.loads(manifest.read_text())["complete"], f"{name}: {what}: not finished")


def kills(bench, wanted):
    """Kills commands at random moments until `wanted` kills have hit; each study is continued until it has finished."""
    print(f"{'study':<22} {'finished':>8} {'kills':>6} {'runs':>6} {'computed twice':>15} {'a kill':>7}")
    for number, (name, (command, runs)) in enumerate(STUDIES.items()):
        share = wanted * (number + 1) // len(STUDIES) - wanted * number // len(STUDIES)
        hits = studies = computed = 0
        while hits < share:
            bench.remove("result")
            for _ in range(1000):
                code, errors = bench.killed([*command, "--out", "result", "-v"], bench.seconds[name] * 0.4)
                hits += code == -signal.SIGKILL
                bench.promise(code in (0, -signal.SIGKILL), f"{name}: exit {code}: {errors[-300:]}")
                computed += len(re.findall(r"replicate \d+ computed", errors))
                if code == 0 or hits >= share:
                    break
            if code != 0:
                done = bench.must([*command, "--out", "result", "-v"])
                computed += len(re.findall(r"replicate \d+ computed", done.stderr))
            studies += 1
            bench.equal(name, "killed and continued")
        twice = computed - studies * runs
        print(f"{name:<22} {studies:>8} {hits:>6} {studies * runs:>6} {twice:>15} {twice / hits:>7.2f}")
        # A kill may come before a run in its batch is stored, on each of the threads.
        bench.promise(twice >= 0, f"{name}: {-twice} runs were never computed")


def shards(bench):
    """Computes shards in random order with random kills of workers and collectors."""
    print(f"\n{'study':<22} {'shards':>6} {'workers killed':>15} {'collectors killed':>18}")
    for name, (command, runs) in STUDIES.items():
        for count in (1, 7, 64):
            bench.remove("result")
            bench.must([*command, "--out", "result", "--plan-only"])
            hits = collectors = 0
            order = list(range(1, count + 1))
            bench.random.shuffle(order)
            for shard in order:
                work = ["work", "result", "--shard", f"{shard}/{count}", "--threads", str(bench.random.randint(1, 4))]
                for _ in range(bench.random.randint(0, 6 if count < 64 else 1)):
                    code, errors = bench.killed(work, bench.seconds[name] / count * 0.6 + 0.02)
                    hits += code == -signal.SIGKILL
                    bench.promise(code in (0, -signal.SIGKILL), f"{name}: work: exit {code}: {errors[-300:]}")
                bench.must(work)
            for _ in range(5):
                code, errors = bench.killed(["collect", "result"], 0.15)
                bench.promise(code in (0, -signal.SIGKILL), f"{name}: collect: exit {code}: {errors[-300:]}")
                collectors += code == -signal.SIGKILL
            done = bench.call(["collect", "result"])
            bench.promise(done.returncode == 0, f"{name}: collect after kills: exit {done.returncode}: {done.stderr[-300:]}")
            if done.returncode != 0:
                bench.must([*command, "--out", "result"])
            bench.equal(name, f"{count} shards")
            print(f"{name:<22} {count:>6} {hits:>15} {collectors:>18}")


def flips(bench, each):
    """Flips bits in every file of finished and planned folders; verify has to name the file and end with 5."""
    found = {}
    for name in ("run", "compare", "sweep"):
        command = [word if word not in ("50", "150", "20") else "3" for word in STUDIES[name][0]]
        bench.remove("result", "planned")
        bench.must([*command, "--out", "result"])
        bench.must(["report", "result"])
        bench.must([*command, "--out", "planned", "--plan-only"])
        bench.must(["work", "planned", "--shard", "1/2"])
        for folder in ("result", "planned"):
            for path in sorted(path for path in (bench.home / folder).rglob("*") if path.is_file() and path.name != "lock"):
                file = str(path.relative_to(bench.home / folder))
                kind = KIND.get(file) or ("part" if file.endswith(".part") else "scenario" if file.endswith(".toml") else "table")
                intact = path.read_bytes()
                count = found.setdefault(kind, [0, 0])
                for position in [0, len(intact) - 1, *(bench.random.randrange(len(intact)) for _ in range(each))]:
                    bit = bench.random.randrange(8)
                    flipped = bytearray(intact)
                    flipped[position] ^= 1 << bit
                    path.write_bytes(flipped)
                    done = bench.call(["verify", folder])
                    named = done.returncode == 5 and done.stdout.startswith(f"{file}: ") and "damaged: 1 of" in done.stdout
                    bench.promise(named, f"{name}: bit {bit} of byte {position} of {file}: exit {done.returncode}: {done.stdout[:200]}")
                    count[0] += 1
                    count[1] += named
                path.write_bytes(intact)
            done = bench.call(["verify", folder])
            bench.promise(done.returncode == 0, f"{name}: {folder} without a flip: exit {done.returncode}: {done.stdout[:200]}")
    print("\nflipped bits, by kind of file")
    for kind, (all_flips, named) in sorted(found.items()):
        print(f"{kind:<22} {named:>6} of {all_flips} found and the file named")
    print(f"{'all':<22} {sum(named for _, named in found.values()):>6} of {sum(count for count, _ in found.values())}")


def collectors(bench):
    """Kills a collector at each file that it removes or renames: the folder then is finished, or collect finishes it."""
    try:
        subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        print("\nskipped: kills of a collector at system calls (no strace, or it may not trace)")
        return
    command = ["run", "historical", "--population", "500", "--until", "1929-06", "--replicates", "6"]
    bench.must([*command, "--out", "whole"])
    whole = digests(bench.home / "whole")
    bench.remove("planned")
    bench.must([*command, "--out", "planned", "--plan-only"])
    bench.must(["work", "planned"])
    good = total = left = 0
    for call in ("unlink", "unlinkat", "rename", "renameat2", "rmdir", "fsync"):
        for position in range(1, 60):
            bench.remove("result")
            shutil.copytree(bench.home / "planned", bench.home / "result")
            trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={position}"]
            done = subprocess.run([*trace, bench.program, "collect", "result"], cwd=bench.home, capture_output=True)
            if done.returncode == 0:
                break
            total += 1
            finished = (bench.home / "result" / "manifest.json").exists()
            first = bench.call(["status", "result", "--json"])
            state = json.loads(first.stdout or "{}").get("state")
            second = bench.call(["collect", "result"])
            right = state in ("finished", "ready to collect") and second.returncode == 0
            words = f"collect killed at {call} {position}: status says {state!r} with{'' if finished else 'out'} a manifest; collect again: exit {second.returncode}"
            bench.promise(right, words)
            if second.returncode != 0:
                bench.must([*command, "--out", "result"])
            left += (bench.home / "result" / ".kadry").exists()
            shutil.rmtree(bench.home / "result" / ".kadry", ignore_errors=True)
            bench.promise(digests(bench.home / "result") == whole, f"collect killed at {call} {position}: other bytes")
            good += right
    print(f"\ncollectors killed at a system call: {good} of {total} left a folder that status and collect understand")
    print(f"{left} times an empty .kadry/ was still there after the second collect")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="path of the program kadry")
    parser.add_argument("--kills", type=int, default=200, help="number of kills of run, compare and sweep")
    parser.add_argument("--flips", type=int, default=6, help="random flips in each file, besides its first and last byte")
    parser.add_argument("--seed", type=int, default=1, help="of random moments, orders and positions")
    arguments = parser.parse_args()
    begin = time.time()
    bench = Bench(arguments.program, arguments.seed)
    try:
        kills(bench, arguments.kills)
        shards(bench)
        flips(bench, arguments.flips)
        collectors(bench)
    finally:
        shutil.rmtree(bench.home, ignore_errors=True)
    print(f"\n{len(bench.broken)} promises broken ({time.time() - begin:.0f} s)")
    sys.exit(1 if bench.broken else 0)


if __name__ == "__main__":
    main()
