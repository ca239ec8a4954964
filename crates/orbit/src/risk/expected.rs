//! The expected number of collisions, by the three-dimensional method and its two-dimensional shortcut.
//!
//! Hall, "Expected collision rates for tracked satellites" (Journal of Spacecraft and Rockets 58, 2021, "3D-Nc");
//! Hall, Baars, Casali, "A multistep probability of collision computational algorithm" (AAS 23-398, 2023, "2D-Nc").
//! Written from the formulas there; the quadratures are our own.

use serde::{Deserialize, Serialize};

use super::RiskError;
use super::circle;
use super::overlap::{Conjunction, Overlap};
use super::plane::principal;
use super::repair::Repair;
use super::sphere::Rule;
use crate::matrix::{across, apply, dot, eigen, length, scale, subtract};

/// Places of the window that are looked at for a peak.
const PLACES: usize = 240;
/// Half the squared distance above that of the best peak from which a peak is left out: e⁻³⁵.
const NEGLIGIBLE: f64 = 70.0;
/// Wanted relative error of the integral over time, as the difference of two rules (their error is far less).
const TOLERANCE: f64 = 1e-5;
/// Even parts that the window is cut into where the bodies are wide.
const WIDE_PARTS: i32 = 48;
/// Panels of the integral over time at most.
const PANELS: usize = 2000;

/// Kronrod's 15 points on [-1, 1] from the middle outwards, their weights, and those of Gauss's 7 points.
const KRONROD: [(f64, f64, f64); 8] = [
    (0.0, 0.209_482_141_084_727_83, 0.417_959_183_673_469_4),
    (0.207_784_955_007_898_47, 0.204_432_940_075_298_9, 0.0),
    (
        0.405_845_151_377_397_2,
        0.190_350_578_064_785_4,
        0.381_830_050_505_118_9,
    ),
    (0.586_087_235_467_691_1, 0.169_004_726_639_267_9, 0.0),
    (
        0.741_531_185_599_394_5,
        0.140_653_259_715_525_92,
        0.279_705_391_489_276_64,
    ),
    (0.864_864_423_359_769_1, 0.104_790_010_322_250_18, 0.0),
    (
        0.949_107_912_342_758_5,
        0.063_092_092_629_978_56,
        0.129_484_966_168_869_7,
    ),
    (0.991_455_371_120_812_6, 0.022_935_322_010_529_224, 0.0),
];

/// From when to when, in seconds after the common time of both states.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Seconds after (negative: before) the common time.
    pub from: f64,
    /// Seconds after the common time.
    pub to: f64,
}

impl Window {
    /// Half of the shorter period before and after: one encounter in every way of meeting.
    #[must_use]
    pub fn of(conjunction: &Conjunction) -> Self {
        let half = 0.5 * conjunction.shorter_period();
        Self {
            from: -half,
            to: half,
        }
    }

    pub(crate) fn check(&self) -> Result<(), RiskError> {
        let good = self.from.is_finite() && self.to.is_finite() && self.from < self.to;
        // A century: beyond it nothing here has a meaning.
        (good && self.from.abs().max(self.to.abs()) < 3.2e9)
            .then_some(())
            .ok_or(RiskError::NotPossible("the window"))
    }
}

/// The expected number of times that two bodies enter each other's sphere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExpectedCollisions {
    /// The expected number. The probability of a collision is at most this, and the same but for repeated meetings.
    pub collisions: f64,
    /// Seconds after the common time when the rate is largest.
    pub peak: f64,
    /// Seconds after the common time between which all but a thousandth of it falls (a half at either end).
    pub active: Window,
    /// Seconds of the window in which no overlap of the two was found; there the rate is taken as none. It is so
    /// where both are far from meeting.
    pub without_overlap: f64,
    /// Relative error of the integral over time, estimated (a bound in practice).
    pub error: f64,
    /// Repairs of the combined covariance at the peak.
    pub repairs: Vec<Repair>,
}

/// Where both are likeliest to meet.
struct Peak {
    seconds: f64,
    overlap: Overlap,
    /// Seconds of one deviation.
    width: f64,
}

impl Conjunction {
    /// The expected number of collisions in a window, three-dimensional ("3D-Nc"): velocities uncertain, motion of two
    /// bodies, uncertainty linearised in elements where both overlap most.
    ///
    /// # Errors
    /// [`RiskError::NoOverlap`] where the two cannot meet in the window, or a window that is none.
    pub fn expected_collisions(&self, window: &Window) -> Result<ExpectedCollisions, RiskError> {
        window.check()?;
        let (peaks, without_overlap) = self.peaks(window)?;
        let best = peaks
            .iter()
            .min_by(|a, b| a.overlap.distance.total_cmp(&b.overlap.distance))
            .ok_or(RiskError::NoOverlap)?;
        let (spreads, _) = eigen(&best.overlap.position);
        let smallest = spreads.iter().fold(f64::INFINITY, |a, b| a.min(*b)).sqrt();
        // A sphere some deviations wide is met long before its middle is: then nothing is left out by the distance of the
        // middle.
        let ratio = self.radius / smallest;
        let limit = if ratio > 0.5 {
            f64::INFINITY
        } else {
            best.overlap.distance + NEGLIGIBLE
        };
        let mut cuts = vec![window.from, window.to];
        for peak in peaks.iter().filter(|peak| peak.overlap.distance < limit) {
            let mut reach = peak.width;
            cuts.push(peak.seconds);
            while reach < window.to - window.from {
                cuts.extend([peak.seconds - reach, peak.seconds + reach]);
                reach *= 2.0;
            }
        }
        if ratio > 0.5 {
            cuts.extend((1..WIDE_PARTS).map(|part| {
                window.from + (window.to - window.from) * f64::from(part) / f64::from(WIDE_PARTS)
            }));
        }
        cuts.retain(|cut| (window.from..=window.to).contains(cut));
        cuts.sort_by(f64::total_cmp);
        cuts.dedup();
        let rule = Rule::new(ratio);
        let mut peak_rate = (0.0, best.seconds);
        let mut rate = |seconds: f64| {
            let Some(overlap) = self.overlap(seconds, Some(&best.overlap.elements)) else {
                return 0.0;
            };
            if overlap.distance > limit {
                return 0.0;
            }
            let rate = rule.rate(&overlap, self.radius);
            if rate > peak_rate.0 {
                peak_rate = (rate, seconds);
            }
            rate
        };
        let mut panels: Vec<Panel> = cuts
            .windows(2)
            .map(|pair| Panel::of(pair[0], pair[1], &mut rate))
            .collect();
        let mut error;
        let mut total;
        loop {
            total = panels.iter().map(|panel| panel.integral).sum::<f64>();
            error = panels.iter().map(|panel| panel.error).sum::<f64>();
            if error <= TOLERANCE * total || panels.len() >= PANELS {
                break;
            }
            let worst = panels
                .iter()
                .enumerate()
                .max_by(|a, b| a.1.error.total_cmp(&b.1.error))
                .map(|(index, _)| index);
            let Some(worst) = worst else { break };
            let Panel { from, to, .. } = panels.swap_remove(worst);
            let middle = 0.5 * (from + to);
            if !(middle > from && middle < to) {
                break;
            }
            panels.push(Panel::of(from, middle, &mut rate));
            panels.push(Panel::of(middle, to, &mut rate));
        }
        panels.sort_by(|a, b| a.from.total_cmp(&b.from));
        Ok(ExpectedCollisions {
            collisions: total,
            peak: peak_rate.1,
            active: Window {
                from: quantile(&panels, 0.0005 * total).unwrap_or(window.from),
                to: quantile(&panels, 0.9995 * total).unwrap_or(window.to),
            },
            without_overlap,
            error: if total > 0.0 { error / total } else { 0.0 },
            repairs: best.overlap.repairs.clone(),
        })
    }

    /// The expected number of collisions by the two-dimensional shortcut ("2D-Nc"): at the moment when both are likeliest
    /// to meet, motion is taken as straight and the encounter as short, with the velocity that they have when they meet.
    ///
    /// # Errors
    /// As [`Conjunction::expected_collisions`].
    pub fn expected_collisions_in_plane(
        &self,
        window: &Window,
    ) -> Result<PlaneCollisions, RiskError> {
        window.check()?;
        let (peaks, _) = self.peaks(window)?;
        let best = peaks
            .into_iter()
            .min_by(|a, b| a.overlap.distance.total_cmp(&b.overlap.distance))
            .ok_or(RiskError::NoOverlap)?;
        self.in_plane(&best).ok_or(RiskError::NoMotion)
    }

    fn in_plane(&self, peak: &Peak) -> Option<PlaneCollisions> {
        let overlap = &peak.overlap;
        let meeting = overlap.meeting_velocity();
        let speed = length(meeting);
        let forward = crate::matrix::unit(meeting)?;
        let [one, two] = across(forward)?;
        let straight = dot(meeting, apply(&overlap.weight, meeting));
        // How the squared distance really bends in time, where the uncertainty turns as well.
        let curvature = self.curvature(peak).unwrap_or(straight);
        let lag = dot(meeting, apply(&overlap.weight, overlap.gap)) / straight;
        let gap = subtract(overlap.gap, scale(meeting, lag));
        let form = |a: [f64; 3], b: [f64; 3]| dot(a, apply(&overlap.position, b));
        let axes = principal(form(one, one), form(one, two), form(two, two));
        if !(axes.small > 0.0 && curvature > 0.0) {
            return None;
        }
        let miss = axes.turn([dot(gap, one), dot(gap, two)]);
        let deviations = [axes.large.sqrt(), axes.small.sqrt()];
        let integral = circle::integral(miss, deviations, self.radius);
        Some(PlaneCollisions {
            collisions: integral
                * (straight / curvature).sqrt()
                * (-0.5 * lag * lag * straight).exp(),
            peak: peak.seconds,
            deviation: 1.0 / curvature.sqrt(),
            miss,
            deviations,
            speed,
        })
    }

    /// Half the second derivative of the squared distance by time.
    fn curvature(&self, peak: &Peak) -> Option<f64> {
        let start = Some(&peak.overlap.elements);
        let at = |offset: f64| Some(self.overlap(peak.seconds + offset, start)?.distance);
        let step = 0.5 * peak.width;
        Some((at(step)? - 2.0 * at(0.0)? + at(-step)?) / (2.0 * step * step))
            .filter(|value| *value > 0.0)
    }

    /// Where the squared distance is smallest, and for how long there is no overlap at all.
    fn peaks(&self, window: &Window) -> Result<(Vec<Peak>, f64), RiskError> {
        let span = window.to - window.from;
        // So many places for each shorter period.
        let count = (PLACES as f64 * (span / self.shorter_period()).max(0.1)).ceil();
        if count > 1e6 {
            return Err(RiskError::NotPossible("the window"));
        }
        let step = span / count;
        let place = |index: usize| window.from + index as f64 * step;
        let mut missing = 0.0;
        let distances: Vec<f64> = (0..=count as usize)
            .map(|index| {
                self.rough_distance(place(index)).unwrap_or_else(|| {
                    missing += step;
                    f64::INFINITY
                })
            })
            .collect();
        let mut peaks = Vec::new();
        for index in 0..distances.len() {
            let here = distances[index];
            let before = index.checked_sub(1).map_or(f64::INFINITY, |i| distances[i]);
            let after = distances.get(index + 1).copied().unwrap_or(f64::INFINITY);
            if !(here.is_finite() && here <= before && here < after) {
                continue;
            }
            let low = place(index.saturating_sub(1)).max(window.from);
            let high = place(index + 1).min(window.to);
            if let Some(peak) = self.refine(low, high, place(index)) {
                peaks.push(peak);
            }
        }
        Ok((peaks, missing))
    }

    /// The lowest point of the squared distance between two instants: golden section.
    fn refine(&self, low: f64, high: f64, start: f64) -> Option<Peak> {
        let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
        let nearby = self.overlap(start, None).map(|overlap| overlap.elements);
        let at = |seconds: f64| {
            self.overlap(seconds, nearby.as_ref())
                .map_or(f64::INFINITY, |overlap| overlap.distance)
        };
        let (mut a, mut b) = (low, high);
        let (mut c, mut d) = (b - ratio * (b - a), a + ratio * (b - a));
        let (mut at_c, mut at_d) = (at(c), at(d));
        for _ in 0..60 {
            if at_c <= at_d {
                (b, d, at_d) = (d, c, at_c);
                c = b - ratio * (b - a);
                at_c = at(c);
            } else {
                (a, c, at_c) = (c, d, at_d);
                d = a + ratio * (b - a);
                at_d = at(d);
            }
            if b - a < 1e-7 {
                break;
            }
        }
        let middle = 0.5 * (a + b);
        let seconds = if at(middle) <= at(start) {
            middle
        } else {
            start
        };
        let overlap = self.overlap(seconds, nearby.as_ref())?;
        let meeting = overlap.meeting_velocity();
        let straight = dot(meeting, apply(&overlap.weight, meeting));
        let width = (1.0 / straight.sqrt()).clamp(1e-6, high - low);
        Some(Peak {
            seconds,
            overlap,
            width,
        })
    }
}

/// What the two-dimensional shortcut finds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaneCollisions {
    /// The expected number.
    pub collisions: f64,
    /// Seconds after the common time when both are likeliest to meet.
    pub peak: f64,
    /// Standard deviation of the time of meeting, seconds.
    pub deviation: f64,
    /// Miss on the axes of the combined covariance across the relative velocity, km.
    pub miss: [f64; 2],
    /// Standard deviations on these axes, km.
    pub deviations: [f64; 2],
    /// Relative speed of meeting, km/s.
    pub speed: f64,
}

/// A part of the integral over time.
struct Panel {
    from: f64,
    to: f64,
    integral: f64,
    error: f64,
}

impl Panel {
    fn of(from: f64, to: f64, rate: &mut dyn FnMut(f64) -> f64) -> Self {
        let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
        let (mut integral, mut coarse) = (0.0, 0.0);
        for (node, weight, coarse_weight) in KRONROD {
            let value = if node == 0.0 {
                rate(middle)
            } else {
                rate(middle - half * node) + rate(middle + half * node)
            };
            integral += weight * value;
            coarse += coarse_weight * value;
        }
        Self {
            from,
            to,
            integral: integral * half,
            error: (integral - coarse).abs() * half,
        }
    }
}

/// When so much of the integral is reached.
fn quantile(panels: &[Panel], wanted: f64) -> Option<f64> {
    let mut done = 0.0;
    for panel in panels {
        if done + panel.integral >= wanted && panel.integral > 0.0 {
            let share = ((wanted - done) / panel.integral).clamp(0.0, 1.0);
            return Some(panel.from + share * (panel.to - panel.from));
        }
        done += panel.integral;
    }
    None
}
