"""Whether two lists of breaches are the same: ours (dates) and the peer's (days since the first).

Usage: stream_compare.py OURS.csv PEER.csv

Compared are the broken days of each ceiling and party, and the movements of which notice was not given in time, with the day after which
it was due. Stops with what differs.
"""

import datetime
import sys

FIRST = datetime.date(1800, 1, 1).toordinal()


def ours(path: str) -> set[str]:
    found = set()
    for line in open(path, encoding="utf-8"):
        what, rule, party, *rest = line.rstrip("\n").split(",")
        days = [datetime.date.fromisoformat(text[:10]).toordinal() - FIRST for text in rest if text[4:5] == "-"]
        if what == "span" and rule != "2":
            found.add(f"span,{rule},{party},{days[0]},{days[1]}")
        elif what == "late":
            found.add(f"late,{rule},{party},{rest[0]},{days[0]}")
    return found


def main() -> int:
    mine = ours(sys.argv[1])
    theirs = set(open(sys.argv[2], encoding="utf-8").read().split())
    if mine != theirs:
        for title, lines in (("only ours", mine - theirs), ("only the peer's", theirs - mine)):
            print(f"{title}: {len(lines)}", *sorted(lines)[:5], sep="\n  ", file=sys.stderr)
        return 1
    counts = {key: sum(line.startswith(key) for line in mine) for key in ("span,1", "late,2", "span,3")}
    print(
        f"the same breaches: {counts['span,1']} stretches over the ceiling of launchers, {counts['late,2']} notices "
        f"late or missing, {counts['span,3']} stretches over the ceiling of mass"
    )
    return 0


sys.exit(main())
