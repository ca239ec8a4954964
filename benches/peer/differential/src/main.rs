//! The three rules of `benches/stream/agreement.md` in differential-dataflow, on one thread.
//!
//!     differential-peer EVENTS.csv BATCH-DAYS OUT.csv
//!
//! EVENTS.csv is what `benches/stream.py` writes for peers. Events go in at their day and come out a window later, both said at
//! once; the dataflow runs after every BATCH-DAYS days, and answers for each day all the same. Each rule is one arrangement by its key and
//! one threshold, which is as little work as we could find for it.

use differential_dataflow::input::InputSession;
use differential_dataflow::operators::ThresholdTotal;
use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;
use timely::dataflow::operators::probe::Handle;

/// Windows in days, ceilings, and the last day asked about.
const YEAR: u32 = 365;
const MONTH: u32 = 30;
const NOTICE: u32 = 5;
const LAUNCHERS: isize = 94;
const MASS: isize = 9000;
const END: u32 = 80_400;

/// What changed: the rule, the party, the movement (or 0), the day, whether it began or ended.
type Change = (u8, u8, u32, u32, isize);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [events, batch, out] = arguments.as_slice() else {
        panic!("usage: differential-peer EVENTS.csv BATCH-DAYS OUT.csv");
    };
    let text = std::fs::read(events).expect("the events can be read");
    let batch: u32 = batch.parse().expect("a number of days");
    let changes = timely::execute_directly(move |worker| {
        let changes: Rc<RefCell<Vec<Change>>> = Rc::default();
        let probe = Handle::new();
        let mut moved: InputSession<u32, (u8, u8), isize> = InputSession::new();
        let mut due: InputSession<u32, (u32, u8), isize> = InputSession::new();
        let mut mass: InputSession<u32, u8, isize> = InputSession::new();
        worker.dataflow::<u32, _, _>(|scope| {
            let seen = Rc::clone(&changes);
            moved
                .to_collection(scope)
                .distinct_total()
                .map(|(party, _)| party)
                .threshold_total(|_, launchers| isize::from(*launchers > LAUNCHERS))
                .inspect(move |(party, day, change)| {
                    seen.borrow_mut().push((1, *party, 0, *day, *change));
                })
                .probe_with(&probe);
            let seen = Rc::clone(&changes);
            // A movement stands here on the day after its notice was due; a notice in time takes it away.
            due.to_collection(scope)
                .threshold_total(|_, missing| isize::from(*missing > 0))
                .inspect(move |((movement, party), day, change)| {
                    if *change > 0 {
                        seen.borrow_mut()
                            .push((2, *party, *movement, *day, *change));
                    }
                })
                .probe_with(&probe);
            let seen = Rc::clone(&changes);
            mass.to_collection(scope)
                .threshold_total(|_, sum| isize::from(*sum > MASS))
                .inspect(move |(party, day, change)| {
                    seen.borrow_mut().push((3, *party, 0, *day, *change));
                })
                .probe_with(&probe);
        });
        let mut events = Events { rest: &text };
        let mut next = events.next();
        let mut start = 0;
        while start < END {
            let end = (start + batch).min(END);
            while let Some([day, kind, party, launcher, movement, kilograms]) = next {
                if day >= end {
                    break;
                }
                let (party, launcher) = (party as u8, launcher as u8);
                if kind == 0 {
                    moved.update_at((party, launcher), day, 1);
                    moved.update_at((party, launcher), day + YEAR, -1);
                    due.update_at((movement, party), day + NOTICE + 1, 1);
                    due.update_at((movement, party), day + NOTICE + 2, -1);
                    mass.update_at(party, day, kilograms as isize);
                    mass.update_at(party, day + MONTH, -(kilograms as isize));
                } else {
                    due.update_at((movement, party), day + 1, -1);
                    due.update_at((movement, party), day + NOTICE + 2, 1);
                }
                next = events.next();
            }
            moved.advance_to(end);
            due.advance_to(end);
            mass.advance_to(end);
            moved.flush();
            due.flush();
            mass.flush();
            worker.step_while(|| probe.less_than(&end));
            start = end;
        }
        drop((moved, due, mass));
        changes.take()
    });
    std::fs::write(out, listed(changes)).expect("the answers can be written");
}

/// `span,RULE,PARTY,FROM,UNTIL` and `late,2,PARTY,MOVEMENT,DAY AFTER WHICH`.
fn listed(mut changes: Vec<Change>) -> String {
    changes.sort_unstable();
    let mut text = String::new();
    let mut open: Option<(u8, u8, u32)> = None;
    let mut level = 0;
    for (rule, party, movement, day, change) in changes {
        if rule == 2 {
            let _ = writeln!(text, "late,2,P{party:02},m{movement},{day}");
            continue;
        }
        // Changes of one day may cancel out.
        let before = level;
        level += change;
        match (before > 0, level > 0, open) {
            (false, true, Some((r, p, until))) if (r, p, until) == (rule, party, day) => {
                open = None;
                // It went on without a break: the line just closed is opened again.
                let cut = text[..text.len() - 1].rfind(',').unwrap_or(0);
                text.truncate(cut);
            }
            (false, true, _) => {
                let _ = write!(text, "span,{rule},P{party:02},{day}");
            }
            (true, false, _) => {
                let _ = writeln!(text, ",{day}");
                open = Some((rule, party, day));
            }
            _ => {}
        }
    }
    text
}

/// The events of a text of six whole numbers a line.
struct Events<'a> {
    rest: &'a [u8],
}

impl Iterator for Events<'_> {
    type Item = [u32; 6];

    fn next(&mut self) -> Option<[u32; 6]> {
        if self.rest.is_empty() {
            return None;
        }
        let mut numbers = [0; 6];
        let mut field = 0;
        for (place, byte) in self.rest.iter().enumerate() {
            match byte {
                b'\n' => {
                    self.rest = &self.rest[place + 1..];
                    return Some(numbers);
                }
                b',' => field += 1,
                digit => numbers[field] = numbers[field] * 10 + u32::from(digit - b'0'),
            }
        }
        panic!("the last line has no end");
    }
}
