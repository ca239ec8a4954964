#!/bin/sh
# Ten million item changes from Parquet against twenty limits of five parties, beside the same totals in DuckDB's SQL by hand; and one
# more entry on that record. Days broken and last values must be the same, or there is no figure.
#
#   benches/batch.sh [python]
#
# The interpreter (default python3) needs numpy, pyarrow and duckdb: pip install numpy pyarrow duckdb
# ROWS (default 10000000), SEED (default 2026), RUNS (default 3) and ENTRIES (default 1000) may be set; every figure is the median of
# RUNS, from process start to the answers, all threads together. Every line that begins with "claim:" is a claim of the documentation.
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3}
runs=${RUNS:-3}
rows=${ROWS:-10000000}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$python" -c 'import numpy, pyarrow, duckdb' || {
    echo "$python lacks what the peer needs: pip install numpy pyarrow duckdb" >&2
    exit 1
}
cargo build --quiet --release -p detente-assess --example breaches --example one_more_entry
target=${CARGO_TARGET_DIR:-$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')}
. benches/cost.sh

agreement=benches/batch/agreement.md
"$python" benches/batch_data.py "$scratch/record" "$rows" "${SEED:-2026}"
measure ours "$runs" "$target/release/examples/breaches" $agreement "$scratch/record" 2026-02-04 "$scratch/ours.csv"
measure duckdb1 "$runs" "$python" benches/batch_peer.py "$scratch/record" 1 "$scratch/duckdb1.csv"
measure duckdb2 "$runs" "$python" benches/batch_peer.py "$scratch/record" 2 "$scratch/duckdb2.csv"
grep '^sum' "$scratch/ours.csv" | sort >"$scratch/ours.sorted"
for threads in 1 2; do
    sort "$scratch/duckdb$threads.csv" | diff "$scratch/ours.sorted" - >&2 || {
        echo "the answers differ from DuckDB's with $threads threads: no figure" >&2
        exit 1
    }
done
echo "the same answers: $(awk -F, '$4 > 0 { broken += $4 } END { print broken }' "$scratch/ours.sorted") broken days, $(wc -l <"$scratch/ours.sorted") last values"

of="$rows item changes, 20 limits, 5 parties, Parquet to answers"
claim batch-cpu-against-duckdb-1-thread "$(cpu ours)" "$(cpu duckdb1)" "CPU seconds, $of"
claim batch-cpu-against-duckdb-2-threads "$(cpu ours)" "$(cpu duckdb2)" "CPU seconds, $of"
claim batch-wall-against-duckdb-1-thread "$(wall ours)" "$(wall duckdb1)" "seconds, $of"
claim batch-wall-against-duckdb-2-threads "$(wall ours)" "$(wall duckdb2)" "seconds, $of"
claim batch-memory-against-duckdb-1-thread "$(memory ours)" "$(memory duckdb1)" "MiB at most, $of"
claim batch-memory-against-duckdb-2-threads "$(memory ours)" "$(memory duckdb2)" "MiB at most, $of"

measure more 1 "$target/release/examples/one_more_entry" $agreement "$scratch/record" 2026-02-04 "${ENTRIES:-1000}"
field() { awk -v name="$1" '$1 == name { print $2; exit }' "$scratch/more.out"; }
echo "$(field restarts) of ${ENTRIES:-1000} entries began anew, $(field changed) changed a verdict"
for half in new late; do
    for part in median p99; do
        echo "$half $part: $(field ${half}_wall_$part) microseconds of wall time"
        claim "one-more-entry-$half-$part" "$(field ${half}_cpu_$part)" 1000 "microseconds on the processor, $rows entries; 1000 is the aim"
    done
done
