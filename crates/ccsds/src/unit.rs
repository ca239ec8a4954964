//! Units as the standards write them (`km**2/s`), and the other ways in which they are met.

/// A unit: what it measures, and how large it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Exponents of metre, kilogram, second, degree, and of each further name.
    dimensions: Vec<(Name, i8)>,
    /// In the base units.
    scale: f64,
}

/// A base dimension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Metre,
    Kilogram,
    Second,
    Degree,
    /// Measured by itself: `%`, `SFU`, `ER`, `nT`, …
    Other(String),
}

/// How one unit stands to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Relation {
    /// The same unit.
    Same,
    /// The same quantity: a value in the first is so many times as large in the second.
    Scaled(f64),
}

/// The deepest nesting of brackets, and the most symbols: no unit needs more.
const MOST_DEPTH: u8 = 4;
const MOST_LENGTH: usize = 64;
const MOST_EXPONENT: i8 = 9;

impl Unit {
    const ONE: Self = Self {
        dimensions: Vec::new(),
        scale: 1.0,
    };

    /// Reads a unit; `None` if it is none. `**` and `^` and raised digits are exponents; `*`, `.`, `·` and `×` multiply.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MOST_LENGTH {
            return None;
        }
        let symbols: Vec<char> = text.chars().collect();
        let mut parser = Parser {
            symbols: &symbols,
            at: 0,
        };
        let unit = parser.product(0)?;
        (parser.at == symbols.len()).then_some(unit)
    }

    /// How a value in this unit is had in another; `None` if they do not measure the same.
    #[must_use]
    pub fn relation(&self, other: &Self) -> Option<Relation> {
        if self.dimensions != other.dimensions {
            return None;
        }
        let factor = self.scale / other.scale;
        if (factor - 1.0).abs() < 1e-12 {
            Some(Relation::Same)
        } else {
            Some(Relation::Scaled(factor))
        }
    }

    fn named(text: &str) -> Self {
        let (name, scale) = match text {
            "m" => (Name::Metre, 1.0),
            "km" => (Name::Metre, 1000.0),
            "cm" => (Name::Metre, 0.01),
            "mm" => (Name::Metre, 0.001),
            "kg" => (Name::Kilogram, 1.0),
            "g" => (Name::Kilogram, 0.001),
            "s" | "sec" => (Name::Second, 1.0),
            "min" => (Name::Second, 60.0),
            "h" => (Name::Second, 3600.0),
            "d" | "day" | "days" => (Name::Second, 86_400.0),
            "deg" | "°" => (Name::Degree, 1.0),
            "rad" => (Name::Degree, 180.0 / std::f64::consts::PI),
            "rev" => (Name::Degree, 360.0),
            "Hz" => {
                return Self {
                    dimensions: vec![(Name::Second, -1)],
                    scale: 1.0,
                };
            }
            "N" => {
                return Self {
                    dimensions: vec![(Name::Metre, 1), (Name::Kilogram, 1), (Name::Second, -2)],
                    scale: 1.0,
                };
            }
            "W" => {
                return Self {
                    dimensions: vec![(Name::Metre, 2), (Name::Kilogram, 1), (Name::Second, -3)],
                    scale: 1.0,
                };
            }
            other => (Name::Other(other.to_owned()), 1.0),
        };
        Self {
            dimensions: vec![(name, 1)],
            scale,
        }
    }

    fn times(mut self, other: &Self, power: i8) -> Option<Self> {
        for (name, exponent) in &other.dimensions {
            let exponent = exponent.checked_mul(power)?;
            if let Some(at) = self.dimensions.iter().position(|(known, _)| known == name) {
                let sum = self.dimensions.get(at)?.1.checked_add(exponent)?;
                if sum == 0 {
                    self.dimensions.remove(at);
                } else if let Some(entry) = self.dimensions.get_mut(at) {
                    entry.1 = sum;
                }
            } else if exponent != 0 {
                self.dimensions.push((name.clone(), exponent));
            }
        }
        self.dimensions.sort();
        self.scale *= other.scale.powi(i32::from(power));
        Some(self)
    }
}

struct Parser<'a> {
    symbols: &'a [char],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.symbols.get(self.at).copied()
    }

    fn take(&mut self, symbol: char) -> bool {
        let found = self.peek() == Some(symbol);
        self.at += usize::from(found);
        found
    }

    fn product(&mut self, depth: u8) -> Option<Unit> {
        let mut unit = self.power(depth)?;
        loop {
            // `**` is an exponent, not a product; it was taken with its base.
            let power = match self.peek() {
                Some('/') => -1,
                Some('*' | '.' | '·' | '⋅' | '×') => 1,
                _ => return Some(unit),
            };
            self.at += 1;
            unit = unit.times(&self.power(depth)?, power)?;
        }
    }

    fn power(&mut self, depth: u8) -> Option<Unit> {
        let base = if self.take('(') {
            if depth >= MOST_DEPTH {
                return None;
            }
            let inner = self.product(depth + 1)?;
            if !self.take(')') {
                return None;
            }
            inner
        } else if self.take('1') {
            Unit::ONE
        } else {
            let from = self.at;
            while self
                .peek()
                .is_some_and(|symbol| symbol.is_alphabetic() || "°%#".contains(symbol))
            {
                self.at += 1;
            }
            let name: String = self.symbols.get(from..self.at)?.iter().collect();
            if name.is_empty() {
                return None;
            }
            Unit::named(&name)
        };
        let exponent = self.exponent()?;
        Unit::ONE.times(&base, exponent)
    }

    fn exponent(&mut self) -> Option<i8> {
        let raised = |symbol: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|known| known == symbol);
        let marked = if self.take('^') {
            true
        } else if self.peek() == Some('*') && self.symbols.get(self.at + 1) == Some(&'*') {
            self.at += 2;
            true
        } else {
            false
        };
        let negative = if marked {
            self.take('-')
        } else {
            self.take('⁻')
        };
        let digit = self.peek().and_then(|symbol| {
            if marked {
                symbol.to_digit(10).map(|digit| digit as usize)
            } else {
                raised(symbol)
            }
        });
        let Some(digit) = digit else {
            return (!marked && !negative).then_some(1);
        };
        self.at += 1;
        let digit = i8::try_from(digit)
            .ok()
            .filter(|digit| *digit <= MOST_EXPONENT)?;
        Some(if negative { -digit } else { digit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(a: &str, b: &str) -> Option<Relation> {
        Unit::parse(a)?.relation(&Unit::parse(b)?)
    }

    #[test]
    fn other_spellings_are_the_same_unit() {
        for (a, b) in [
            ("km²·s⁻¹", "km**2/s"),
            ("km².s⁻²", "km**2/s**2"),
            ("km^2/s^2", "km**2/s**2"),
            ("m**3/(kg*s)", "m³/kg/s"),
            ("rev/day", "rev/d"),
            ("kg*m/s**2", "N"),
            ("N*m/s", "W"),
        ] {
            assert_eq!(relation(a, b), Some(Relation::Same), "{a} {b}");
        }
    }

    #[test]
    fn scales() {
        for (a, b, factor) in [
            ("m×s⁻¹", "km/s", 1e-3),
            ("m**2", "km**2", 1e-6),
            ("rad", "deg", 180.0 / std::f64::consts::PI),
            ("rev/day", "deg/s", 360.0 / 86_400.0),
        ] {
            match relation(a, b) {
                Some(Relation::Scaled(found)) => {
                    assert!((found / factor - 1.0).abs() < 1e-12, "{a} {b} {found}");
                }
                other => panic!("{a} {b} {other:?}"),
            }
        }
        assert_eq!(relation("s", "m**2"), None);
        assert_eq!(relation("SFU", "nT"), None);
    }

    #[test]
    fn what_is_no_unit() {
        for text in [
            "",
            "m**",
            "m/",
            "(m",
            "m)",
            "((((((m))))))",
            "2m",
            "m s",
            "m**99",
        ] {
            assert_eq!(Unit::parse(text), None, "{text}");
        }
    }
}
