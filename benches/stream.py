"""A record of events from a seed, as the engine reads it and as the peer reads it.

Usage: stream.py FOLDER [EVENTS] [SEED]

FOLDER/record/ gets the movements that the Agency saw and the notices that parties gave, in CSV with mappings, and
that the list of launchers was complete (and empty) on the first day. FOLDER/peer.csv gets the same events as small
whole numbers, in order of days: the day, 0 for a movement and 1 for a notice, the party, the launcher, the movement's
number, its mass. The peer gets the easier text on purpose: no dates, no words.
"""

import datetime
import pathlib
import random
import sys

DAYS = 80_000
PARTIES = 20
LAUNCHERS = 150
FIRST = datetime.date(1800, 1, 1)

MOVEMENTS = """\
kind   = "observation"
author = "Agency"
party  = { column = "party" }
as_of  = { column = "day" }
made   = { column = "day" }

[[items]]
class = "launcher"
id    = { column = "launcher" }
moved = { column = "day", as = "date" }

[[events]]
class = "movement"
id    = { column = "movement" }
at    = { column = "day" }
mass  = { column = "mass", unit = "kg" }
"""

NOTICES = """\
kind   = "notification"
author = { column = "party" }
made   = { column = "made" }

[[events]]
class = "movement"
id    = { column = "movement" }
at    = { column = "day" }
"""


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 2026)
    record = folder / "record"
    record.mkdir(parents=True, exist_ok=True)
    dates = [str(FIRST + datetime.timedelta(day)) for day in range(DAYS + 400)]
    movements = sorted(chance.randrange(DAYS) for _ in range(count * 515 // 1000))
    noticed_ones = set(chance.sample(range(len(movements)), count - len(movements)))
    events, moved, noticed = [], [], []
    for number, day in enumerate(movements):
        # Parties move more in some years than in others, so that ceilings are crossed now and then.
        party = chance.randrange(1, PARTIES + 1)
        while (day // 500 + party) % 3 and chance.random() > 0.75:
            party = chance.randrange(1, PARTIES + 1)
        launcher = chance.randrange(LAUNCHERS)
        mass = chance.randrange(1, 1001)
        events.append((day, 0, party, launcher, number, mass))
        moved.append(f"P{party:02},{dates[day]},L-{launcher},m{number},{mass}\n")
        if number in noticed_ones:
            # One in a hundred is late.
            made = day + (chance.randrange(6, 12) if chance.random() < 0.01 else chance.randrange(6))
            events.append((made, 1, party, launcher, number, 0))
            noticed.append((made, f"P{party:02},{dates[day]},m{number},{dates[made]}\n"))
    events.sort(key=lambda event: event[:2])
    noticed.sort(key=lambda notice: notice[0])
    (record / "movements.csv").write_text("party,day,launcher,movement,mass\n" + "".join(moved))
    (record / "movements.csv.toml").write_text(MOVEMENTS)
    (record / "notices.csv").write_text("party,day,movement,made\n" + "".join(line for _, line in noticed))
    (record / "notices.csv.toml").write_text(NOTICES)
    (record / "complete.jsonl").write_text(
        "".join(
            f'{{"kind":"inspection","author":"Agency","party":"P{party:02}","as_of":"{FIRST}","made":"{FIRST}",'
            '"complete":["launcher"]}\n'
            for party in range(1, PARTIES + 1)
        )
    )
    with open(folder / "peer.csv", "w", encoding="utf-8") as peer:
        peer.writelines(",".join(map(str, event)) + "\n" for event in events)
    print(f"{len(moved)} movements, {len(noticed)} notices, {DAYS} days")


main()
