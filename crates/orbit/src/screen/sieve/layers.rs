//! Layers of height: two objects whose ranges of radius overlap are in the same layer, or the lower one reaches
//! up into the other's.

/// Height of the rows of the table, km.
const ROW: f32 = 10.0;
/// Radius of the lowest row, and how many rows there are: what is higher is in the highest layer.
const LOWEST: f32 = 6000.0;
const ROWS: usize = 4096;
/// At most so many layers.
const LAYERS: usize = 64;

/// Which layer a radius is in.
pub(super) struct Layers {
    of_row: Vec<u8>,
    count: usize,
}

impl Layers {
    /// Layers of at least `least` objects (where the highest may have fewer) and at least `height` km, for objects whose
    /// mean radii are given.
    pub(super) fn of(radii: impl Iterator<Item = f64>, least: usize, height: f64) -> Self {
        let mut rows = vec![0_usize; ROWS];
        for radius in radii {
            rows[row(radius as f32)] += 1;
        }
        let mut of_row = Vec::with_capacity(ROWS);
        let (mut layer, mut objects, mut thick) = (0, 0, 0.0);
        for count in rows {
            if objects >= least && thick >= height && layer + 1 < LAYERS {
                (layer, objects, thick) = (layer + 1, 0, 0.0);
            }
            of_row.push(layer as u8);
            objects += count;
            thick += f64::from(ROW);
        }
        Self {
            of_row,
            count: layer + 1,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The layer of a radius, km; never lower for a larger radius.
    #[inline(always)]
    pub(super) fn of_radius(&self, radius: f32) -> usize {
        usize::from(self.of_row[row(radius)])
    }
}

/// The row of a radius: what is no number, or below the lowest, is in the first.
#[inline(always)]
fn row(radius: f32) -> usize {
    (((radius - LOWEST) * (1.0 / ROW)) as u32 as usize).min(ROWS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_rise_with_the_radius_and_hold_enough() {
        let radii: Vec<f64> = (0..10_000).map(|n| 6500.0 + f64::from(n % 997)).collect();
        let layers = Layers::of(radii.iter().copied(), 1000, 30.0);
        assert!(layers.len() > 5, "{}", layers.len());
        let mut counts = vec![0; layers.len()];
        for radius in &radii {
            counts[layers.of_radius(*radius as f32)] += 1;
        }
        assert!(
            counts[..layers.len() - 1]
                .iter()
                .all(|count| *count >= 1000)
        );
        let mut before = 0;
        for radius in (0..600_000).step_by(7) {
            let layer = layers.of_radius(radius as f32);
            assert!(layer == before || layer == before + 1);
            before = layer;
        }
        assert_eq!(before, layers.len() - 1);
    }
}
