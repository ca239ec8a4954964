//! The report as one self-contained page: no script, no outside address, light and dark.

use super::groups::{Group, groups};
use super::number::{range, with_unit};
use super::{chart::chart, text::life_word, words};
use detente_assess::assessment::{Assessment, ProvisionAssessment};
use std::fmt::Write as _;

const STYLE: &str = include_str!("page.css");

/// The page.
pub(crate) fn html(assessment: &Assessment) -> String {
    let mut out = String::new();
    let title = format!("{} — as of {}", assessment.agreement, assessment.as_of);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{0}</title><style>{STYLE}</style></head><body>\n<svg width=\"0\" height=\"0\" aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"6\" height=\"6\" \
         patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern></defs></svg>\n<main>\n<h1>{0}</h1>\n",
        escape(&title)
    );
    head(&mut out, assessment);
    let groups = groups(assessment);
    overview(&mut out, &groups);
    for group in &groups {
        provision(&mut out, group, assessment);
    }
    contradictions(&mut out, assessment);
    if !assessment.remarks.is_empty() {
        out.push_str("<section><h2>Remarks</h2><ul>");
        for remark in &assessment.remarks {
            let entry = remark
                .entry
                .as_deref()
                .map(|e| format!("<code>{}</code>: ", escape(e)))
                .unwrap_or_default();
            let _ = write!(out, "<li>{entry}{}</li>", escape(&remark.message));
        }
        out.push_str("</ul></section>\n");
    }
    out.push_str("<footer><p>In the charts: solid line, the value; dashed line, the limit; band, a range; hatching, not known. The bar below: solid is kept, \
                  thick red is broken, striped is undetermined.</p></footer>\n</main></body></html>\n");
    out
}

fn head(out: &mut String, assessment: &Assessment) {
    out.push_str("<ul class=\"life\">");
    for life in assessment.life.iter().filter(|life| life.reading == "text") {
        let states: Vec<String> = life
            .states
            .iter()
            .map(|s| format!("{} {}", life_word(s.state), s.from))
            .collect();
        let _ = write!(
            out,
            "<li><b>{}</b> {}</li>",
            escape(&life.party),
            escape(&states.join(", "))
        );
    }
    for reading in assessment.readings.iter().filter(|r| r.kind != "text") {
        let by = if reading.by.is_empty() {
            String::new()
        } else {
            format!(" ({})", reading.by.join(", "))
        };
        let because = reading
            .because
            .as_deref()
            .map(|b| format!(": {b}"))
            .unwrap_or_default();
        let _ = write!(
            out,
            "<li>{} also assessed: {}</li>",
            reading.kind,
            escape(&format!("{}{by}{because}", reading.name))
        );
    }
    if let Some(known) = assessment.as_known_at {
        let _ = write!(out, "<li>as known at {known}</li>");
    }
    let _ = writeln!(
        out,
        "<li>evidence used: {}{}</li></ul>",
        escape(&assessment.evidence.join(", ")),
        if assessment.strict { "; strict" } else { "" }
    );
}

fn overview(out: &mut String, groups: &[Group<'_>]) {
    out.push_str("<table class=\"overview\"><caption>Who keeps which provision</caption><thead><tr><th scope=\"col\">provision</th><th scope=\"col\">party</th><th scope=\"col\">reading</th><th scope=\"col\">verdict</th></tr></thead><tbody>");
    for group in groups {
        let mut told = std::collections::HashSet::new();
        for row in &group.rows {
            // Clauses of one provision that came to the same are told once; below each has its own part.
            if !told.insert((&row.subject, &row.reading, words::verdict(row))) {
                continue;
            }
            let _ = write!(
                out,
                "<tr><td><a href=\"#{}\">{}</a></td><td>{}</td><td>{}</td><td class=\"{}\">{}</td></tr>",
                escape(&row.node),
                escape(&format!("{} {}", row.citation, row.title)),
                escape(&row.subject),
                escape(&row.reading),
                verdict_class(row),
                words::verdict(row)
            );
        }
    }
    out.push_str("</tbody></table>\n");
}

fn provision(out: &mut String, group: &Group<'_>, assessment: &Assessment) {
    let head = group.head;
    let case = head
        .case
        .as_deref()
        .map(|case| format!(" ({case})"))
        .unwrap_or_default();
    let _ = write!(
        out,
        "<section><h2>{} <span>{}{}</span></h2><p class=\"sentence\">{}</p>",
        escape(&head.citation),
        escape(&head.title),
        escape(&case),
        escape(&head.sentence)
    );
    for row in &group.rows {
        let name = format!("{}, {}, {}", row.title, row.subject, row.reading);
        let reading = if row.reading == "text" {
            String::new()
        } else {
            format!(" <small>as read: {}</small>", escape(&row.reading))
        };
        let clause = match row.node.rsplit_once('#') {
            Some((_, number)) => format!(", clause {}", escape(number)),
            None => String::new(),
        };
        let _ = write!(
            out,
            "<article id=\"{}\"><h3>{}{clause}{reading} <em class=\"{}\">{}</em></h3><p>{}</p>",
            escape(&row.node),
            escape(&row.subject),
            verdict_class(row),
            words::verdict(row),
            escape(&words::reason(row, assessment.as_of))
        );
        if let Some(because) = &row.because {
            let _ = write!(out, "<p class=\"because\">{}</p>", escape(because));
        }
        if let Some(svg) = chart(row, &name) {
            out.push_str(&svg);
        }
        tables(out, row);
        out.push_str("</article>");
    }
    out.push_str("</section>\n");
}

fn tables(out: &mut String, row: &ProvisionAssessment) {
    let unit = row.unit.as_deref();
    if !row.intervals.is_empty() {
        let _ = write!(
            out,
            "<details><summary>{} intervals</summary><table><thead><tr><th>from</th><th>until</th><th>verdict</th><th>value</th><th>limit</th><th>margin</th><th>rests on</th></tr></thead><tbody>",
            row.intervals.len()
        );
        for i in &row.intervals {
            let show = |v: &Option<_>| v.as_ref().map(|v| with_unit(v, unit)).unwrap_or_default();
            let rests = i
                .excepted
                .clone()
                .unwrap_or_else(|| format!("{:?}", i.basis).to_lowercase());
            let _ = write!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                i.from,
                i.to,
                words::verdict_word(i.verdict, row.kind),
                escape(&show(&i.value)),
                escape(&show(&i.limit)),
                escape(&show(&i.margin)),
                escape(&rests)
            );
        }
        out.push_str("</tbody></table></details>");
    }
    if !row.instances.is_empty() {
        let _ = write!(
            out,
            "<details><summary>{} occasions</summary><table><thead><tr><th>occasion</th><th>day</th><th>due before</th><th>met by</th><th>what came of it</th></tr></thead><tbody>",
            row.instances.len()
        );
        for i in &row.instances {
            let due = i.due.map(|d| d.to_string()).unwrap_or_default();
            let late = i
                .late_hours
                .map(|h| format!(", {} late", words::late(h)))
                .unwrap_or_default();
            let _ = write!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{due}</td><td>{}</td><td>{}{late}</td></tr>",
                escape(&i.trigger),
                i.on,
                escape(&i.met_by.join(", ")),
                words::status(i.status)
            );
        }
        out.push_str("</tbody></table></details>");
    }
    if !row.periods.is_empty() {
        let _ = write!(
            out,
            "<details><summary>{} periods</summary><table><thead><tr><th>from</th><th>until</th><th>used</th><th>allowed</th><th>left</th></tr></thead><tbody>",
            row.periods.len()
        );
        for p in &row.periods {
            let _ = write!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                p.from,
                p.to,
                escape(&range(&p.used)),
                escape(&range(&p.allowed)),
                escape(&range(&p.left))
            );
        }
        out.push_str("</tbody></table></details>");
    }
}

fn contradictions(out: &mut String, assessment: &Assessment) {
    if assessment.contradictions.is_empty() {
        return;
    }
    out.push_str("<section><h2>Contradictions</h2><table><thead><tr><th>party</th><th>what</th><th>from</th><th>until</th><th>sides</th></tr></thead><tbody>");
    for found in &assessment.contradictions {
        let sides: Vec<String> = found.sides.iter().map(super::text::side).collect();
        let _ = write!(
            out,
            "<tr id=\"{}\"><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&found.node),
            escape(&found.party),
            escape(&found.measure),
            found.from,
            found.to,
            escape(&sides.join(" against "))
        );
    }
    out.push_str("</tbody></table></section>\n");
}

fn verdict_class(row: &ProvisionAssessment) -> &'static str {
    use detente_assess::assessment::Verdict;
    match row.verdict {
        Some(Verdict::Kept) => "kept",
        Some(Verdict::Broken) => "broken",
        Some(Verdict::Undetermined) => "undetermined",
        None => "none",
    }
}

/// Text that cannot become markup, in content and in attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
