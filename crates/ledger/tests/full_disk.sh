#!/bin/bash
# The disk fills up while a log is written, fifty times, each time at another byte; then room is made and the log is opened
# undisturbed: everything it had acknowledged or signed must be there. The disk is a small one in memory that only this script sees.
#
#   crates/ledger/tests/full_disk.sh [ROUNDS]
#
# Needs the right to mount within a name space of its own (`unshare`, util-linux); says so where that is not given.
set -euo pipefail
cd "$(dirname "$0")/../../.."
rounds=${1:-50}
if [ "${IN_OWN_NAMESPACE:-}" != yes ]; then
    cargo build --quiet -p detente-ledger --example fault_steps
    unshare -rm true 2>/dev/null || { echo "skipped: no disk can be mounted here"; exit 0; }
    IN_OWN_NAMESPACE=yes exec unshare -rm "$0" "$rounds"
fi
program=${CARGO_TARGET_DIR:-target}/debug/examples/fault_steps
scratch=$(mktemp -d)
trap 'umount "$scratch/disk" 2>/dev/null || true; rm -rf "$scratch"' EXIT
mkdir "$scratch/disk"
log=$scratch/disk/log said=$scratch/said
"$program" run "$scratch/start" start >"$scratch/start.said"
needed=$(du -sk "$scratch/start" | cut -f1)
full=0
for ((round = 1; round <= rounds; round++)); do
    # Room for between one page and some runs more than there is; the disk gives pages of 4 KiB.
    mount -t tmpfs -o "size=$((needed + 64 + round * 4))k" tmpfs "$scratch/disk"
    cp -r "$scratch/start" "$log"
    cp "$scratch/start.said" "$said"
    failed=0
    for ((turn = 1; turn <= 40 && failed < 2; turn++)); do
        : >"$scratch/wrong"
        "$program" run "$log" "$round-$turn" >>"$said" 2>"$scratch/wrong" || true
        [ ! -s "$scratch/wrong" ] || failed=$((failed + 1))
    done
    [ "$failed" -eq 0 ] || full=$((full + 1))
    mount -o remount,size=64m "$scratch/disk"
    if ! "$program" check "$log" "$said" >/dev/null 2>"$scratch/wrong"; then
        echo "FAILED in round $round: $(cat "$scratch/wrong")"
        exit 1
    fi
    umount "$scratch/disk"
done
echo "the disk was full in $full of $rounds rounds: nothing acknowledged was lost, no two heads conflict"
[ "$full" -eq "$rounds" ]
