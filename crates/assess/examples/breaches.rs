//! Who breaks what on which days: an agreement and a record of any size, to a plain list.
//!
//!     breaches AGREEMENT RECORD AS-OF OUT.csv
//!
//! OUT.csv has a line `span,PROVISION,PARTY,FROM,UNTIL` for each stretch of broken days, `late,PROVISION,PARTY,TRIGGER,DUE`
//! for each instance of a duty that was not met in time, and `sum,PROVISION,PARTY,DAYS BROKEN,LEAST,GREATEST` with the
//! value on the last day. The stages' wall times go to standard error. The benchmarks of the repository run this beside peers.
#![expect(
    clippy::print_stderr,
    reason = "an example says on the console what it did"
)]

use detente_agreement::compile;
use detente_assess::assessment::{Assessment, InstanceStatus, ProvisionAssessment, Verdict};
use detente_assess::{Options, assess};
use detente_quantity::{Date, Decimal};
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [agreement, record, as_of, out] = arguments.as_slice() else {
        return Err("usage: breaches AGREEMENT RECORD AS-OF OUT.csv".into());
    };
    let start = Instant::now();
    let compiled = compile(agreement, &std::fs::read_to_string(agreement)?);
    let Some(agreement) = compiled.agreement else {
        return Err(format!("the agreement does not compile: {:?}", compiled.diagnostics).into());
    };
    let as_of: Date = as_of.parse()?;
    let loaded = detente_record::load(Path::new(record), &Default::default())?;
    if let Some(refused) = loaded.refused.first() {
        return Err(refused.to_string().into());
    }
    let read = start.elapsed();
    let assessment = assess(&agreement, &loaded.record, &Options::as_of(as_of));
    let assessed = start.elapsed();
    write(&assessment, BufWriter::new(File::create(out)?))?;
    eprintln!(
        "{} entries: read {:.3} s, assessed {:.3} s, written {:.3} s; {} remarks",
        loaded.record.len(),
        read.as_secs_f64(),
        (assessed - read).as_secs_f64(),
        (start.elapsed() - assessed).as_secs_f64(),
        assessment.remarks.len(),
    );
    // The system takes the memory back faster than the process would give it back piece by piece.
    std::process::exit(0)
}

fn write(assessment: &Assessment, mut out: impl Write) -> std::io::Result<()> {
    for row in assessment
        .provisions
        .iter()
        .filter(|row| row.reading == "text")
    {
        spans(row, &mut out)?;
        let named = |status| matches!(status, InstanceStatus::Missed | InstanceStatus::Late);
        for instance in row
            .instances
            .iter()
            .filter(|instance| named(instance.status))
        {
            let due = instance.due.map(|due| due.to_string()).unwrap_or_default();
            let (id, subject, trigger) = (&row.id, &row.subject, &instance.trigger);
            writeln!(out, "late,{id},{subject},{trigger},{due}")?;
        }
        let value = row.intervals.last().and_then(|last| last.value);
        let text = |end: Option<Decimal>| end.map_or_else(String::new, |end| end.to_string());
        let least = text(value.and_then(|value| value.lo()));
        let greatest = text(value.and_then(|value| value.hi()));
        writeln!(
            out,
            "sum,{},{},{},{},{}",
            row.id, row.subject, row.days_broken, least, greatest
        )?;
    }
    out.flush()
}

/// Broken days, joined where only the value changes.
fn spans(row: &ProvisionAssessment, out: &mut impl Write) -> std::io::Result<()> {
    let mut open: Option<(Date, Date)> = None;
    let broken = row
        .intervals
        .iter()
        .filter(|interval| interval.verdict == Verdict::Broken);
    for interval in broken {
        match &mut open {
            Some((_, until)) if *until == interval.from => *until = interval.to,
            _ => {
                span(row, open, out)?;
                open = Some((interval.from, interval.to));
            }
        }
    }
    span(row, open, out)
}

fn span(
    row: &ProvisionAssessment,
    days: Option<(Date, Date)>,
    out: &mut impl Write,
) -> std::io::Result<()> {
    match days {
        Some((from, until)) => writeln!(out, "span,{},{},{from},{until}", row.id, row.subject),
        None => Ok(()),
    }
}
