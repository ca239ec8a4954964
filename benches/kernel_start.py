"""Times one program from process start: wall time and the child's own user and system CPU time.

Usage: kernel_start.py PROGRAM AGREEMENT [RUNS]
Every run must give the same report and the same exit code, or no figure is printed.
"""

import os
import statistics
import subprocess
import sys
import time

TARGET_MS = 50.0


def main() -> int:
    program, agreement = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    # A fixed day: the answer must not depend on the day the benchmark is run.
    command = [program, "check", agreement, "--as-of", "2026-02-04", "--format", "json"]
    walls, processor, first = [], [], None
    for _ in range(runs):
        before, start = os.times(), time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False)
        walls.append((time.perf_counter() - start) * 1000)
        after = os.times()
        processor.append(
            (after.children_user - before.children_user
             + after.children_system - before.children_system) * 1000
        )
        if done.returncode not in (0, 1, 2) or not done.stdout:
            sys.stderr.write(done.stderr.decode("utf-8", "replace"))
            print(f"the check failed with exit code {done.returncode}: no figure", file=sys.stderr)
            return 1
        answer = (done.returncode, done.stdout)
        if first is not None and answer != first:
            print("two runs gave different answers: no figure", file=sys.stderr)
            return 1
        first = answer
    wall, cpu = statistics.median(walls), statistics.mean(processor)
    print(f"runs {runs}, wall median {wall:.1f} ms, least {min(walls):.1f} ms, CPU mean {cpu:.1f} ms")
    print(f"claim: kernel-start ratio {TARGET_MS / wall:.2f} (ours {wall:.1f}, target {TARGET_MS:.0f}, ms)")
    return 0


sys.exit(main())
