//! Currencies.

use std::fmt;
use std::str::FromStr;

use super::UnitError;

/// The codes of ISO 4217: list one (currencies in use, 2025) and, since records reach back, those of list
/// three (historic ones) that were in use after 1970. In alphabetical order.
const CODES: &str = "\
ADP AED AFA AFN ALK ALL AMD ANG AOA AON AOR ARA ARP ARS ATS AUD AWG AZM AZN BAM \
BBD BDT BEF BGL BGN BHD BIF BMD BND BOB BRC BRE BRL BRN BRR BSD BTN BWP BYB BYN \
BYR BZD CAD CDF CHF CLP CNY COP CRC CSD CSK CUC CUP CVE CYP CZK DDM DEM DJF DKK \
DOP DZD ECS EEK EGP ERN ESP ETB EUR FIM FJD FKP FRF GBP GEL GHC GHS GIP GMD GNF \
GRD GTQ GWP GYD HKD HNL HRD HRK HTG HUF IDR IEP ILS INR IQD IRR ISK ITL JMD JOD \
JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LUF LVL LYD MAD \
MDL MGA MGF MKD MLF MMK MNT MOP MRO MRU MTL MUR MVR MWK MXN MXP MYR MZM MZN NAD \
NGN NIC NIO NLG NOK NPR NZD OMR PAB PEI PEN PES PGK PHP PKR PLN PLZ PTE PYG QAR \
ROL RON RSD RUB RUR RWF SAR SBD SCR SDD SDG SDP SEK SGD SHP SIT SKK SLE SLL SOS \
SRD SRG SSP STD STN SUR SVC SYP SZL THB TJR TJS TMM TMT TND TOP TPE TRL TRY TTD \
TWD TZS UAH UAK UGS UGX USD UYP UYU UZS VEB VED VEF VES VND VUV WST XAF XCD XCG \
XDR XEU XOF XPF YDD YER YUD YUM YUN ZAL ZAR ZMK ZMW ZRN ZRZ ZWD ZWG ZWL ZWR";

/// A currency's code of three capital letters, from ISO 4217: `USD`, `EUR`, `RUB`, `CNY`; past ones
/// (`SUR`, `DEM`) included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CurrencyCode([u8; 3]);

impl CurrencyCode {
    /// The currency with this code; `None` if there is none.
    #[must_use]
    pub fn new(text: &str) -> Option<CurrencyCode> {
        let code: [u8; 3] = text.as_bytes().try_into().ok()?;
        CODES
            .split(' ')
            .any(|known| known == text)
            .then_some(CurrencyCode(code))
    }

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Three ASCII letters are always UTF-8.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The code that a text has in small letters.
pub(super) fn in_small_letters(text: &str) -> Option<&'static str> {
    CODES
        .split(' ')
        .find(|known| known.eq_ignore_ascii_case(text))
}

impl FromStr for CurrencyCode {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<CurrencyCode, UnitError> {
        CurrencyCode::new(text).ok_or_else(|| UnitError::unknown(text))
    }
}

impl fmt::Display for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_three_capital_letters_in_order() {
        let codes: Vec<&str> = CODES.split(' ').collect();
        assert!(codes.is_sorted_by(|one, other| one < other));
        for code in codes {
            assert!(
                code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase()),
                "{code}"
            );
            assert_eq!(CurrencyCode::new(code).unwrap().as_str(), code);
        }
        assert_eq!(CurrencyCode::new("USB"), None);
        assert_eq!(CurrencyCode::new("USD EUR"), None);
        assert_eq!(CurrencyCode::new(""), None);
    }
}
