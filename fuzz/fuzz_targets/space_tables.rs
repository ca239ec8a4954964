//! Tables of satellites and of parties of any bytes: what is wrong is told, the rest is taken, and each object once.
#![no_main]

use detente_space::holder::Holders;
use detente_space::satellites::Satellites;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (first, second) = text.split_once('\0').unwrap_or((text, text));
    let holders = Holders::read("map", second).unwrap_or_default();
    let Ok((satellites, faults)) = Satellites::read("satellites", first) else {
        return;
    };
    assert!(faults.iter().all(|fault| fault.starts_with("satellites:")));
    for row in satellites.iter() {
        assert_eq!(satellites.get(row.number), Some(row));
        assert!(!holders.of(row.owner.as_deref()).words().is_empty());
    }
    // The same table again changes nothing.
    let mut twice = satellites.clone();
    assert_eq!(twice.add("satellites", first).expect("it was read"), faults);
    assert_eq!(twice, satellites);
});
