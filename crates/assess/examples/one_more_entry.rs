//! How long one more entry takes on a record of any size: from the entry to the new verdicts.
//!
//!     one_more_entry AGREEMENT RECORD AS-OF ENTRIES
//!
//! The record is that of `benches/batch_data.py`. It is loaded and assessed, then ENTRIES changes of launchers are told one by one,
//! half of them of the last day and half of any day in the past, and after each the verdicts of the day asked about are read. In the end they
//! must be those of an assessor that begins anew. Prints the seconds of the first answer and the median, the 99th percentile and the
//! worst of the rest, in microseconds: of wall time, and of the time on the processor, which a busy machine disturbs less.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example says on the console what it found"
)]

use detente_agreement::compile;
use detente_assess::{Assessor, Options};
use detente_quantity::{Date, Instant as When, Interval, Name, When as AsOf};
use detente_record::{Entry, Evidence, Kind, Origin, Record, Statement, Value};
use std::error::Error;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [agreement, record, as_of, entries] = arguments.as_slice() else {
        return Err("usage: one_more_entry AGREEMENT RECORD AS-OF ENTRIES".into());
    };
    let compiled = compile(agreement, &std::fs::read_to_string(agreement)?);
    let Some(agreement) = compiled.agreement else {
        return Err(format!("the agreement does not compile: {:?}", compiled.diagnostics).into());
    };
    let last: Date = as_of.parse()?;
    let entries: u64 = entries.parse()?;
    let loaded = detente_record::load(Path::new(record), &Default::default())?;
    if let Some(refused) = loaded.refused.first() {
        return Err(refused.to_string().into());
    }
    let mut record = loaded.record;
    let before = record.len();
    let options = Options::as_of(last);
    let mut assessor = Assessor::new(&agreement, &options);
    let start = Instant::now();
    assessor.add_all(&record);
    assessor.standings(&record);
    println!("first {:.3}", start.elapsed().as_secs_f64());

    let mut chance = Chance(2026);
    let (mut new, mut late, mut changed) = (Times::default(), Times::default(), 0);
    for number in 0..entries {
        let backdated = number % 2 == 1;
        let entry = change(&mut chance, number, last, backdated)?;
        let old = assessor.standings(&record).to_vec();
        let clock = Clock::start();
        let index = record.push(entry)?;
        assessor.add(&record, index);
        let standings = assessor.standings(&record);
        let took = clock.stop();
        changed += u64::from(standings != old);
        if backdated { &mut late } else { &mut new }.add(took);
    }
    for (name, times) in [("new", new), ("late", late)] {
        told(&format!("{name}_wall"), times.wall);
        told(&format!("{name}_cpu"), times.processor);
    }
    println!("restarts {}", assessor.restarts());
    println!("changed {changed}");
    if anew(&agreement, &options, &record) != assessor.standings(&record) {
        return Err("an assessor that begins anew gives other verdicts".into());
    }
    eprintln!(
        "{before} entries, then {entries} more, one by one: the verdicts are those of an assessor that begins anew"
    );
    std::process::exit(0)
}

fn anew(
    agreement: &detente_agreement::model::Agreement,
    options: &Options,
    record: &Record,
) -> Vec<detente_assess::Standing> {
    let mut assessor = Assessor::new(agreement, options);
    assessor.add_all(record);
    assessor.standings(record).to_vec()
}

/// A change of a launcher that the record has.
fn change(
    chance: &mut Chance,
    number: u64,
    last: Date,
    backdated: bool,
) -> Result<Entry, Box<dyn Error>> {
    let item = chance.below(40_000);
    let back = if backdated { chance.below(5_000) } else { 0 };
    let day = last.plus_days(-i32::try_from(back)?);
    let party: Name = format!("P{}", 1 + chance.below(5)).parse()?;
    let kinds = ["ICBM", "SLBM", "bomber", "cruise", "glider"];
    let status = ["deployed", "stored", "tested"];
    let basing = ["silo", "road", "sea", "air"];
    let mut attributes = Vec::new();
    for (attribute, word) in [
        ("kind", pick(&kinds, item)),
        ("status", pick(&status, chance.below(3))),
        ("basing", pick(&basing, item / 7)),
    ] {
        attributes.push((attribute.parse()?, Value::Word(word.parse()?)));
    }
    let warheads = Interval::exact(i64::try_from(chance.below(11))?);
    attributes.push(("warheads".parse()?, Value::Number(warheads, None)));
    Ok(Entry {
        id: format!("more-{number}").parse()?,
        kind: Kind::Notification,
        author: party.clone(),
        party,
        as_of: AsOf::Day(day),
        made: Some(When::from_micros(last.end().micros() - 1)),
        agreement: None,
        provision: None,
        evidence: Evidence::Declared,
        corrects: None,
        source: None,
        note: None,
        statements: vec![Statement::Item {
            class: "launcher".parse()?,
            item: format!("L-{item}").parse()?,
            attributes,
            gone: false,
        }],
        origin: Origin {
            file: "more".into(),
            line: number + 1,
        },
    })
}

fn pick<'a>(words: &[&'a str], number: u64) -> &'a str {
    let place = usize::try_from(number).unwrap_or(0) % words.len();
    words.get(place).copied().unwrap_or_default()
}

/// Microseconds, by wall and on the processor.
#[derive(Default)]
struct Times {
    wall: Vec<f64>,
    processor: Vec<f64>,
}

impl Times {
    fn add(&mut self, (wall, processor): (f64, Option<f64>)) {
        self.wall.push(wall);
        self.processor.extend(processor);
    }
}

struct Clock {
    wall: Instant,
    processor: Option<f64>,
}

impl Clock {
    fn start() -> Clock {
        let processor = processor_time();
        let wall = Instant::now();
        Clock { wall, processor }
    }

    fn stop(&self) -> (f64, Option<f64>) {
        let wall = self.wall.elapsed().as_secs_f64() * 1e6;
        let processor = processor_time().zip(self.processor);
        (wall, processor.map(|(end, start)| end - start))
    }
}

/// Microseconds that this thread was on a processor, where the system tells it (Linux). Yielding brings the account up to date.
fn processor_time() -> Option<f64> {
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(told.split(' ').next()?.parse::<f64>().ok()? / 1000.0)
}

fn told(name: &str, mut times: Vec<f64>) {
    if times.is_empty() {
        return;
    }
    times.sort_by(f64::total_cmp);
    let part = |share: usize| {
        let place = times.len() * share / 100;
        times
            .get(place.min(times.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    };
    println!("{name}_median {:.1}", part(50));
    println!("{name}_p99 {:.1}", part(99));
    println!("{name}_worst {:.1}", part(100));
}

/// A small generator of numbers (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }
}
