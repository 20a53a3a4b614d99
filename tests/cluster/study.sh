#!/usr/bin/env bash
# Runs a study on a private Slurm of two nodes, injects faults, and compares its tables with those of one process:
# `study.sh [KADRY]`, with the path of the program (default: target/release/kadry).
#
# The faults: a task is told to stop before its time limit, a worker is killed, and a node dies and comes back. After each
# failure the script does what a user would do: it looks at `kadry status` and gives `kadry submit` again.
#
# Prints PASS and figures; or `SKIP: reason` if there is no Slurm; or FAIL and where the logs are (exit code 1).
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/slurm.sh"
kadry=$(realpath "${1:-$here/../../target/release/kadry}")

# Each replicate of this many people takes a tenth of a second or more: faults hit a study that is at work.
people=20000
replicates=40
tasks=4
# Seconds after which the study has failed.
patience=300

reason=$(missing_slurm)
if [[ -n $reason ]]; then
    echo "SKIP: $reason"
    exit 0
fi
[[ -x $kadry ]] || { echo "FAIL: there is no program $kadry" >&2; exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/kadry-study.XXXXXX")
# A name that a careless script would break on.
study="$work/it's a \"study\" in \$(parts)"
finish() {
    local code=$?
    if ((code)); then
        echo "the folder of the study is kept: $work" >&2
        cp -r "$slurm_home" "$work/slurm" 2>/dev/null
    else
        rm -rf "$work"
    fi
    stop_slurm
}
trap finish EXIT
trap 'exit 130' INT TERM

fail() {
    echo "FAIL: $*" >&2
    "$kadry" status "$study"
    squeue
    tail -n 20 "$study"/.kadry/logs/*
    exit 1
} >&2

begin=$SECONDS
mark() {
    printf '%4d s  %s\n' $((SECONDS - begin)) "$*"
}

# Number of finished batches.
finished() {
    find "$study/.kadry/parts" -name '*.part' 2>/dev/null | wc -l
}

# Waits until a number of batches is finished.
await() {
    until (($(finished) >= $1)); do
        ((SECONDS - begin < patience)) || fail "$1 batches were not finished within $patience s"
        sleep 0.1
    done
}

# Submits the study; sets `job` to the number of its array.
submit() {
    local said
    said=$("$kadry" submit "$study" --to slurm --tasks "$tasks" --time 10 --memory 1G) || fail "kadry submit"
    job=$(sed -n 's/^job \([0-9]*\): [0-9]* task.*/\1/p' <<<"$said")
    [[ -n $job ]] || fail "kadry submit printed: $said"
    submissions=$((submissions + 1))
    mark "submitted as job $job"
}

# Process numbers of the workers on a node.
workers() {
    local pid
    for pid in $(node_processes "$1"); do
        [[ $(readlink "/proc/$pid/exe") != "$kadry" ]] || echo "$pid"
    done
}

start_slurm || fail "Slurm did not start"
mark "Slurm is up: $(sinfo --version), ${#slurm_nodes[@]} nodes"
study_of=(compare historical no_terror --population "$people" --replicates "$replicates")
"$kadry" "${study_of[@]}" --plan-only --out "$study" >/dev/null || fail "kadry compare --plan-only"
submissions=0
submit

# A second submission would compute everything twice.
"$kadry" submit "$study" --to slurm --time 10 2>/dev/null && fail "a study in the queue was submitted again"

await 4
scancel --signal=TERM --batch "${job}_1" || fail "scancel --signal"
mark "told task 1 to stop, as Slurm does before the time limit"

await 12
victim=$(workers one | tail -n 1)
[[ -n $victim ]] || fail "node one has no worker to kill"
kill -KILL "$victim"
mark "killed a worker on node one"

await 20
[[ -n $(workers two) ]] || fail "node two has no worker"
kill_node two
mark "killed node two with everything on it"
until [[ -n $(sinfo --noheader --Node --nodes=two --states=down --format=%N) ]]; do
    ((SECONDS - begin < patience)) || fail "Slurm did not notice the death of a node"
    sleep 0.5
done
start_node two
mark "Slurm has noticed; started node two again"

state=unfinished
until [[ $state == finished ]]; do
    ((SECONDS - begin < patience)) || fail "not finished within $patience s"
    sleep 1
    state=$("$kadry" status "$study" --json 2>/dev/null | sed -n 's/^ *"state": "\(.*\)",\{0,1\}$/\1/p')
    queue=$(squeue --noheader 2>/dev/null) || continue
    [[ -z $queue && $state != finished ]] || continue
    mark "the queue is empty, and the study is $state"
    if [[ $state == "ready to collect" ]]; then
        "$kadry" collect "$study" >/dev/null || fail "kadry collect"
    else
        submit
    fi
done
seconds=$((SECONDS - begin))
mark "finished"

requeued=$(grep -c '\] Requeuing JobId=' "$slurm_home/state/log")
starts=$(grep -cE '_start_job: Started|sched: Allocate' "$slurm_home/state/log")
"$kadry" verify "$study" --sample 8 >/dev/null || fail "kadry verify"
"$kadry" "${study_of[@]}" --out "$work/one" --quiet >/dev/null || fail "kadry compare"
difference=$(diff -r --brief --exclude=manifest.json --exclude=.kadry "$study" "$work/one") ||
    fail "the tables differ from those of one process: $difference"
files=$(find "$work/one" -type f ! -name manifest.json ! -path '*/.kadry/*' | wc -l)
echo "PASS: $files files of $((2 * replicates)) runs are the same in every byte; $seconds s, $submissions submissions of" \
    "$tasks tasks, $starts jobs started, $requeued back to the queue"
