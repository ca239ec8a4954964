#!/bin/bash
# Every system call that changes or opens a file fails in turn, with an I/O error, with a full disk, and by killing the writer; then
# once more while the damage is mended. After each the log is opened undisturbed and everything it had acknowledged or signed must
# be there. Needs strace.
#
#   crates/ledger/tests/faults.sh            all of them (about 2,000 runs)
#   FAULT_STEP=10 crates/ledger/tests/faults.sh    every tenth
#
# strace counts the calls of each thread by itself, so "the third fsync" is that of every thread that makes three.
set -euo pipefail
cd "$(dirname "$0")/../../.."
command -v strace >/dev/null || { echo "skipped: strace is not here"; exit 0; }
step=${FAULT_STEP:-1}
cargo build --quiet -p detente-ledger --example fault_steps
target=${CARGO_TARGET_DIR:-target}
program=$target/debug/examples/fault_steps
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
log=$scratch/log said=$scratch/said trace=$scratch/trace

# strace dies of the signal it injects; the shell need not say so.
disturb() { # calls fault name
    { strace -f -qq -o "$trace" -e trace="$1" -e "inject=$1:$2" "$program" run "$log" "$3" >>"$said" || true; } 2>/dev/null
}

# A log that has lived already: its batches end within a bundle.
"$program" run "$scratch/start" start >"$scratch/start.said"
runs=0 disturbed=0
for call in openat mkdir write pwrite64 ftruncate fsync fdatasync link linkat rename renameat unlink unlinkat; do
    for fault in error=EIO error=ENOSPC signal=KILL; do
        for ((when = 1; ; when += step)); do
            rm -rf "$log"
            cp -r "$scratch/start" "$log"
            cp "$scratch/start.said" "$said"
            disturb "$call" "$fault:when=$when" first
            hit=$(grep -c -E 'INJECTED|killed by SIGKILL' "$trace" || true)
            [ "$hit" -gt 0 ] || break
            # The second fault hits the mending: another call than the first, early on.
            second=$((when % 7 + 1))
            disturb fsync,pwrite64 "$fault:when=$second" second
            if ! "$program" check "$log" "$said" >/dev/null 2>"$scratch/wrong"; then
                echo "FAILED: $call $fault when=$when, then fsync,pwrite64 when=$second: $(cat "$scratch/wrong")"
                exit 1
            fi
            runs=$((runs + 1)) disturbed=$((disturbed + hit))
        done
        echo "$call $fault: up to call $((when - 1))"
    done
done
echo "$runs runs with two faults each, $disturbed calls disturbed the first time: nothing acknowledged was lost, no two heads conflict"
