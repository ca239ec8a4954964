//! A policy is read or refused; with no witness at all it has a quorum only if it asks for none that needs one.
#![no_main]

use detente_ledger::policy::Policy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(policy) = Policy::parse(bytes) {
        assert_eq!(policy.as_bytes(), bytes);
        let all: Vec<usize> = (0..policy.witnesses().len()).collect();
        // More witnesses never make less of a quorum, and all of them always make one.
        assert!(policy.is_quorum(&all));
        for count in 0..all.len() {
            assert!(!policy.is_quorum(&all[..count]) || policy.is_quorum(&all[..=count]));
        }
    }
});
