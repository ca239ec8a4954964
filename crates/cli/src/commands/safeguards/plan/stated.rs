//! What a plan is made for: the goal and the strata, as they are stated.

use super::super::arguments::{Material, Plan};
use super::super::table::Table;
use super::{Planned, Stated, refused};
use crate::failure::Failure;
use detente_inspect::{
    Candidate, SafeguardedMaterial, UseCategory, significant_quantity, timeliness_goal,
};
use detente_quantity::Decimal;

fn material(material: Material) -> (SafeguardedMaterial, &'static str, UseCategory) {
    use UseCategory::{IndirectUse, UnirradiatedDirectUse};
    match material {
        Material::Plutonium => (
            SafeguardedMaterial::Plutonium,
            "plutonium",
            UnirradiatedDirectUse,
        ),
        Material::Uranium233 => (
            SafeguardedMaterial::Uranium233,
            "uranium-233",
            UnirradiatedDirectUse,
        ),
        Material::HighEnrichedUranium => (
            SafeguardedMaterial::HighEnrichedUranium,
            "high enriched uranium",
            UnirradiatedDirectUse,
        ),
        Material::LowEnrichedUranium => (
            SafeguardedMaterial::LowEnrichedUranium,
            "low enriched uranium",
            IndirectUse,
        ),
        Material::NaturalUranium => (
            SafeguardedMaterial::NaturalUranium,
            "natural uranium",
            IndirectUse,
        ),
        Material::DepletedUranium => (
            SafeguardedMaterial::DepletedUranium,
            "depleted uranium",
            IndirectUse,
        ),
        Material::Thorium => (SafeguardedMaterial::Thorium, "thorium", IndirectUse),
    }
}

pub(super) fn goal(plan: &Plan, planned: &mut Planned) -> Result<(), Failure> {
    match (plan.goal, plan.material) {
        (Some(goal), _) => {
            planned.goal = goal;
            "as stated".clone_into(&mut planned.goal_source);
        }
        (None, Some(asked)) => {
            let (material, name, category) = material(asked);
            let quantity = significant_quantity(material);
            let timeliness = timeliness_goal(category);
            planned.goal = f64::try_from(quantity.grams / Decimal::from(1000)).map_err(refused)?;
            let months = crate::input::count(usize::from(timeliness.months), "month");
            let directness = match category {
                UseCategory::IndirectUse => "indirect-use material",
                _ => "direct-use material, not irradiated",
            };
            planned.goal_source = format!(
                "one significant quantity of {name}, in kg of {}\n  {}, {}; timeliness goal for {directness} {months}, {}",
                quantity.counted,
                quantity.reference.document,
                quantity.reference.place,
                timeliness.reference.place
            );
        }
        (None, None) => return Err(Failure::Usage("state --goal or --material".to_owned())),
    }
    Ok(())
}

const COLUMNS: [&str; 7] = [
    "stratum",
    "items",
    "mass",
    "identification",
    "effort",
    "sample",
    "defects",
];

pub(super) fn strata(plan: &Plan) -> Result<Vec<Stated>, Failure> {
    let Some(path) = &plan.strata else {
        return Ok(vec![Stated {
            candidate: Candidate {
                name: "items".to_owned(),
                items: plan.items.unwrap_or(0),
                mass_of_an_item: plan.mass.unwrap_or(0.0),
                identification: plan.identification,
                effort: 1,
            },
            sample: None,
            defects: None,
        }]);
    };
    let table = Table::read(path, &COLUMNS, &["stratum", "items", "mass"], false)?;
    let mut faults = table.faults();
    let mut strata: Vec<Stated> = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let name = row.needed("stratum", &mut faults).map(str::to_owned);
        let items = row.value("items", "a number of items", &mut faults);
        let mass = row.value("mass", "a mass", &mut faults);
        let identification = row.value_or("identification", 1.0, "a probability", &mut faults);
        let effort = row.value_or("effort", 1, "a whole number", &mut faults);
        let mut number = |column: &str| -> Option<u64> {
            row.cell(column)?;
            row.value(column, "a number of items", &mut faults)
        };
        let (sample, defects) = (number("sample"), number("defects"));
        let (Some(name), Some(items), Some(mass), Some(identification), Some(effort)) =
            (name, items, mass, identification, effort)
        else {
            continue;
        };
        if strata.iter().any(|one| one.candidate.name == name) {
            faults.add(
                row.line,
                Some("stratum"),
                format!("stratum '{name}' stands twice"),
            );
        }
        strata.push(Stated {
            candidate: Candidate {
                name,
                items,
                mass_of_an_item: mass,
                identification,
                effort,
            },
            sample,
            defects,
        });
    }
    faults.check()?;
    Ok(strata)
}
