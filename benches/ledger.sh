#!/bin/bash
# Speed of the ledger, beside what others publish and beside bare hashing on this machine.
#
#   benches/ledger.sh [FOLDER]
#
# FOLDER (default: a new one under the system's place for temporary files) should lie on the disk that is to be measured.
# SECONDS_EACH (20) is how long appends are measured, ENTRIES (10000000) how large the log is that is verified. Every line that
# begins with "claim:" is a claim of the documentation with its measure.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d "${1:-${TMPDIR:-/tmp}}/ledger-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
seconds=${SECONDS_EACH:-20} entries=${ENTRIES:-10000000}
cargo build --quiet --release -p detente-ledger --examples
target=${CARGO_TARGET_DIR:-$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')}
bin=$target/release/examples

field() { awk -v name="$1" '$1 == name { print $2; exit }'; }
claim() { # name ours peer unit; "up" if more is better
    awk -v name="$1" -v ours="$2" -v peer="$3" -v unit="$4" -v up="${5:-}" \
        'BEGIN { printf "claim: %s ratio %.2f (ours %.2f, peer %.2f, %s)\n", name, up ? ours / peer : peer / ours, ours, peer, unit }'
}
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || uptime), $(nproc) cores"

# Signed entries of about 400 bytes, verified before they are taken, each acknowledged when it is durable and under a signed,
# published checkpoint. Tessera publishes 1,587 a second for its POSIX storage on a small machine.
"$bin/append_load" "$scratch/append" "$seconds" 0 | tee "$scratch/most"
claim durable-signed-appends-against-tessera-posix "$(field per_second <"$scratch/most")" 1587 "appends a second" up
"$bin/append_load" "$scratch/paced" "$seconds" 5000 | tee "$scratch/paced.out"
claim acknowledgement-at-5000-a-second-against-the-gate "$(field p99_ms <"$scratch/paced.out")" 250 "ms, 99th percentile"
rm -rf "$scratch/append" "$scratch/paced"

cpu() { # seconds of processor, and MiB of memory
    /usr/bin/env time -f '%U %S %M' -o "$scratch/cost" "$@" >"$scratch/out"
    awk '{ printf "cpu_seconds %.2f\nmemory_mib %.1f\n", $1 + $2, $3 / 1024 }' "$scratch/cost"
}
"$bin/measure" make "$scratch/small" $((entries / 100))
"$bin/measure" make "$scratch/large" "$entries"
cpu "$bin/measure" verify "$scratch/small" >"$scratch/small.cost"
cpu "$bin/measure" verify "$scratch/large" | tee "$scratch/large.cost"
cpu "$bin/measure" hash "$entries" >"$scratch/hash.cost"
claim verification-against-bare-hashing "$(field cpu_seconds <"$scratch/large.cost")" \
    "$(field cpu_seconds <"$scratch/hash.cost")" "CPU seconds, $entries entries of 64 bytes"
claim memory-of-verification-100-times-the-log "$(field memory_mib <"$scratch/large.cost")" \
    "$(field memory_mib <"$scratch/small.cost")" "MiB"

# A receipt, from the start of the process to its end: processor time of 200 of them, so that a busy machine disturbs it little.
receipts() {
    for _ in $(seq 200); do
        "$bin/measure" receipt "$scratch/large/receipt" "$scratch/large/entry" "$scratch/large/policy" >/dev/null
    done
}
TIMEFORMAT='%U %S'
{ time receipts; } 2>"$scratch/receipts"
awk '{ printf "receipt_ms %.2f\n", ($1 + $2) / 200 * 1e3 }' "$scratch/receipts" | tee "$scratch/receipt"
claim receipt-from-process-start-against-the-gate "$(field receipt_ms <"$scratch/receipt")" 5 "ms of processor time"
