//! Cells of the sphere of directions: two objects whose directions are within a reach of each other are in
//! the same cell or in neighbouring ones.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI, TAU};

/// Room for the error of [`direction`] and of rounding, radians.
const SLACK: f64 = 1e-4;

/// Bands of latitude, each cut into cells of equal longitude.
pub(crate) struct Cells {
    bands: Vec<Band>,
    count: usize,
    /// Bands per radian of latitude.
    scale: f64,
}

struct Band {
    first: usize,
    cells: usize,
    /// Cells per radian of longitude.
    scale: f32,
    /// Largest difference in longitude of two directions within reach, one of them in this band.
    span: f64,
}

impl Cells {
    /// Cells for a reach in radians; at most `limit` of them.
    pub(crate) fn new(reach: f64, limit: usize) -> Self {
        let mut height = reach + SLACK;
        loop {
            let cells = Self::with_height(reach, height);
            if cells.count <= limit || cells.bands.len() <= 1 {
                return cells;
            }
            height *= 1.2;
        }
    }

    fn with_height(reach: f64, height: f64) -> Self {
        let number = ((PI / height).floor() as usize).clamp(1, 4096);
        let height = PI / number as f64;
        let mut bands = Vec::with_capacity(number);
        let mut first = 0;
        for band in 0..number {
            let south = (-FRAC_PI_2 + band as f64 * height).abs();
            let north = (-FRAC_PI_2 + (band + 1) as f64 * height).abs();
            let span = longitude_span(south.max(north), reach + SLACK);
            // Of fewer than three cells each would be the other's neighbour on both sides.
            let wide = (span + SLACK).max(height);
            let cells = match (TAU / wide).floor() as usize {
                0..=2 => 1,
                cells => cells,
            };
            bands.push(Band {
                first,
                cells,
                scale: (cells as f64 / TAU) as f32,
                span,
            });
            first += cells;
        }
        Self {
            scale: bands.len() as f64 / PI,
            bands,
            count: first,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// The cell of a direction, its rounding within [`SLACK`].
    #[inline(always)]
    pub(crate) fn of(&self, latitude: f32, longitude: f32) -> usize {
        // By way of u32, whose conversion is the cheaper one.
        let last = self.bands.len() - 1;
        let band = ((latitude + FRAC_PI_2 as f32) * self.scale as f32) as u32 as usize;
        let band = &self.bands[band.min(last)];
        let index = (longitude * band.scale) as u32 as usize;
        band.first + index.min(band.cells - 1)
    }

    /// For each cell the neighbours that come after it, so that each pair of neighbours is met once.
    pub(crate) fn forward_neighbours(&self) -> Vec<Vec<u32>> {
        let mut neighbours = Vec::with_capacity(self.count);
        for (number, band) in self.bands.iter().enumerate() {
            let next = self.bands.get(number + 1);
            for index in 0..band.cells {
                let mut list = Vec::new();
                if band.cells >= 3 {
                    list.push((band.first + (index + 1) % band.cells) as u32);
                }
                if let Some(next) = next {
                    let width = TAU / band.cells as f64;
                    let span = band.span.max(next.span) + SLACK;
                    let middle = (index as f64 + 0.5) * width;
                    next.overlapping(middle, 0.5 * width + span, &mut list);
                }
                neighbours.push(list);
            }
        }
        neighbours
    }

    /// All cells within a reach of a direction.
    pub(crate) fn around(&self, latitude: f64, longitude: f64, reach: f64, found: &mut Vec<u32>) {
        let reach = reach + SLACK;
        let number = self.bands.len();
        let band_of = |latitude: f64| {
            let clamped = latitude.clamp(-FRAC_PI_2, FRAC_PI_2);
            (((clamped + FRAC_PI_2) * (number as f64 / PI)) as usize).min(number - 1)
        };
        let span = longitude_span(latitude.abs(), reach) + SLACK;
        for band in &self.bands[band_of(latitude - reach)..=band_of(latitude + reach)] {
            band.overlapping(longitude, span, found);
        }
    }
}

impl Band {
    /// Cells that reach into `middle` ± `half`, each once.
    fn overlapping(&self, middle: f64, half: f64, found: &mut Vec<u32>) {
        if self.cells == 1 || half >= PI {
            found.extend((self.first..self.first + self.cells).map(|cell| cell as u32));
            return;
        }
        let width = TAU / self.cells as f64;
        let low = ((middle - half) / width).floor() as i64;
        let high = ((middle + half) / width).floor() as i64;
        let cells = self.cells as i64;
        let high = high.min(low + cells - 1);
        found.extend((low..=high).map(|cell| (self.first as i64 + cell.rem_euclid(cells)) as u32));
    }
}

/// How much longitude a circle of radius `reach` spans to one side of its centre at a latitude.
fn longitude_span(latitude: f64, reach: f64) -> f64 {
    if latitude + reach >= FRAC_PI_2 {
        PI
    } else {
        (reach.sin() / latitude.cos()).asin()
    }
}

/// Latitude in [-π/2, π/2] and longitude in [0, 2π] of a direction, within 2e-5.
#[inline(always)]
pub(crate) fn direction(x: f32, y: f32, z: f32) -> (f32, f32) {
    let across = (x * x + y * y).sqrt();
    let latitude = first_quadrant(across, z.abs()).copysign(z);
    let angle = first_quadrant(x.abs(), y.abs());
    let angle = if x < 0.0 { PI as f32 - angle } else { angle };
    let longitude = if y < 0.0 { TAU as f32 - angle } else { angle };
    (latitude, longitude)
}

/// The angle of a point with x, y ≥ 0: π/4 + atan(w), w = (y - x) / (y + x), with the polynomial 4.4.49 of
/// Abramowitz and Stegun (error 1e-5).
#[inline(always)]
fn first_quadrant(x: f32, y: f32) -> f32 {
    let w = (y - x) / (y + x);
    let w2 = w * w;
    let series =
        0.999_866 + w2 * (-0.330_299_5 + w2 * (0.180_141 + w2 * (-0.085_133 + w2 * 0.020_835_1)));
    FRAC_PI_4 as f32 + w * series
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit(latitude: f64, longitude: f64) -> [f64; 3] {
        [
            latitude.cos() * longitude.cos(),
            latitude.cos() * longitude.sin(),
            latitude.sin(),
        ]
    }

    /// Rotates `point` by `angle` about an axis at right angles to it.
    fn moved(point: [f64; 3], towards: f64, angle: f64) -> [f64; 3] {
        let helper = if point[2].abs() < 0.9 {
            [0.0, 0.0, 1.0]
        } else {
            [1.0, 0.0, 0.0]
        };
        let cross = |a: [f64; 3], b: [f64; 3]| {
            [
                a[1] * b[2] - a[2] * b[1],
                a[2] * b[0] - a[0] * b[2],
                a[0] * b[1] - a[1] * b[0],
            ]
        };
        let first = cross(point, helper);
        let length = first.iter().map(|axis| axis * axis).sum::<f64>().sqrt();
        let first = first.map(|axis| axis / length);
        let second = cross(point, first);
        let (sine, cosine) = towards.sin_cos();
        let mut result = [0.0; 3];
        for axis in 0..3 {
            result[axis] = point[axis] * angle.cos()
                + (first[axis] * cosine + second[axis] * sine) * angle.sin();
        }
        result
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn directions_within_reach_are_neighbours(
            sine in -1.0_f64..=1.0, longitude in 0.0_f64..TAU, towards in 0.0_f64..TAU,
            part in 0.0_f64..=1.0, reach in 0.002_f64..3.2,
        ) {
            let cells = Cells::new(reach, 4096);
            let neighbours = cells.forward_neighbours();
            let a = unit(sine.asin(), longitude);
            let b = moved(a, towards, reach * part);
            let (a_latitude, a_longitude) = direction(a[0] as f32, a[1] as f32, a[2] as f32);
            let (b_latitude, b_longitude) = direction(b[0] as f32, b[1] as f32, b[2] as f32);
            prop_assert!((f64::from(a_latitude) - sine.asin()).abs() < 2e-5);
            let (one, two) = (cells.of(a_latitude, a_longitude), cells.of(b_latitude, b_longitude));
            let next = |from: usize, to: usize| neighbours[from].contains(&(to as u32));
            prop_assert!(one == two || next(one, two) || next(two, one));
            prop_assert!(neighbours[one].iter().filter(|cell| **cell == two as u32).count() <= 1);
            let mut around = Vec::new();
            cells.around(a_latitude.into(), a_longitude.into(), reach, &mut around);
            prop_assert_eq!(around.iter().filter(|cell| **cell == two as u32).count(), 1);
        }
    }
}
