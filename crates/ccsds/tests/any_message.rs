//! Any message that its description allows comes back from every syntax as it was.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is wrong"
)]

use detente_ccsds::description::{
    BlockDescription, Brackets, FieldDescription, LineForm, MANEUVER_COLUMNS, OBSERVATIONS, Part,
    Presence, STATE_COLUMNS, TRAJECTORY_TYPES, ValueType, covariance_line_length,
};
use detente_ccsds::{Kind, Message, Strictness, read, write_json, write_kvn, write_xml};
use proptest::prelude::*;
use proptest::test_runner::TestRng;

/// Makes the text of a message in KVN by walking its description.
struct Maker<'r> {
    random: &'r mut TestRng,
    text: String,
    /// The line number of the block's time, so that times increase.
    seconds: u32,
    trajectory: usize,
    objects: usize,
}

impl Maker<'_> {
    fn below(&mut self, bound: u32) -> u32 {
        self.random.next_u32() % bound
    }

    fn chance(&mut self) -> bool {
        self.below(2) == 0
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn real(&mut self) -> String {
        let forms = [
            "1.50",
            "-0.0",
            "+2",
            "3.0e-7",
            "-4.25E+12",
            "007.10",
            "0.1",
            "9",
        ];
        forms[self.below(8) as usize].to_owned()
    }

    fn positive(&mut self) -> String {
        let forms = ["1.50", "2", "3.0e-7", "4.25E+2", "007.10", "0.25"];
        forms[self.below(6) as usize].to_owned()
    }

    fn date(&mut self) -> String {
        self.seconds += 1;
        let (minute, second) = (self.seconds / 60 % 60, self.seconds % 60);
        let hour = self.seconds / 3600 % 24;
        let fraction = ["", ".5", ".123456789012345678901"][self.below(3) as usize];
        let end = ["", "Z"][self.below(2) as usize];
        if self.chance() {
            format!("2026-11-24T{hour:02}:{minute:02}:{second:02}{fraction}{end}")
        } else {
            format!("2026-328T{hour:02}:{minute:02}:{second:02}{fraction}{end}")
        }
    }

    fn words(&mut self) -> String {
        let symbols: Vec<char> = " abcXYZ019_-.,;:()/&<>\"'[]#é−".chars().collect();
        let length = 1 + self.below(12);
        let mut text: String = (0..length)
            .map(|_| symbols[self.below(symbols.len() as u32) as usize])
            .collect();
        // Blanks around a value say nothing.
        text.insert(0, 'v');
        text.push('w');
        text
    }

    fn value(&mut self, field: &FieldDescription) -> String {
        match field.value {
            ValueType::Text | ValueType::List => self.words(),
            ValueType::Date | ValueType::Time => self.date(),
            ValueType::TimeSystem => "UTC".to_owned(),
            ValueType::Real => self.real(),
            ValueType::NonNegative | ValueType::Positive => self.positive(),
            ValueType::Probability => "4.835E-05".to_owned(),
            ValueType::Percent => "97.8".to_owned(),
            ValueType::Integer | ValueType::Count => self.below(1000).to_string(),
            ValueType::Word(words) => words[self.below(words.len() as u32) as usize].to_owned(),
            ValueType::Vector(length) => (0..length)
                .map(|_| self.real())
                .collect::<Vec<_>>()
                .join(" "),
            ValueType::Path => "1,2,1".to_owned(),
            ValueType::Units => "[n/a]".to_owned(),
        }
    }

    fn comment(&mut self) {
        while self.below(4) == 0 {
            let text = self.words();
            let blanks = ["", " ", "   "][self.below(3) as usize];
            self.line(&format!("COMMENT {blanks}{text}"));
        }
    }

    fn field(&mut self, field: &FieldDescription, value: &str) {
        let unit = match field.unit {
            Some(unit) if self.chance() => format!(" [{unit}]"),
            _ => String::new(),
        };
        self.line(&format!("{} = {value}{unit}", field.keyword));
    }

    fn block(&mut self, block: &'static BlockDescription) {
        let prefix = match block.brackets {
            Brackets::Each(prefix) => Some(prefix),
            _ => None,
        };
        if let Some(prefix) = prefix {
            self.line(&format!("{prefix}_START"));
        }
        self.comment();
        let mut given = [false; 8];
        for part in block.parts {
            match part {
                Part::Field(field) => self.part(field, &mut given),
                Part::Block(used) => {
                    let count = if used.most == used.least {
                        used.least
                    } else {
                        used.least + self.below(3.min((used.most - used.least).saturating_add(1)))
                    };
                    if let Brackets::Run(prefix) = used.block.brackets {
                        if count > 0 {
                            self.line(&format!("{prefix}_START"));
                            for _ in 0..count {
                                self.matrix(used.block);
                            }
                            self.line(&format!("{prefix}_STOP"));
                        }
                    } else {
                        for _ in 0..count {
                            self.block(used.block);
                        }
                    }
                }
                Part::Lines(lines) => self.lines(lines.form),
                Part::UserDefined => {
                    for number in 0..self.below(3) {
                        let value = self.words();
                        self.line(&format!("USER_DEFINED_P{number} = {value}"));
                    }
                }
            }
        }
        if let Some(prefix) = prefix {
            self.line(&format!("{prefix}_STOP"));
        }
    }

    fn part(&mut self, field: &FieldDescription, given: &mut [bool; 8]) {
        let keyword = field.keyword;
        // What other keywords or the lines depend on.
        match keyword {
            "OBJECT" => {
                self.objects += 1;
                return self.field(field, ["OBJECT1", "OBJECT2"][self.objects - 1]);
            }
            "TRAJ_TYPE" => {
                self.trajectory = self.below(TRAJECTORY_TYPES.len() as u32) as usize;
                return self.field(field, TRAJECTORY_TYPES[self.trajectory].name);
            }
            "COV_TYPE" => return self.field(field, "CARTP"),
            "COV_ORDERING" => return self.field(field, "UTM"),
            "MAN_COMPOSITION" => {
                return self.field(field, "TIME_RELATIVE, DV_X, DV_Y, DV_Z, THR_INTERP");
            }
            "DC_TYPE" => return self.field(field, "CONTINUOUS"),
            "TRAJ_UNITS" | "COV_UNITS" | "MAN_UNITS" | "START_TIME" | "STOP_TIME" | "TIME_SPAN"
                if !matches!(field.presence, Presence::Obligatory) =>
            {
                return;
            }
            "ORB_REVNUM" | "ORB_REVNUM_BASIS" | "MODE" | "PATH" | "PATH_1" | "PATH_2" => return,
            _ => {}
        }
        // Rows 7 to 9 of a CDM's matrices are given whole: here, all of them.
        let row = ["CDRG_", "CSRP_", "CTHR_"]
            .iter()
            .any(|row| keyword.starts_with(row));
        let wanted = match field.presence {
            Presence::Obligatory => true,
            Presence::Optional | Presence::Default(_) => row || self.chance(),
            Presence::OneOf(group) | Presence::AtMostOneOf(group) => {
                let first = !given[group as usize];
                given[group as usize] = true;
                first
            }
        };
        if wanted {
            let value = self.value(field);
            self.field(field, &value);
        }
    }

    fn matrix(&mut self, block: &'static BlockDescription) {
        self.comment();
        let mut numbers = 0;
        for part in block.parts {
            let Part::Field(field) = part else { continue };
            if field.value == ValueType::Real {
                numbers += 1;
            } else if field.presence == Presence::Obligatory || self.chance() {
                let value = self.value(field);
                self.field(field, &value);
            }
        }
        let mut row = 1;
        while numbers > 0 {
            let items: Vec<String> = (0..row).map(|_| self.real()).collect();
            self.line(&items.join("  "));
            numbers -= row;
            row += 1;
        }
    }

    fn lines(&mut self, form: LineForm) {
        for _ in 0..1 + self.below(4) {
            let count = match form {
                LineForm::State => STATE_COLUMNS.len() - 3 * self.below(2) as usize,
                LineForm::Trajectory => TRAJECTORY_TYPES[self.trajectory].units.len(),
                LineForm::Covariance => covariance_line_length("CARTP", "UTM").unwrap(),
                LineForm::Observation => {
                    let observed = self.below(OBSERVATIONS.len() as u32) as usize;
                    let (date, value) = (self.date(), self.value(&OBSERVATIONS[observed]));
                    self.line(&format!(
                        "{} = {date} {value}",
                        OBSERVATIONS[observed].keyword
                    ));
                    continue;
                }
                LineForm::Maneuver => {
                    assert!(MANEUVER_COLUMNS.iter().any(|column| column.name == "DV_X"));
                    self.seconds += 1;
                    let line = format!("{}.0 1.0 2.0 -3.0 ON", self.seconds);
                    self.line(&line);
                    continue;
                }
            };
            let mut line = self.date();
            for _ in 0..count {
                line.push(' ');
                line.push_str(&self.real());
            }
            self.line(&line);
        }
    }
}

/// A whole message. Optional fields may be missing; where COV_TYPE is, the lines would be of another length.
fn make(kind: Kind, random: &mut TestRng) -> String {
    let version = kind.newest_version();
    let mut maker = Maker {
        random,
        text: format!("{} = {version}\n", kind.version_keyword()),
        seconds: 0,
        trajectory: 0,
        objects: 0,
    };
    maker.block(kind.description());
    maker.text
}

fn back(message: &Message, text: &str) -> Message {
    let mut document =
        read(text.as_bytes(), Strictness::Strict).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let again = document.messages.remove(0);
    assert!(message.same_content(&again), "{text}");
    again
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_message_comes_back(kind in 0_usize..6, seed in any::<u64>().no_shrink()) {
        let kind = Kind::ALL[kind];
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut random = TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &bytes);
        let text = make(kind, &mut random);
        let message = read(text.as_bytes(), Strictness::Strict)
            .unwrap_or_else(|error| panic!("{error}\n{text}"))
            .messages
            .remove(0);
        let kvn = write_kvn(&message);
        back(&message, &kvn);
        let xml = write_xml(&message);
        let from_xml = back(&message, &xml);
        prop_assert_eq!(&from_xml, &message);
        prop_assert_eq!(write_kvn(&from_xml), kvn);
        if let Some(json) = write_json(&message) {
            back(&message, &json);
        }
    }

    /// A message with one piece taken out, doubled or changed is refused or comes back; reading never panics.
    #[test]
    fn a_damaged_message_is_refused_or_comes_back(
        kind in 0_usize..6,
        seed in any::<u64>().no_shrink(),
        line in any::<prop::sample::Index>(),
        damage in 0_u8..5,
    ) {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut random = TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &bytes);
        let text = make(Kind::ALL[kind], &mut random);
        for text in [text.clone(), write_xml(&read(text.as_bytes(), Strictness::Strict).unwrap().messages[0])] {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            let at = line.index(lines.len());
            match damage {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[at].clone()),
                2 => lines.swap(at, text.lines().count() / 2),
                3 => lines[at] = lines[at].replace(|symbol: char| symbol.is_ascii_digit(), "x"),
                _ => lines.truncate(at),
            }
            let damaged = lines.join("\n");
            for strictness in [Strictness::Strict, Strictness::Lenient] {
                if let Ok(document) = read(damaged.as_bytes(), strictness) {
                    for message in &document.messages {
                        let kvn = read(write_kvn(message).as_bytes(), strictness).unwrap_or_else(|error| panic!("{error}\n{damaged}"));
                        prop_assert!(message.same_content(&kvn.messages[0]), "{}", damaged);
                        let xml = read(write_xml(message).as_bytes(), strictness).unwrap_or_else(|error| panic!("{error}\n{damaged}"));
                        prop_assert_eq!(&xml.messages[0], message);
                    }
                }
            }
        }
    }
}
