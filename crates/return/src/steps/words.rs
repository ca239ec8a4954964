//! Numbers as people write them in a file of steps.

use super::{Amount, Portion};
use detente_quantity::{Decimal, Unit, decimal};

/// `440.9 kg`, `202.8 kg of uranium`, `5060`.
pub(super) fn amount(text: &str) -> Result<Amount, String> {
    let text = text.trim();
    let end = text
        .find(|character: char| !(character.is_ascii_digit() || character == '.'))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let value = decimal::parse(number)
        .map_err(|_| format!("`{text}` is not a number with a unit; write it like 440.9 kg"))?;
    let unit = match unit.trim() {
        "" => None,
        unit => Some(Unit::parse(unit).map_err(|error| error.to_string())?),
    };
    Ok(Amount { value, unit })
}

/// A mass of uranium in grams.
pub(super) fn grams(text: &str) -> Result<Decimal, String> {
    let amount = amount(text)?;
    let wrong = || format!("`{text}` is not a mass; write it like 440.9 kg");
    let unit = amount.unit.ok_or_else(wrong)?;
    let uranium = Unit::parse("kg of uranium").map_err(|error| error.to_string())?;
    if !(unit.same_dimension(&Unit::KILOGRAM) || unit.same_dimension(&uranium)) {
        return Err(format!(
            "`{text}` is not a mass of uranium; compounds are to be converted first"
        ));
    }
    unit.to_base(amount.value)
        .and_then(|kilograms| kilograms.checked_mul(Decimal::ONE_THOUSAND))
        .ok_or_else(wrong)
}

/// `all`, `all but 202.8 kg`, `440.9 kg`.
pub(super) fn portion(text: &str) -> Result<Portion, String> {
    let text = text.trim();
    if text == "all" {
        return Ok(Portion::All);
    }
    if let Some(rest) = text.strip_prefix("all but ") {
        return Ok(Portion::AllBut(grams(rest)?));
    }
    Ok(Portion::Grams(grams(text).map_err(|_| {
        format!("`{text}` is not an amount; write 440.9 kg, all, or all but 202.8 kg")
    })?))
}

/// `3.67 %` as a mass fraction.
pub(super) fn share(text: &str) -> Result<Decimal, String> {
    let wrong = || format!("`{text}` is not an enrichment; write it like 3.67 %");
    let number = text.trim().strip_suffix('%').ok_or_else(wrong)?;
    let value = decimal::parse(number.trim()).map_err(|_| wrong())?;
    if value.is_sign_negative() || value > Decimal::ONE_HUNDRED {
        return Err(format!("`{text}` is not between 0 % and 100 %"));
    }
    value.checked_div(Decimal::ONE_HUNDRED).ok_or_else(wrong)
}

/// `60 %`, or `2 % to 20 %` (also `2 %..20 %`), as mass fractions.
pub(super) fn shares(text: &str) -> Result<(Decimal, Decimal), String> {
    let both = text.split_once("..").or_else(|| text.split_once(" to "));
    let Some((low, high)) = both else {
        let one = share(text)?;
        return Ok((one, one));
    };
    let (low, high) = (share(low)?, share(high)?);
    if low > high {
        return Err(format!("`{text}` begins above its end"));
    }
    Ok((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_grams() {
        assert_eq!(
            grams("440.9 kg").unwrap(),
            decimal::parse("440900").unwrap()
        );
        assert_eq!(grams("1 g").unwrap(), Decimal::ONE);
        assert_eq!(
            grams("9.8749 t of uranium").unwrap(),
            decimal::parse("9874900").unwrap()
        );
        assert!(grams("300 kg of UF6").unwrap_err().contains("compounds"));
        assert!(grams("300").is_err() && grams("kg").is_err() && grams("-1 kg").is_err());
    }

    #[test]
    fn portions_and_shares() {
        assert_eq!(portion("all").unwrap(), Portion::All);
        assert_eq!(
            portion("all but 202.8 kg").unwrap(),
            Portion::AllBut(decimal::parse("202800").unwrap())
        );
        assert_eq!(share("3.67 %").unwrap(), decimal::parse("0.0367").unwrap());
        assert_eq!(
            shares("2 % to 20 %").unwrap(),
            (
                decimal::parse("0.02").unwrap(),
                decimal::parse("0.2").unwrap()
            )
        );
        assert!(
            share("101 %").is_err() && share("0.0367").is_err() && shares("20 %..2 %").is_err()
        );
    }
}
