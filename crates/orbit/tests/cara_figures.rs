//! Figures of NASA CARA's own tests: probabilities in the encounter plane, and covariances turned between frames.
//!
//! Numbers from `PcCircle_UnitTest.m`, `Pc2D_Foster_UnitTest.m`, `PcElrod_UnitTest.m` and `RIC2ECI_UnitTest.m` of
//! nasa/CARA_Analysis_Tools (see `data/SOURCES.md`).
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    clippy::unreadable_literal,
    clippy::excessive_precision,
    clippy::allow_attributes,
    reason = "numbers stand as they are printed there"
)]

#[path = "support/cdm.rs"]
mod cdm;

use detente_orbit::propagate::State;
use detente_orbit::relative::rtn_axes;
use detente_orbit::risk::{Body, EncounterPlane, RiskError, to_inertial, to_rtn};

type Square = [[f64; 3]; 3];

/// A body whose covariance of position is given in the frame of its state.
fn body(position: [f64; 3], velocity: [f64; 3], covariance: Square, scale: f64) -> Body {
    let state = State {
        position: position.map(|value| value * scale),
        velocity: velocity.map(|value| value * scale),
    };
    let axes = rtn_axes(&state).unwrap();
    let mut covariance_rtn = [[0.0; 3]; 3];
    for (row, left) in axes.iter().enumerate() {
        for (column, right) in axes.iter().enumerate() {
            for (one, values) in covariance.iter().enumerate() {
                for (two, value) in values.iter().enumerate() {
                    covariance_rtn[row][column] += left[one] * value * scale * scale * right[two];
                }
            }
        }
    }
    Body {
        state,
        covariance_rtn,
    }
}

fn omitron_first() -> [Body; 2] {
    [
        body(
            [378.39559, 4305.721887, 5752.767554],
            [2.360800244, 5.580331936, -4.322349039],
            [
                [44.5757544811362, 81.6751751052616, -67.8687662707124],
                [81.6751751052616, 158.453402956163, -128.616921644857],
                [-67.8687662707124, -128.616921644857, 105.490542562701],
            ],
            1.0,
        ),
        body(
            [374.5180598, 4307.560983, 5751.130418],
            [-5.388125081, -3.946827739, 3.322820358],
            [
                [2.31067077720423, 1.69905293875632, -1.4170164577661],
                [1.69905293875632, 1.24957388457206, -1.04174164279599],
                [-1.4170164577661, -1.04174164279599, 0.869260558223714],
            ],
            1.0,
        ),
    ]
}

fn omitron_second() -> [Body; 2] {
    let first = [
        [0.342072996423899, -0.412677096778269, 0.371500417511149],
        [-0.412677096778269, 0.609905946319294, -0.540401385544286],
        [0.371500417511149, -0.540401385544286, 0.521238634755377],
    ];
    [
        body(
            [-3239.128337196251, 2404.575152356222, 5703.228541709001],
            [-3.745768373154199, 5.012339015927846, -4.231864565717194],
            first.map(|row: [f64; 3]| row.map(|value| value * 1e-3)),
            1.0,
        ),
        body(
            [-3239.138264917246, 2404.568320465936, 5703.235605231182],
            [6.110192790100711, -1.767321407894830, 4.140369261741708],
            [
                [0.028351300975134, -0.008204103437377, 0.019253747960155],
                [-0.008204103437377, 0.002404377774847, -0.005586512197914],
                [0.019253747960155, -0.005586512197914, 0.013289250260317],
            ],
            1.0,
        ),
    ]
}

/// Within this of an expected figure, relative to it.
#[track_caller]
fn near(found: f64, expected: f64, within: f64) {
    let off = (found / expected - 1.0).abs();
    assert!(off < within, "{found:e}, not {expected:e}: off by {off:e}");
}

#[test]
fn a_circle_in_the_plane() {
    // CARA puts the whole distance of the states into the plane, not its part across the relative motion, which is shorter
    // by 10⁻⁸ in the first case and by 7·10⁻⁴ in the second. The second figure of each is of that part (adaptive quadrature
    // of SciPy, to 10⁻¹³).
    let [first, second] = omitron_first();
    let plane = EncounterPlane::of(&first, &second).unwrap();
    let found = plane.probability(0.020).unwrap();
    near(found, 2.706023476569787e-5, 3e-8);
    near(found, 2.7060235273546266e-5, 1e-12);
    let [first, second] = omitron_second();
    let plane = EncounterPlane::of(&first, &second).unwrap();
    let found = plane.probability(0.020).unwrap();
    near(found, 1.807363058494765e-1, 2e-4);
    near(found, 1.8076611254421943e-1, 1e-10);
    // Foster's integral as CARA computes it, to its tolerance.
    let [first, second] = omitron_first();
    let plane = EncounterPlane::of(&first, &second).unwrap();
    near(plane.probability(0.020).unwrap(), 2.70601573490125e-5, 1e-3);
    assert!(plane.probability(-0.020).is_err());
}

#[test]
fn circles_from_ten_metres_to_thirty_kilometres() {
    let first = body(
        [
            -6.227006552549310e+06,
            -3.000839638747010e+06,
            -1.932569099062626e+05,
        ],
        [
            2.983983865443772e+03,
            -5.973188938878403e+03,
            -3.622262843716804e+03,
        ],
        [
            [
                2.329248149898317e+04,
                -4.624097512511387e+04,
                -2.810352472705708e+04,
            ],
            [
                -4.624097512511387e+04,
                9.189373058443272e+04,
                5.583858286675660e+04,
            ],
            [
                -2.810352472705708e+04,
                5.583858286675660e+04,
                3.396506000245927e+04,
            ],
        ],
        1e-3,
    );
    let second = body(
        [
            -6.231009268962734e+06,
            -2.993196148130401e+06,
            -1.761401651747054e+05,
        ],
        [
            -3.255968208692156e+02,
            9.946514541875586e+02,
            -7.507340539210305e+03,
        ],
        [
            [
                3.689149893147051e+07,
                -1.200669748208798e+08,
                9.002535247181211e+08,
            ],
            [
                -1.200669748208798e+08,
                3.907735722225543e+08,
                -2.929990982074453e+09,
            ],
            [
                9.002535247181211e+08,
                -2.929990982074453e+09,
                2.196888928197153e+10,
            ],
        ],
        1e-3,
    );
    let plane = EncounterPlane::of(&first, &second).unwrap();
    // One axis is 6600 times as long as the other. CARA's figures are of 64 points, and off by up to 3·10⁻⁴ where the short
    // axis lies deep in the circle; the last column is by adaptive quadrature (SciPy, to 10⁻¹³).
    for (radius, cara, exact) in [
        (0.01, 2.514939701718358e-15, 2.5149397272385966e-15),
        (0.1, 1.232312816404174e-5, 1.2323128266013222e-5),
        (1.0, 6.343318773183237e-3, 6.34262349641553e-3),
        (3.0, 1.917884657463699e-2, 1.917355652798262e-2),
        (10.0, 6.389821634646267e-2, 6.390515255796594e-2),
        (30.0, 1.900663422510684e-1, 1.9010086207910198e-1),
    ] {
        let found = plane.probability(radius).unwrap();
        println!("{radius} km: {found:e} {:e}", found / exact - 1.0);
        near(found, cara, 3e-4);
        // The axes of so thin a covariance come from sums of 10⁴ km² and 3·10⁻⁴ km².
        near(found, exact, 1e-7);
    }
}

#[test]
fn a_covariance_that_is_none_is_repaired() {
    let first = body(
        [-6711923.276204407, 2115987.639388162, 596903.033311516],
        [-3633.024009735033, -8343.876216289187, 1529.269073307224],
        [
            [10651.06865424844, 25162.51806981900, -4653.47179860534],
            [25162.51806981900, 61873.55078822979, -11370.63814221593],
            [-4653.47179860534, -11370.63814221593, 2108.71780971058],
        ],
        1e-3,
    );
    let second = body(
        [-6703689.997789211, 2066645.266249834, 601175.621383896],
        [-499.951545210059, -8271.763735723972, -3673.287518932014],
        [
            [38324418857.201, 409236977944.646, 182366534533.406],
            [409236977944.646, 4369926131386.673, 1947351616381.380],
            [182366534533.406, 1947351616381.380, 867790027954.990],
        ],
        1e-3,
    );
    assert!(matches!(
        EncounterPlane::of(&first, &second),
        Err(RiskError::NotPositive(_))
    ));
    let (plane, repairs) = EncounterPlane::repaired(&first, &second, 0.05284).unwrap();
    assert!(!repairs.is_empty());
    // CARA repairs it, too, and has nothing left.
    assert_eq!(plane.probability(0.05284).unwrap(), 0.0);
}

#[test]
fn where_two_and_three_dimensions_agree() {
    let first = body(
        [
            -9.841950433215101e+05,
            3.932342044549424e+05,
            6.991223682230414e+06,
        ],
        [
            4.883696742000000e+03,
            5.689086045000000e+03,
            3.665361590000000e+02,
        ],
        [
            [
                4.976545641899520e+04,
                5.787130862568278e+04,
                3.370410320935015e+03,
            ],
            [
                5.787130862568278e+04,
                6.730377643610841e+04,
                3.926542932121541e+03,
            ],
            [
                3.370410320935015e+03,
                3.926542932121541e+03,
                2.461403197221289e+02,
            ],
        ],
        1e-3,
    );
    let second = body(
        [
            -9.839696058965517e+05,
            3.936845951174244e+05,
            6.991219291625473e+06,
        ],
        [
            1.509562687000000e+03,
            7.372938617000000e+03,
            -1.492509430000000e+02,
        ],
        [
            [
                4.246862551076427e+04,
                2.066374367781032e+05,
                -5.011108933888592e+03,
            ],
            [
                2.066374367781032e+05,
                1.005854717283451e+06,
                -2.434876491048039e+04,
            ],
            [
                -5.011108933888592e+03,
                -2.434876491048039e+04,
                6.131274993037449e+02,
            ],
        ],
        1e-3,
    );
    let plane = EncounterPlane::of(&first, &second).unwrap();
    near(plane.probability(0.020).unwrap(), 1.0281653e-2, 1e-3);
}

/// Alfano's cases in two dimensions: right for a straight line, whatever the orbits do.
#[test]
fn alfanos_cases_in_the_plane() {
    let cases = [
        ("01", 15.0, 1.46749549e-1),
        ("02", 4.0, 6.22226700e-3),
        ("03", 15.0, 1.00351176e-1),
        ("04", 15.0, 4.93234060e-2),
        ("05", 10.0, 4.44873860e-2),
        ("06", 10.0, 4.33545500e-3),
        ("07", 10.0, 1.58147000e-4),
        ("08", 4.0, 3.69480080e-2),
        ("09", 6.0, 2.90146291e-1),
        ("10", 6.0, 2.90146291e-1),
        ("11", 4.0, 2.67202600e-3),
    ];
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/cara_cdm");
    for (name, radius, expected) in cases {
        let text = std::fs::read_to_string(format!("{folder}/AlfanoTestCase{name}.cdm")).unwrap();
        let [first, second] = cdm::states(&text).map(|state| state.body());
        let plane = EncounterPlane::of(&first, &second).unwrap();
        let found = plane.probability(radius * 1e-3).unwrap();
        println!("{name} {found:e} {:e}", found / expected - 1.0);
        near(found, expected, 1e-3);
    }
}

#[test]
fn covariances_turned_from_a_bodys_directions() {
    let state = State {
        position: [378.39559, 4305.721887, 5752.767554],
        velocity: [2.360800244, 5.580331936, -4.322349039],
    };
    // Position alone, in the corner of a larger matrix.
    let mut rtn = [[0.0; 6]; 6];
    let three = [
        [0.6597, -5.963, 1.253],
        [-5.963, 305.0, -19.41],
        [1.253, -19.41, 2.86],
    ];
    for (row, values) in three.iter().enumerate() {
        rtn[row][..3].copy_from_slice(values);
    }
    let turned = to_inertial(&state, &rtn).unwrap();
    let expected = [
        [44.5757544811362, 81.6751751052616, -67.8687662707124],
        [81.6751751052616, 158.453402956163, -128.616921644857],
        [-67.8687662707124, -128.616921644857, 105.490542562701],
    ];
    for (found, expected) in turned.iter().zip(&expected) {
        for (found, expected) in found.iter().zip(expected) {
            near(*found, *expected, 1e-12);
        }
    }
    // Position and velocity: the turned matrix is printed to five digits.
    let rtn = [
        [
            1.75574609146441e-10,
            -1.76391822498568e-10,
            1.26701582864723e-11,
            -8.50798921278566e-12,
            2.80465474421549e-11,
            1.78603570386593e-12,
        ],
        [
            -1.76391822498568e-10,
            2.19847186431344e-10,
            -2.11714974937397e-11,
            4.88900720193951e-12,
            -2.07150417963915e-11,
            2.63481195571044e-12,
        ],
        [
            1.26701582864723e-11,
            -2.11714974937397e-11,
            1.03862044222145e-11,
            -8.87792456013774e-12,
            3.61060060754719e-12,
            -8.98899082284049e-15,
        ],
        [
            -8.50798921278566e-12,
            4.88900720193951e-12,
            -8.87792456013774e-12,
            1.81815864084123e-11,
            -1.11847510974009e-11,
            -2.74005163036409e-12,
        ],
        [
            2.80465474421549e-11,
            -2.07150417963915e-11,
            3.61060060754719e-12,
            -1.11847510974009e-11,
            3.46915046391962e-11,
            1.05740377170100e-11,
        ],
        [
            1.78603570386593e-12,
            2.63481195571044e-12,
            -8.98899082284049e-15,
            -2.74005163036409e-12,
            1.05740377170100e-11,
            4.14448895239156e-12,
        ],
    ];
    let expected = [
        [
            3.748e-11,
            2.066e-11,
            -9.1357e-11,
            -3.0881e-12,
            -4.2085e-13,
            1.2413e-11,
        ],
        [
            2.066e-11,
            2.4238e-11,
            -4.8871e-11,
            -2.3602e-12,
            2.1508e-13,
            -4.9476e-12,
        ],
        [
            -9.1357e-11,
            -4.8871e-11,
            3.4409e-10,
            1.042e-11,
            2.0414e-11,
            -2.6359e-11,
        ],
        [
            -3.0881e-12,
            -2.3602e-12,
            1.042e-11,
            8.0458e-13,
            9.9356e-14,
            -1.2273e-13,
        ],
        [
            -4.2085e-13,
            2.1508e-13,
            2.0414e-11,
            9.9356e-14,
            1.9856e-11,
            -1.2714e-11,
        ],
        [
            1.2413e-11,
            -4.9476e-12,
            -2.6359e-11,
            -1.2273e-13,
            -1.2714e-11,
            3.6357e-11,
        ],
    ];
    let turned = to_inertial(&state, &rtn).unwrap();
    for (found, expected) in turned.iter().flatten().zip(expected.iter().flatten()) {
        near(*found, *expected, 1e-9);
    }
    let back = to_rtn(&state, &turned).unwrap();
    for (found, expected) in back.iter().flatten().zip(rtn.iter().flatten()) {
        assert!((found - expected).abs() < 1e-22);
    }
}
