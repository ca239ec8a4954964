//! The report as one flat table for a spreadsheet (RFC 4180).

use super::words;
use detente_assess::assessment::Assessment;
use detente_quantity::{Decimal, Interval};

const HEADER: [&str; 20] = [
    "kind",
    "row",
    "id",
    "citation",
    "title",
    "subject",
    "case",
    "reading",
    "from",
    "to",
    "verdict",
    "value_lo",
    "value_hi",
    "limit_lo",
    "limit_hi",
    "margin_lo",
    "margin_hi",
    "unit",
    "basis",
    "detail",
];

/// One row for each verdict interval, duty instance and period.
pub(crate) fn csv(assessment: &Assessment) -> String {
    let mut out = String::new();
    line(&mut out, HEADER.map(str::to_owned));
    for row in &assessment.provisions {
        let common = |what: &str| {
            [
                what,
                row.kind,
                &row.id,
                &row.citation,
                &row.title,
                &row.subject,
                row.case.as_deref().unwrap_or(""),
                &row.reading,
            ]
            .map(str::to_owned)
        };
        let mut write = |what: &str,
                         from: String,
                         to: String,
                         verdict: &str,
                         bounds: [Option<&Interval>; 3],
                         basis: String,
                         detail: String| {
            let [kind, row_kind, id, citation, title, subject, case, reading] = common(what);
            let [value, limit, margin] = bounds.map(ends);
            let unit = row.unit.clone().unwrap_or_default();
            let verdict = verdict.to_owned();
            line(
                &mut out,
                [
                    kind,
                    row_kind,
                    id,
                    citation,
                    title,
                    subject,
                    case,
                    reading,
                    from,
                    to,
                    verdict,
                    value[0].clone(),
                    value[1].clone(),
                    limit[0].clone(),
                    limit[1].clone(),
                    margin[0].clone(),
                    margin[1].clone(),
                    unit,
                    basis,
                    detail,
                ],
            );
        };
        for i in &row.intervals {
            let basis = format!("{:?}", i.basis).to_lowercase();
            let detail = i.excepted.clone().unwrap_or_default();
            write(
                "interval",
                i.from.to_string(),
                i.to.to_string(),
                words::verdict_word(i.verdict, row.kind),
                [i.value.as_ref(), i.limit.as_ref(), i.margin.as_ref()],
                basis,
                detail,
            );
        }
        for i in &row.instances {
            let due = i.due.map(|due| due.to_string()).unwrap_or_default();
            write(
                "instance",
                i.on.to_string(),
                due,
                words::status(i.status),
                [None, None, None],
                String::new(),
                format!("{}; met by {}", i.trigger, i.met_by.join(" ")),
            );
        }
        for p in &row.periods {
            write(
                "period",
                p.from.to_string(),
                p.to.to_string(),
                words::verdict_word(p.verdict, row.kind),
                [Some(&p.used), Some(&p.allowed), Some(&p.left)],
                String::new(),
                String::new(),
            );
        }
    }
    out
}

fn ends(interval: Option<&Interval>) -> [String; 2] {
    let end = |end: Option<Decimal>| end.map(|e| e.normalize().to_string()).unwrap_or_default();
    interval.map_or([String::new(), String::new()], |i| {
        [end(i.lo()), end(i.hi())]
    })
}

fn line<const N: usize>(out: &mut String, fields: [String; N]) {
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        // A spreadsheet takes a leading = + - @ for a formula: such text comes from the other side's files.
        let risky = field.starts_with(['=', '+', '@', '\t', '\r'])
            || (field.starts_with('-') && field.parse::<Decimal>().is_err());
        let field = if risky {
            format!("'{field}")
        } else {
            field.clone()
        };
        if field.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&field);
        }
    }
    out.push_str("\r\n");
}
