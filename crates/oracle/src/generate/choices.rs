//! A sequence of small choices, random or repeated.

/// Where a generator's choices come from, and which ones it took.
#[derive(Clone, Debug)]
pub struct Choices {
    given: Vec<u32>,
    state: Option<u64>,
    taken: Vec<u32>,
}

impl Choices {
    /// Random choices, the same for the same seed.
    #[must_use]
    pub fn random(seed: u64) -> Choices {
        Choices {
            given: Vec::new(),
            state: Some(seed),
            taken: Vec::new(),
        }
    }

    /// These choices, then always the simplest.
    #[must_use]
    pub fn repeated(given: Vec<u32>) -> Choices {
        Choices {
            given,
            state: None,
            taken: Vec::new(),
        }
    }

    /// The choices taken so far.
    #[must_use]
    pub fn taken(&self) -> &[u32] {
        &self.taken
    }

    /// A number below `count`; 0 if there is nothing to choose.
    pub fn below(&mut self, count: u32) -> u32 {
        if count <= 1 {
            return 0;
        }
        let number = match &mut self.state {
            Some(state) => {
                // SplitMix64 (Steele, Lea, Flood 2014).
                *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mut mixed = *state;
                mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                ((mixed ^ (mixed >> 31)) % u64::from(count)) as u32
            }
            None => self
                .given
                .get(self.taken.len())
                .copied()
                .unwrap_or(0)
                .min(count - 1),
        };
        self.taken.push(number);
        number
    }

    /// A number from `least` through `most`; the least is the simplest.
    pub fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most - least + 1)
    }

    /// True in one of so many cases; false is the simplest.
    pub fn one_in(&mut self, cases: u32) -> bool {
        cases > 0 && self.below(cases) == cases - 1 && cases > 1
    }

    /// One of these; the first is the simplest.
    pub fn one_of<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len() as u32) as usize]
    }

    /// Something in one of so many cases.
    pub fn maybe<T>(&mut self, cases: u32, make: impl FnOnce(&mut Choices) -> T) -> Option<T> {
        self.one_in(cases).then(|| make(self))
    }

    /// Which of the alternatives with these weights; the first is the simplest.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }
}
