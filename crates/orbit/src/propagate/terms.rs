//! What SGP4 works out once per object, as plain numbers and as registers of several objects.

use pulp::Simd;

use super::lanes::Lanes;

/// How many objects stand side by side in a block: the widest register there is.
pub(crate) const BLOCK: usize = 8;

/// A group of terms that can be laid out by column and read back as registers.
macro_rules! terms {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $field:ident,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default)]
        pub(crate) struct $name<T> {
            $($(#[$meaning])* pub(crate) $field: T,)*
        }

        impl $name<f64> {
            /// Number of terms.
            pub(crate) const COUNT: usize = [$(stringify!($field)),*].len();

            /// Writes the terms of one object into its place of a block.
            pub(crate) fn scatter(&self, block: &mut [f64], place: usize) {
                for (row, value) in block.chunks_exact_mut(BLOCK).zip([$(self.$field),*]) {
                    if let Some(cell) = row.get_mut(place) {
                        *cell = value;
                    }
                }
            }
        }

        impl<S: Simd> $name<Lanes<S>> {
            /// Reads a register's worth of objects, from place `from` of a block on.
            #[inline(always)]
            pub(crate) fn gather(simd: S, block: &[f64], from: usize) -> Self {
                let mut rows = block.chunks_exact(BLOCK);
                $(let $field = Lanes::load(simd, rows.next().and_then(|row| row.get(from..)).unwrap_or(&[]));)*
                Self { $($field,)* }
            }

            /// The same terms in every place.
            #[inline(always)]
            pub(crate) fn splat(simd: S, terms: &$name<f64>) -> Self {
                Self { $($field: Lanes::splat(simd, terms.$field),)* }
            }
        }
    };
}

terms! {
    /// Terms that every object has. Angles in radians, times in minutes, lengths in Earth radii.
    Common {
        /// Mean motion (Brouwer) at epoch.
        mean_motion,
        /// Semi-major axis at epoch.
        semi_major_axis,
        eccentricity,
        inclination,
        node,
        argument,
        mean_anomaly,
        /// Secular rates by the zonal harmonics.
        mean_anomaly_dot,
        argument_dot,
        node_dot,
        /// Secular terms of drag: node by t², semi-major axis by t, eccentricity by t, longitude by t².
        node_drag,
        axis_drag,
        eccentricity_drag,
        longitude_drag,
    }
}

terms! {
    /// Terms of an object with a period below 225 minutes.
    Near {
        /// Drag on argument and anomaly; zero for a perigee below 220 km, as are all terms to `drag_t5`.
        argument_drag,
        anomaly_drag,
        eta,
        /// (1 + η cos M₀)³.
        anomaly_drag_offset,
        sine_anomaly,
        eccentricity_drag_sine,
        axis_t2,
        axis_t3,
        axis_t4,
        longitude_t3,
        longitude_t4,
        longitude_t5,
        /// Functions of the inclination, which stays as it is.
        sine_inclination,
        cosine_inclination,
        /// Long-period coefficients of the longitude and of e sin ω.
        long_period_longitude,
        long_period_y,
    }
}

terms! {
    /// Terms of an object with a period of 225 minutes or more.
    Deep {
        /// Secular rates by Sun and Moon.
        eccentricity_dot,
        inclination_dot,
        argument_dot,
        node_dot,
        mean_anomaly_dot,
        /// Mean anomalies of the Sun and the Moon at epoch.
        solar_anomaly,
        lunar_anomaly,
        /// Periodics of the Sun: eccentricity, inclination, longitude, argument, node.
        se2, se3, si2, si3, sl2, sl3, sl4, sgh2, sgh3, sgh4, sh2, sh3,
        /// Periodics of the Moon.
        ee2, e3, xi2, xi3, xl2, xl3, xl4, xgh2, xgh3, xgh4, xh2, xh3,
        /// Greenwich sidereal angle at epoch.
        sidereal,
        /// 0 without resonance, 1 synchronous, 2 half-day.
        resonance,
    }
}

terms! {
    /// The resonant motion on one step of the integrator.
    Segment {
        /// Minutes after epoch at which the step begins.
        start,
        mean_motion,
        longitude,
        mean_motion_dot,
        longitude_dot,
        mean_motion_ddot,
    }
}
