//! Evidence is read or refused; nothing made up convicts anybody under a trust file, and what is read is written as the same.
#![no_main]

use detente_exchange::evidence::Evidence;
use detente_exchange::trust::{TrustFile, TrustSequence};
use detente_ledger::policy::Policy;
use libfuzzer_sys::fuzz_target;

// A log whose key nobody has any more.
const POLICY: &[u8] =
    b"log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\nquorum none\n";

fuzz_target!(|bytes: &[u8]| {
    let looks = Evidence::looks_like(bytes);
    let Ok(evidence) = Evidence::parse(bytes) else {
        return;
    };
    assert!(looks);
    let again = Evidence::parse(evidence.to_json().as_bytes()).expect("what was written is read");
    assert_eq!(again.to_json(), evidence.to_json());
    let trust = TrustFile::of_policy(Policy::parse(POLICY).expect("a policy"));
    assert!(evidence.verify(&TrustSequence::new(trust)).is_err());
});
