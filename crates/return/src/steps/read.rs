//! From TOML to [`Steps`], with the line of every mistake.

use super::{Action, Blendstock, Level, Owed, Source, Step, Steps, StepsError, Stock, words};
use detente_quantity::{Date, Decimal, Duration, Name};
use serde::Deserialize;
use std::collections::BTreeSet;
use toml::Spanned;

type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: Text,
    start: Spanned<toml::value::Datetime>,
    smallest: Option<Text>,
    #[serde(default)]
    assume: Vec<String>,
    #[serde(default)]
    stock: Vec<RawStock>,
    #[serde(default)]
    blendstock: Vec<RawBlendstock>,
    #[serde(default)]
    step: Vec<Spanned<RawStep>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStock {
    limit: Text,
    party: Option<Text>,
    not_counted: Option<Text>,
    #[serde(default)]
    targets: Vec<Text>,
    #[serde(default)]
    level: Vec<RawLevel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLevel {
    name: Text,
    measure: Option<Text>,
    rest_of: Option<Text>,
    amount: Option<Text>,
    enrichment: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBlendstock {
    name: Text,
    enrichment: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    title: Option<String>,
    who: Text,
    by: Spanned<toml::value::Datetime>,
    ship: Option<Text>,
    blend: Option<Text>,
    bring: Option<Text>,
    act: Option<Text>,
    amount: Option<Text>,
    to: Option<Text>,
    with: Option<Text>,
    into: Option<Text>,
    down_to: Option<Text>,
    up_to: Option<Text>,
    how: Option<Text>,
    #[serde(default)]
    owed: Vec<RawOwed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOwed {
    who: Text,
    act: Text,
    within: Text,
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

pub(super) fn read(file: &str, text: &str) -> Result<Steps, StepsError> {
    let reader = Reader { file, text };
    let raw: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        reader.error(at, error.message().to_owned())
    })?;
    reader.steps(raw)
}

impl Reader<'_> {
    fn error(&self, at: usize, message: String) -> StepsError {
        let before = self.text.get(..at).unwrap_or(self.text);
        StepsError {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            message,
        }
    }

    fn at<T, V>(&self, place: &Spanned<V>, result: Result<T, String>) -> Result<T, StepsError> {
        result.map_err(|message| self.error(place.span().start, message))
    }

    fn name(&self, text: &Text) -> Result<Name, StepsError> {
        self.at(
            text,
            Name::new(text.get_ref()).map_err(|error| error.to_string()),
        )
    }

    fn date(&self, date: &Spanned<toml::value::Datetime>) -> Result<Date, StepsError> {
        let text = date.get_ref().to_string();
        self.at(
            date,
            text.parse::<Date>()
                .map_err(|_| format!("`{text}` is not a date; write it like 2027-01-31")),
        )
    }

    fn share(&self, text: &Text) -> Result<Decimal, StepsError> {
        self.at(text, words::share(text.get_ref()))
    }

    /// Words that go into the plan's rules in quotation marks.
    fn quoted(&self, text: &Text) -> Result<String, StepsError> {
        let words = text.get_ref().trim();
        if words.is_empty() || words.contains(['"', '\n', '\r']) {
            return Err(self.error(
                text.span().start,
                "these words stand in a rule: one line, without quotation marks".to_owned(),
            ));
        }
        Ok(words.to_owned())
    }

    fn steps(&self, raw: File) -> Result<Steps, StepsError> {
        let smallest = match &raw.smallest {
            None => Decimal::ONE,
            Some(text) => {
                let grams = self.at(text, words::grams(text.get_ref()))?;
                if grams.is_zero() {
                    return Err(self.error(
                        text.span().start,
                        "the smallest mass that is weighed must be above 0".to_owned(),
                    ));
                }
                grams
            }
        };
        let start = self.date(&raw.start)?;
        let blendstocks = raw
            .blendstock
            .iter()
            .map(|raw| {
                Ok(Blendstock {
                    name: self.quoted(&raw.name)?,
                    enrichment: self.share(&raw.enrichment)?,
                })
            })
            .collect::<Result<Vec<_>, StepsError>>()?;
        let mut names = BTreeSet::new();
        let mut stocks = Vec::new();
        for stock in &raw.stock {
            stocks.push(self.stock(stock, &mut names)?);
        }
        let mut steps: Vec<Step> = Vec::new();
        let mut before = start;
        for raw in &raw.step {
            let step = self.step(raw, &blendstocks, &mut names)?;
            if step.by < before {
                return Err(self.error(
                    raw.get_ref().by.span().start,
                    format!(
                        "{} is before {before}; the steps stand in the order in which they fall due",
                        step.by
                    ),
                ));
            }
            before = step.by;
            steps.push(step);
        }
        Ok(Steps {
            title: self.quoted(&raw.title)?,
            start,
            smallest,
            assumptions: raw.assume,
            stocks,
            blendstocks,
            steps,
        })
    }

    fn stock(&self, raw: &RawStock, names: &mut BTreeSet<String>) -> Result<Stock, StepsError> {
        let mut levels = Vec::new();
        for level in &raw.level {
            let name = self.quoted(&level.name)?;
            if !names.insert(name.clone()) {
                return Err(self.error(
                    level.name.span().start,
                    format!("there are two levels called `{name}`"),
                ));
            }
            let source = match (&level.measure, &level.rest_of, &level.amount) {
                (Some(measure), None, None) => Source::Measure(self.name(measure)?),
                (None, Some(measure), None) => Source::RestOf(self.name(measure)?),
                (None, None, Some(amount)) => {
                    Source::Stated(self.at(amount, words::grams(amount.get_ref()))?)
                }
                _ => {
                    return Err(self.error(
                        level.name.span().start,
                        format!(
                            "say how much of `{name}` there is by one of measure, rest_of, amount"
                        ),
                    ));
                }
            };
            levels.push(Level {
                name,
                source,
                enrichment: self
                    .at(&level.enrichment, words::shares(level.enrichment.get_ref()))?,
            });
        }
        if levels.is_empty() {
            return Err(self.error(
                raw.limit.span().start,
                "a stock needs at least one [[stock.level]]".to_owned(),
            ));
        }
        let rests = levels
            .iter()
            .filter(|level| matches!(level.source, Source::RestOf(_)))
            .count();
        if rests > 1 {
            return Err(self.error(
                raw.limit.span().start,
                "only one level of a stock can be the rest".to_owned(),
            ));
        }
        Ok(Stock {
            limit: self.name(&raw.limit)?,
            party: raw
                .party
                .as_ref()
                .map(|party| self.name(party))
                .transpose()?,
            not_counted: match &raw.not_counted {
                Some(share) => self.share(share)?,
                None => Decimal::ZERO,
            },
            targets: raw
                .targets
                .iter()
                .map(|share| self.share(share))
                .collect::<Result<_, _>>()?,
            levels,
        })
    }

    fn step(
        &self,
        raw: &Spanned<RawStep>,
        blendstocks: &[Blendstock],
        names: &mut BTreeSet<String>,
    ) -> Result<Step, StepsError> {
        let step = raw.get_ref();
        let start = step.who.span().start;
        let action = match (&step.ship, &step.blend, &step.bring, &step.act) {
            (Some(level), None, None, None) => {
                self.unused(step, &["with", "into", "down_to", "up_to", "how"], "ship")?;
                Action::Ship {
                    level: self.level(level, names)?,
                    amount: self.portion(step, start)?,
                    to: step.to.as_ref().map(|to| self.quoted(to)).transpose()?,
                }
            }
            (None, Some(level), None, None) => {
                self.unused(step, &["down_to", "up_to", "how"], "blend")?;
                let with =
                    self.needed(step.with.as_ref(), start, "with", "the blendstock's name")?;
                if !blendstocks
                    .iter()
                    .any(|known| known.name == *with.get_ref())
                {
                    return Err(self.error(
                        with.span().start,
                        format!("there is no [[blendstock]] called `{}`", with.get_ref()),
                    ));
                }
                let into =
                    self.needed(step.into.as_ref(), start, "into", "a name for the product")?;
                let from = self.level(level, names)?;
                let into = self.quoted(into)?;
                names.insert(into.clone());
                Action::Blend {
                    level: from,
                    amount: self.portion(step, start)?,
                    with: with.get_ref().clone(),
                    to: self.share(self.needed(step.to.as_ref(), start, "to", "like 3.67 %")?)?,
                    into,
                }
            }
            (None, None, Some(measure), None) => {
                self.unused(step, &["amount", "with", "into", "to"], "bring")?;
                let (to, down) = match (&step.down_to, &step.up_to) {
                    (Some(to), None) => (to, true),
                    (None, Some(to)) => (to, false),
                    _ => {
                        return Err(self.error(
                            start,
                            "say to what value by one of down_to, up_to".to_owned(),
                        ));
                    }
                };
                Action::Bring {
                    measure: self.name(measure)?,
                    to: self.at(to, words::amount(to.get_ref()))?,
                    down,
                    how: match &step.how {
                        Some(how) => self.quoted(how)?,
                        None => "brought".to_owned(),
                    },
                }
            }
            (None, None, None, Some(act)) => {
                self.unused(
                    step,
                    &["amount", "with", "into", "to", "down_to", "up_to", "how"],
                    "act",
                )?;
                Action::Act {
                    act: self.quoted(act)?,
                }
            }
            _ => {
                return Err(self.error(
                    start,
                    "a step does one thing: one of ship, blend, bring, act".to_owned(),
                ));
            }
        };
        let owed = step
            .owed
            .iter()
            .map(|owed| {
                Ok(Owed {
                    who: self.name(&owed.who)?,
                    act: self.quoted(&owed.act)?,
                    within: self.at(
                        &owed.within,
                        owed.within
                            .get_ref()
                            .parse::<Duration>()
                            .map_err(|error| error.to_string()),
                    )?,
                })
            })
            .collect::<Result<_, StepsError>>()?;
        let title = match &step.title {
            Some(title) if title.contains(['"', '\n', '\r']) => {
                return Err(self.error(
                    start,
                    "a title is one line, without quotation marks".to_owned(),
                ));
            }
            title => title.clone(),
        };
        Ok(Step {
            title,
            who: self.name(&step.who)?,
            by: self.date(&step.by)?,
            action,
            owed,
        })
    }

    fn level(&self, text: &Text, names: &BTreeSet<String>) -> Result<String, StepsError> {
        if names.contains(text.get_ref()) {
            return Ok(text.get_ref().clone());
        }
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        Err(self.error(
            text.span().start,
            format!(
                "there is no level called `{}` yet; there are: {}",
                text.get_ref(),
                known.join(", ")
            ),
        ))
    }

    fn portion(&self, step: &RawStep, start: usize) -> Result<super::Portion, StepsError> {
        let amount = self.needed(
            step.amount.as_ref(),
            start,
            "amount",
            "440.9 kg, all, or all but 202.8 kg",
        )?;
        self.at(amount, words::portion(amount.get_ref()))
    }

    fn needed<'t>(
        &self,
        text: Option<&'t Text>,
        start: usize,
        key: &str,
        what: &str,
    ) -> Result<&'t Text, StepsError> {
        text.ok_or_else(|| self.error(start, format!("this step needs {key} = \"…\" ({what})")))
    }

    fn unused(&self, step: &RawStep, keys: &[&str], verb: &str) -> Result<(), StepsError> {
        let given = [
            ("amount", &step.amount),
            ("to", &step.to),
            ("with", &step.with),
            ("into", &step.into),
            ("down_to", &step.down_to),
            ("up_to", &step.up_to),
            ("how", &step.how),
        ];
        for (key, text) in given {
            if let (true, Some(text)) = (keys.contains(&key), text) {
                return Err(self.error(
                    text.span().start,
                    format!("`{key}` says nothing in a step that is to {verb}"),
                ));
            }
        }
        Ok(())
    }
}
