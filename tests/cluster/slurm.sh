#!/usr/bin/env bash
# Runs a command inside a private Slurm of two nodes on this machine: `slurm.sh COMMAND [ARGUMENT...]`.
#
# The Slurm is an ordinary process tree of the calling user: no systemd, no root, no accounting. Its configuration, state,
# keys, sockets, logs and process numbers are in a temporary folder, which is removed when the command ends, and so is
# every process. Several can run side by side.
#
# A script can also source this file and call the functions. They need the variables that `start_slurm` sets.
#
# It installs nothing. The Debian packages are: slurmctld slurmd slurm-client munge.

# The nodes. Each has as many processors as the machine has, so tasks run side by side even on a single core.
slurm_nodes=(one two)

# Prints why no Slurm can be started here; prints nothing if one can.
missing_slurm() {
    local program
    for program in munged mungekey slurmctld slurmd sbatch scontrol sinfo; do
        slurm_program "$program" >/dev/null || {
            echo "$program is not installed (Debian packages slurmctld slurmd slurm-client munge)"
            return
        }
    done
}

# The path of a program; daemons may be outside the path of a user.
slurm_program() {
    PATH=$PATH:/usr/sbin:/sbin command -v "$1"
}

# Starts munge, the controller and the nodes, and returns when jobs can run.
start_slurm() {
    slurm_home=$(mktemp -d "${TMPDIR:-/tmp}/kadry-slurm.XXXXXX")
    chmod 755 "$slurm_home"
    local user port first_port node processors
    user=$(id -un)
    processors=$(nproc)
    ((processors > 1)) || processors=2
    mkdir "$slurm_home"/{munge,state}
    chmod 700 "$slurm_home/munge"
    first_port=$(free_ports $((1 + ${#slurm_nodes[@]})))

    # cred_expire: a task that goes back to the queue waits that many seconds before it starts again (default 120).
    # MessageTimeout and SlurmdTimeout: the controller notices within seconds that a node is dead.
    cat >"$slurm_home/slurm.conf" <<CONF
ClusterName=kadry
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$first_port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$slurm_home/munge/socket,cred_expire=5
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=$slurm_home/state
SlurmdSpoolDir=$slurm_home/%n/spool
SlurmctldPidFile=$slurm_home/state/pid
SlurmdPidFile=$slurm_home/%n/pid
SlurmctldLogFile=$slurm_home/state/log
SlurmdLogFile=$slurm_home/%n/log
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=5
SlurmdParameters=config_overrides
ReturnToService=2
MessageTimeout=5
SlurmdTimeout=15
SlurmctldTimeout=15
KillWait=5
MinJobAge=300
$(port=$first_port
    for node in "${slurm_nodes[@]}"; do
        port=$((port + 1))
        echo "NodeName=$node NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$port CPUs=$processors RealMemory=16000"
    done)
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF

    export SLURM_CONF=$slurm_home/slurm.conf
    "$(slurm_program mungekey)" --create --keyfile "$slurm_home/munge/key"
    # --force: munge would refuse a socket below a folder like /tmp that others may write to.
    "$(slurm_program munged)" --force --key-file "$slurm_home/munge/key" --socket "$slurm_home/munge/socket" \
        --pid-file "$slurm_home/munge/pid" --log-file "$slurm_home/munge/log" \
        --seed-file "$slurm_home/munge/seed" --num-threads 2 2>/dev/null
    start_controller
    for node in "${slurm_nodes[@]}"; do
        start_node "$node"
    done
    local waited
    for ((waited = 0; waited < 300; waited++)); do
        if [[ $(sinfo --noheader --Node --states=idle --format=%N 2>/dev/null | sort -u | wc -l) -eq ${#slurm_nodes[@]} ]]; then
            return 0
        fi
        sleep 0.1
    done
    echo "slurm.sh: the nodes did not come up within 30 seconds; the logs end so:" >&2
    tail -n 5 "$slurm_home"/*/log >&2
    return 1
}

# Starts the controller. It goes to the background by itself.
start_controller() {
    "$(slurm_program slurmctld)" 2>>"$slurm_home/state/err"
}

# Starts a node.
start_node() {
    mkdir -p "$slurm_home/$1/spool"
    "$(slurm_program slurmd)" -N "$1" 2>>"$slurm_home/$1/err"
}

# Kills a node and everything that runs on it, without a warning, as if its power failed.
kill_node() {
    local pids
    pids=$(node_processes "$1")
    # The daemon first: it would report the death of a task.
    kill -KILL "$(cat "$slurm_home/$1/pid")" 2>/dev/null
    [[ -z $pids ]] || kill -KILL $pids 2>/dev/null
}

# The process numbers of a node: its daemon, the managers of its steps, and the processes of its tasks.
node_processes() {
    # The daemon and the managers work in the folder of their log.
    find /proc/[0-9]*/cwd -maxdepth 0 -lname "$slurm_home/$1" 2>/dev/null | process_numbers
    # The tasks have the environment of whoever submitted them, and what Slurm adds.
    grep -lszxF "SLURM_CONF=$slurm_home/slurm.conf" /proc/[0-9]*/environ |
        xargs -r grep -lszxF "SLURMD_NODENAME=$1" | process_numbers
}

process_numbers() {
    cut -d / -f 3
}

# Ends every process of the Slurm and removes its folder.
stop_slurm() {
    [[ -n ${slurm_home:-} ]] || return 0
    local node file
    for node in "${slurm_nodes[@]}"; do
        kill_node "$node"
    done
    for file in "$slurm_home/state/pid" "$slurm_home/munge/pid"; do
        [[ ! -s $file ]] || kill -KILL "$(cat "$file")" 2>/dev/null
    done
    rm -rf "$slurm_home"
    slurm_home=
}

# The first of some neighbouring ports that nothing listens on, below those that the system gives to clients.
free_ports() {
    local port try
    for ((try = 0; try < 100; try++)); do
        local first=$((20000 + RANDOM % 10000))
        for ((port = first; port < first + $1; port++)); do
            ! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue 2
        done
        echo "$first"
        return
    done
    return 1
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -uo pipefail
    reason=$(missing_slurm)
    if [[ -n $reason ]]; then
        echo "SKIP: $reason"
        exit 0
    fi
    trap stop_slurm EXIT
    trap 'exit 130' INT TERM
    start_slurm || exit 1
    "$@"
    exit $?
fi
