//! A trust file is read or refused; what is read has its parts in order, and follows nothing but what it names.
#![no_main]

use detente_exchange::trust::TrustFile;
use detente_ledger::hash::Hash;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = TrustFile::parse(bytes) else {
        return;
    };
    assert_eq!(file.hash(), Hash::of(bytes));
    assert_eq!(file.number() == 1, file.replaces().is_none());
    assert!(file.parties_for_a_change() <= file.members().count());
    for party in file.parties() {
        assert_eq!(file.party(&party.name), Some(party));
        assert!(
            party
                .witnesses
                .iter()
                .all(|&place| place < file.policy().witnesses().len())
        );
        if let Some(origin) = &party.log {
            assert_eq!(file.owner(origin), Some(party));
        }
    }
});
