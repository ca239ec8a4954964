//! Answers gpconf, the conformance corpus for readers of element sets (<https://doi.org/10.5281/zenodo.22867654>):
//!
//! ```console
//! $ gpconf run --cmd "conformance {fmt}" --vectors-cmd "conformance vectors" --write-cmd "conformance write"
//! ```
//!
//! The first reads a file from standard input and writes its records and refusals as JSON, the second does one operation, the
//! third writes one record as two lines.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::io::Read;

use detente_orbit::elements::catalogue::{Catalogue, Format};
use detente_orbit::elements::tle::{self, Checksums};
use detente_orbit::elements::{CatalogNumber, ElementSet, Problem, Severity, omm};
use detente_orbit::epoch;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let what = std::env::args().nth(1).unwrap_or_default();
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    match what.as_str() {
        "vectors" => {
            let asked: Value = serde_json::from_str(&text)?;
            let input = asked.get("input").cloned().unwrap_or_default();
            let input = input.as_str().map_or(input.to_string(), str::to_owned);
            let operation = asked.get("op").and_then(Value::as_str).unwrap_or_default();
            println!(
                "{}",
                match answer(operation, &input) {
                    Ok(result) => json!({ "result": result }),
                    Err(error) => json!({ "error": error.to_string() }),
                }
            );
        }
        "write" => {
            let [one, two] = tle::write(&record(&text)?)?;
            println!("{one}\n{two}");
        }
        format => println!("{}", records(format, &text)?),
    }
    Ok(())
}

fn records(format: &str, text: &str) -> Result<Value, Box<dyn Error>> {
    let format = match format {
        "tle" | "2le" => Format::TwoLine,
        "csv" => Format::OmmCsv,
        "json" => Format::OmmJson,
        "kvn" => Format::OmmKvn,
        "xml" => Format::OmmXml,
        other => return Err(format!("no format {other}").into()),
    };
    let mut catalogue = Catalogue::new();
    let problems = catalogue.read(text, format, Checksums::Require);
    let mut answer = vec![json!({ "_adapter": { "refusals": true } })];
    answer.extend(
        problems
            .iter()
            .filter(|problem| problem.severity == Severity::Refused)
            .map(|problem| refusal(problem, text)),
    );
    for history in catalogue.histories() {
        answer.extend(history.sets().iter().map(written));
    }
    Ok(Value::Array(answer))
}

fn refusal(problem: &Problem, text: &str) -> Value {
    let line = text
        .lines()
        .nth(problem.line.saturating_sub(1))
        .unwrap_or("");
    let field = if line.starts_with(['1', '2']) && line.get(1..2) == Some(" ") {
        line.get(2..7).unwrap_or("").to_owned()
    } else {
        number_in(line)
    };
    // An array that is cut off is quoted where it ends.
    let skipped = if line.starts_with('[') {
        line.chars().count().saturating_sub(80)
    } else {
        0
    };
    let input: String = line.chars().skip(skipped).take(80).collect();
    let mut refusal = json!({ "_refused": problem.to_string(), "_input": input });
    if !field.is_empty() {
        refusal["_field"] = json!(field);
    }
    refusal
}

/// The catalogue number in a row of CSV as CelesTrak orders it.
fn number_in(line: &str) -> String {
    let field = line.split(',').nth(11).unwrap_or("");
    let digits = field.bytes().all(|byte| byte.is_ascii_digit());
    if digits {
        field.to_owned()
    } else {
        String::new()
    }
}

fn written(set: &ElementSet) -> Value {
    let mut fields = serde_json::Map::new();
    let unnamed = |keyword: &str| match keyword {
        "OBJECT_NAME" => set.name.is_none(),
        "OBJECT_ID" => set.designator.is_none(),
        _ => false,
    };
    for (keyword, value) in omm::fields(set) {
        // What an OMM must name, a two-line set may leave out.
        if unnamed(keyword) {
            continue;
        }
        let value = match keyword {
            "NORAD_CAT_ID" | "EPHEMERIS_TYPE" | "ELEMENT_SET_NO" | "REV_AT_EPOCH" => value
                .parse::<i64>()
                .map_or(json!(value), |value| json!(value)),
            // With its Z, so that it is told as an instant and not handed back as it came.
            "EPOCH" => json!(epoch::format(set.epoch)),
            _ => json!(value),
        };
        fields.insert(keyword.to_lowercase(), value);
    }
    Value::Object(fields)
}

fn answer(operation: &str, input: &str) -> Result<Value, Box<dyn Error>> {
    Ok(match operation {
        "alpha5_decode" => json!(CatalogNumber::from_columns(input)?.get()),
        "alpha5_encode" => json!(CatalogNumber::new(input.parse()?)?.to_columns()?),
        "parse_epoch" => json!(epoch::format(epoch::parse_ccsds(input)?)),
        "parse_catalog_id" => json!(CatalogNumber::from_digits(input)?.get()),
        "two_digit_year" => {
            let one = format!(
                "1 00005U 58002B   {input:0>2}179.78495062  .00000023  00000-0  28098-4 0  475"
            );
            let two = "2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667";
            let one = format!("{one}{}", tle::checksum(&one));
            let set = tle::read_pair(&one, two, Checksums::Require).map_err(|p| p.to_string())?;
            json!(set.epoch.to_zoned(jiff::tz::TimeZone::UTC).year())
        }
        other => return Err(format!("no operation {other}").into()),
    })
}

/// A record of the corpus, read as OMM in JSON.
fn record(text: &str) -> Result<ElementSet, Box<dyn Error>> {
    let record: serde_json::Map<String, Value> = serde_json::from_str(text)?;
    let fields = record
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(keyword, value)| (keyword.to_uppercase(), value));
    let document = Value::Array(vec![Value::Object(fields.collect())]);
    let (sets, problems) = omm::read_json(&document.to_string());
    match (sets.into_iter().next(), problems.first()) {
        (Some((_, set)), _) => Ok(set),
        (None, Some(problem)) => Err(problem.to_string().into()),
        (None, None) => Err("no record".into()),
    }
}
