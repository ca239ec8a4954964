//! Two- and three-line sets of any bytes: what is loaded can be propagated without a panic, and what was
//! written of it reads back as the same.
#![no_main]

use detente_orbit::elements::tle::{Checksums, read, read_pair, write};
use detente_orbit::propagate::Propagator;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (sets, problems) = read(text, Checksums::Report);
    let lines = text.lines().count();
    for problem in &problems {
        assert!(problem.line >= 1 && problem.line <= lines.max(1));
    }
    for (_, set) in sets.iter().take(8) {
        if let Ok(propagator) = Propagator::new(set)
            && let Ok(state) = propagator.after_minutes(1440.0)
        {
            assert!(state.position.iter().all(|axis| axis.is_finite()));
        }
        if let Ok([one, two]) = write(set) {
            let again = read_pair(&one, &two, Checksums::Require);
            assert!(again.is_ok(), "{one}\n{two}\n{again:?}");
        }
    }
});
