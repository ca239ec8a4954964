# Part of the benchmark scripts, which set $scratch: measures whole processes.

measure() { # name runs command...: the CPU seconds, wall seconds and greatest memory of each run.
    measured=$1 times=$2
    shift 2
    : >"$scratch/$measured.cost"
    while [ "$times" -gt 0 ]; do
        /usr/bin/env time -f 'cost %U %S %e %M' -o "$scratch/one.cost" "$@" >"$scratch/$measured.out" 2>"$scratch/$measured.err" || {
            cat "$scratch/$measured.err" >&2
            exit 1
        }
        awk '$1 == "cost" { print $2 + $3, $4, $5 / 1024 }' "$scratch/one.cost" >>"$scratch/$measured.cost"
        times=$((times - 1))
    done
    echo "$measured: $(cpu "$measured") CPU s, $(wall "$measured") s, $(memory "$measured") MiB, load $(cut -d' ' -f1 /proc/loadavg)"
}
median() { # column file
    cut -d' ' -f"$1" "$2" | sort -n | awk '{ value[NR] = $1 } END { printf "%.2f\n", value[int((NR + 1) / 2)] }'
}
cpu() { median 1 "$scratch/$1.cost"; }
wall() { median 2 "$scratch/$1.cost"; }
memory() { median 3 "$scratch/$1.cost"; }
claim() { # name ours peer unit
    awk -v name="$1" -v ours="$2" -v peer="$3" -v unit="$4" \
        'BEGIN { printf "claim: %s ratio %.2f (ours %.2f, peer %.2f, %s)\n", name, peer / ours, ours, peer, unit }'
}
