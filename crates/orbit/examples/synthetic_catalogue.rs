//! Makes a catalogue of many objects by perturbing the element sets of a real one, for measuring how screening
//! grows with the number of objects.
//!
//! `synthetic_catalogue FILE OBJECTS SEED > OUTPUT.csv`
//!
//! Each object is one of the file's, in turn, with its angles within the orbit and its node drawn anew, and its
//! mean motion, eccentricity and inclination moved a little: shells and inclinations stay as crowded as they
//! are, in proportion. The output is an OMM in CSV, as two-line sets have no room for a million numbers. The same
//! seed gives the same bytes.

use std::io::Write;

use chacha20::ChaCha8Rng;
use detente_orbit::elements::ElementSet;
use detente_orbit::elements::catalogue::{Catalogue, Format};
use detente_orbit::elements::tle::Checksums;
use rand_core::{Rng, SeedableRng};

const HEADER: &str = "OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE,\
ARG_OF_PERICENTER,MEAN_ANOMALY,EPHEMERIS_TYPE,CLASSIFICATION_TYPE,NORAD_CAT_ID,ELEMENT_SET_NO,REV_AT_EPOCH,\
BSTAR,MEAN_MOTION_DOT,MEAN_MOTION_DDOT";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, objects, seed] = arguments.as_slice() else {
        return Err("usage: synthetic_catalogue FILE OBJECTS SEED > OUTPUT.csv".into());
    };
    let (objects, seed): (usize, u64) = (objects.parse()?, seed.parse()?);
    let text = std::fs::read_to_string(file)?;
    let mut catalogue = Catalogue::new();
    catalogue.read(&text, Format::guess(&text), Checksums::Require);
    let models: Vec<&ElementSet> = catalogue.latest().collect();
    if models.is_empty() {
        return Err(format!("{file} holds no element set to start from").into());
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    // Evenly from 0 to below 1.
    let mut draw = || (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    writeln!(output, "{HEADER}")?;
    for (index, model) in models.iter().cycle().take(objects).enumerate() {
        let motion = model.mean_motion * (1.0 + 2e-3 * (draw() - 0.5));
        let eccentricity = model.eccentricity * (0.998 + 0.004 * draw());
        let inclination = (model.inclination + 0.2 * (draw() - 0.5)).clamp(0.0, 180.0);
        // What would be at or beyond 1 was a model's so extreme that it stays as it is.
        let eccentricity = if eccentricity < 0.99 {
            eccentricity
        } else {
            model.eccentricity
        };
        // Without `Z`, as OMM has it.
        let epoch = model.epoch.to_string();
        writeln!(
            output,
            ",,{},{motion:.8},{eccentricity:.7},{inclination:.4},{:.4},{:.4},{:.4},0,U,{},1,1,{:e},0,0",
            epoch.trim_end_matches('Z'),
            360.0 * draw(),
            360.0 * draw(),
            360.0 * draw(),
            index + 1,
            model.drag_term,
        )?;
    }
    output.flush()?;
    Ok(())
}
