//! The mapping file: an entry as in JSON, with columns in the place of values.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de};

/// What the rows of a table say: each field of an entry, as a constant or from a column. See the book,
/// "Tables".
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub(super) kind: Field,
    pub(super) author: Field,
    pub(super) party: Option<Field>,
    pub(super) as_of: Option<Field>,
    pub(super) made: Option<Field>,
    pub(super) id: Option<Field>,
    pub(super) agreement: Option<Field>,
    pub(super) provision: Option<Field>,
    pub(super) evidence: Option<Field>,
    pub(super) corrects: Option<Field>,
    pub(super) source: Option<SourceFields>,
    pub(super) note: Option<Field>,
    #[serde(default)]
    pub(super) values: Values,
    #[serde(default)]
    pub(super) items: Vec<ItemFields>,
    #[serde(default)]
    pub(super) lots: Vec<LotFields>,
    #[serde(default)]
    pub(super) complete: Vec<CompleteFields>,
    #[serde(default)]
    pub(super) events: Vec<EventFields>,
    pub(super) act: Option<ActFields>,
    /// Rows that are left out.
    #[serde(default)]
    pub(super) skip: Vec<Skip>,
    /// Whether rows that follow each other with the same head make one entry.
    #[serde(default)]
    pub(super) together: bool,
    /// Texts that stand for nothing in every column.
    #[serde(default)]
    pub(super) absent: Vec<String>,
    /// CSV: what separates fields; a comma, or a tab in files named `.tsv`, if not said.
    pub(super) delimiter: Option<char>,
    /// Workbooks: the sheet; the first one if not said.
    #[cfg_attr(
        not(feature = "xlsx"),
        allow(dead_code, clippy::allow_attributes, reason = "read by workbooks only")
    )]
    pub(super) sheet: Option<String>,
    /// CSV and workbooks: the row of the header, from 1; what stands above is not read.
    #[serde(default = "first")]
    pub(super) header: u32,
}

fn first() -> u32 {
    1
}

/// Why a mapping file is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct MappingError {
    /// What is wrong, with the place.
    pub message: String,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// When the text is not TOML, or has fields that no mapping has.
    pub fn parse(text: &str) -> Result<Mapping, MappingError> {
        let mapping: Mapping = toml::from_str(text).map_err(|error| MappingError {
            message: error.to_string().trim_end().to_owned(),
        })?;
        let refused = |message: &str| {
            Err(MappingError {
                message: message.to_owned(),
            })
        };
        if mapping
            .delimiter
            .is_some_and(|mark| !mark.is_ascii() || matches!(mark, '"' | '\n' | '\r'))
        {
            return refused(
                "\"delimiter\" must be one ASCII character, such as \",\", \";\" or \"\\t\"",
            );
        }
        if mapping.header == 0 {
            return refused("\"header\" counts rows from 1");
        }
        let states = !mapping.values.0.is_empty()
            || !mapping.items.is_empty()
            || !mapping.lots.is_empty()
            || !mapping.complete.is_empty()
            || !mapping.events.is_empty()
            || mapping.act.is_some();
        if !states {
            return refused(
                "the mapping states nothing; add [values], [[items]], [[lots]], [[complete]], [[events]] or [act]",
            );
        }
        if mapping.as_of.is_none() && mapping.events.is_empty() {
            return refused("\"as_of\" is missing (only events have a time of their own)");
        }
        Ok(mapping)
    }
}

/// A field: a constant, or where it comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Field {
    pub(super) from: From,
    pub(super) options: Options,
}

/// Where a field comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum From {
    Constant(String),
    Column(String),
    /// Text with `{column}` in it.
    Template(String),
}

impl Default for From {
    fn default() -> From {
        From::Constant(String::new())
    }
}

/// How the cell is read.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Options {
    column: Option<String>,
    template: Option<String>,
    value: Option<toml::Value>,
    /// The unit of numbers that state none.
    pub(super) unit: Option<String>,
    /// The column that holds the unit.
    pub(super) unit_column: Option<String>,
    /// What the cell's words mean.
    #[serde(default)]
    pub(super) words: BTreeMap<String, String>,
    /// Texts that stand for nothing.
    #[serde(default)]
    pub(super) absent: Vec<String>,
    /// What an empty cell stands for.
    pub(super) default: Option<String>,
    /// `word`, `number` or `date`.
    #[serde(rename = "as")]
    pub(super) read_as: Option<ReadAs>,
    /// For yes or no: the texts that mean yes.
    pub(super) is: Option<OneOrMore>,
    pub(super) thousands: Option<char>,
    pub(super) decimal: Option<char>,
    /// Whether `390-410` is a range.
    #[serde(default)]
    pub(super) hyphen_is_range: bool,
    /// What `~` allows for, such as `10 %`.
    pub(super) approximately: Option<String>,
    /// For values over a time.
    pub(super) from: Option<Box<Field>>,
    pub(super) until: Option<Box<Field>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ReadAs {
    Word,
    Number,
    Date,
}

/// A text or several.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged, expecting = "a text or a list of texts")]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(super) fn contains(&self, text: &str) -> bool {
        match self {
            OneOrMore::One(one) => one == text,
            OneOrMore::More(more) => more.iter().any(|one| one == text),
        }
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Field, D::Error> {
        let value = toml::Value::deserialize(deserializer)?;
        if !value.is_table() {
            let constant = constant(&value).map_err(de::Error::custom)?;
            return Ok(Field {
                from: From::Constant(constant),
                options: Options::default(),
            });
        }
        let mut options: Options = value.try_into().map_err(de::Error::custom)?;
        let from = match (
            options.column.take(),
            options.template.take(),
            options.value.take(),
        ) {
            (Some(column), None, None) => From::Column(column),
            (None, Some(template), None) => From::Template(template),
            (None, None, Some(value)) => {
                From::Constant(constant(&value).map_err(de::Error::custom)?)
            }
            _ => {
                return Err(de::Error::custom(
                    "give one of \"column\", \"template\" and \"value\"",
                ));
            }
        };
        Ok(Field { from, options })
    }
}

/// A constant as text.
fn constant(value: &toml::Value) -> Result<String, &'static str> {
    Ok(match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        toml::Value::Boolean(truth) => truth.to_string(),
        toml::Value::Datetime(datetime) => datetime.to_string(),
        toml::Value::Array(_) | toml::Value::Table(_) => {
            return Err("a text, a number, a date, or { column = \"…\" } is expected");
        }
    })
}

/// The document that a row comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SourceFields {
    pub(super) document: Option<Field>,
    pub(super) page: Option<Field>,
    pub(super) url: Option<Field>,
}

impl<'de> Deserialize<'de> for SourceFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SourceFields, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Parts {
            document: Option<Field>,
            page: Option<Field>,
            url: Option<Field>,
        }
        let value = toml::Value::deserialize(deserializer)?;
        let has_parts = value.as_table().is_some_and(|table| {
            ["document", "page", "url"]
                .iter()
                .any(|part| table.contains_key(*part))
        });
        if has_parts {
            let parts: Parts = value.try_into().map_err(de::Error::custom)?;
            return Ok(SourceFields {
                document: parts.document,
                page: parts.page,
                url: parts.url,
            });
        }
        Ok(SourceFields {
            document: Some(value.try_into().map_err(de::Error::custom)?),
            page: None,
            url: None,
        })
    }
}

/// Measures: a table of them by name, or a list where the measure itself is in a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Values(pub(super) Vec<(Field, Field)>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Values, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Pair {
            measure: Field,
            value: Field,
        }
        let value = toml::Value::deserialize(deserializer)?;
        if value.is_array() {
            let pairs: Vec<Pair> = value.try_into().map_err(de::Error::custom)?;
            let pairs = pairs.into_iter().map(|pair| (pair.measure, pair.value));
            return Ok(Values(pairs.collect()));
        }
        let fields: BTreeMap<String, Field> = value.try_into().map_err(de::Error::custom)?;
        let pairs = fields.into_iter().map(|(measure, field)| {
            let measure = Field {
                from: From::Constant(measure),
                options: Options::default(),
            };
            (measure, field)
        });
        Ok(Values(pairs.collect()))
    }
}

/// Attributes side by side with the other fields, as in JSON; those whose names are taken, in `attributes`.
type Attributes = BTreeMap<String, Field>;

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct ItemFields {
    pub(super) class: Field,
    pub(super) id: Field,
    pub(super) gone: Option<Field>,
    #[serde(default)]
    pub(super) attributes: Attributes,
    #[serde(flatten)]
    pub(super) more: Attributes,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct LotFields {
    pub(super) class: Field,
    pub(super) id: Option<Field>,
    pub(super) quantity: Field,
    #[serde(default)]
    pub(super) attributes: Attributes,
    #[serde(flatten)]
    pub(super) more: Attributes,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct CompleteFields {
    pub(super) class: Field,
    pub(super) from: Option<Field>,
    pub(super) until: Option<Field>,
    #[serde(default)]
    pub(super) attributes: Attributes,
    #[serde(flatten)]
    pub(super) more: Attributes,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct EventFields {
    pub(super) class: Field,
    pub(super) id: Option<Field>,
    pub(super) at: Option<Field>,
    pub(super) toward: Option<Field>,
    #[serde(default)]
    pub(super) attributes: Attributes,
    #[serde(flatten)]
    pub(super) more: Attributes,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActFields {
    pub(super) act: Field,
    pub(super) until: Option<Field>,
    pub(super) sets: Option<Field>,
    pub(super) answers: Option<Field>,
}

/// Which rows are left out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Skip {
    pub(super) column: String,
    pub(super) is: Option<OneOrMore>,
    pub(super) is_not: Option<OneOrMore>,
    pub(super) starts_with: Option<OneOrMore>,
    pub(super) contains: Option<OneOrMore>,
    #[serde(default)]
    pub(super) empty: bool,
}

impl Skip {
    pub(super) fn matches(&self, text: &str) -> bool {
        let any = |texts: &Option<OneOrMore>, test: &dyn Fn(&str) -> bool| match texts {
            None => false,
            Some(OneOrMore::One(one)) => test(one),
            Some(OneOrMore::More(more)) => more.iter().any(|one| test(one)),
        };
        (self.empty && text.is_empty())
            || self.is.as_ref().is_some_and(|is| is.contains(text))
            || self
                .is_not
                .as_ref()
                .is_some_and(|is_not| !is_not.contains(text))
            || any(&self.starts_with, &|start| text.starts_with(start))
            || any(&self.contains, &|part| text.contains(part))
    }
}
