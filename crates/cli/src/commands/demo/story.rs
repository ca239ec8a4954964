//! The year: who says what, and when it is received.

use serde_json::{Value, json};

use super::stage::Stage;
use crate::failure::Failure;

/// One thing that happened.
pub(super) struct Scene {
    /// When.
    pub(super) on: String,
    /// In words.
    pub(super) text: String,
}

/// Plays the year up to the attacks. Returns what happened.
pub(super) fn play(
    stage: &mut Stage,
    root: &std::path::Path,
    first: &str,
) -> Result<Vec<Scene>, Failure> {
    let mut scenes = Vec::new();
    let mut tell = |on: &str, text: &str| {
        scenes.push(Scene {
            on: on.to_owned(),
            text: text.to_owned(),
        });
    };

    for (party, on) in [("Alpha", "2031-01-10"), ("Beta", "2031-01-12")] {
        stage.say(
            party,
            &act(party, "ratification", on, json!("ratification")),
            on,
        )?;
        tell(on, &format!("{party} ratifies"));
    }
    for (party, on, deployed) in [("Alpha", "2031-03-10", 3), ("Beta", "2031-03-20", 4)] {
        stage.say(party, &data(party, "2031-03-01", deployed), on)?;
        tell(
            on,
            &format!("{party} declares its missiles as of 1 March: {deployed} deployed, in time"),
        );
    }
    let moved = |party: &str, item: &str, on: &str| {
        json!({ "id": format!("{party}-{item}-moved"), "kind": "notification", "author": party, "as_of": on, "agreement": TITLE, "provision": "3",
            "items": [{ "class": "missile", "id": item, "place": "south" }] })
    };
    stage.say(
        "Alpha",
        &moved("Alpha", "M-1", "2031-04-02"),
        "2031-04-04T09:00:00Z",
    )?;
    tell(
        "2031-04-04",
        "Alpha notifies that it moved a missile on 2 April: in time",
    );
    stage.say(
        "Beta",
        &moved("Beta", "M-2", "2031-04-20"),
        "2031-04-30T09:00:00Z",
    )?;
    tell(
        "2031-04-30",
        "Beta notifies that it moved a missile on 20 April: more than four days late",
    );
    let launch = |party: &str, id: &str, at: &str| {
        json!({ "id": format!("{party}-launch-{id}"), "kind": "notification", "author": party, "as_of": at, "agreement": TITLE, "provision": "3.4",
            "events": [{ "class": "launch", "id": id, "at": at, "site": "coast" }] })
    };
    stage.say(
        "Alpha",
        &launch("Alpha", "L-1", "2031-05-10T12:00:00Z"),
        "2031-05-08T12:00:00Z",
    )?;
    tell("2031-05-08", "Alpha notifies a launch for 10 May: in time");
    let inspection = json!({ "id": "Beta-at-Alpha-1", "kind": "inspection", "author": "Beta", "as_of": "2031-05-15", "agreement": TITLE,
        "events": [{ "class": "inspection", "id": "I-1", "at": "2031-05-15", "toward": "Alpha", "kind": "data" }] });
    stage.say("Beta", &inspection, "2031-05-16")?;
    tell(
        "2031-05-16",
        "Beta reports that it inspected Alpha on 15 May",
    );

    stage.add("Gamma", root)?;
    let second = stage.trust_file(&["Alpha", "Beta", "Gamma"], 2, Some(first));
    for (party, on) in [("Alpha", "2031-06-01"), ("Beta", "2031-06-02")] {
        let mut said = act(party, "trust-file-2", on, json!("trust file"));
        said["trust"] = json!({ "text": second });
        stage.say(party, &said, on)?;
        tell(
            on,
            &format!("{party} adopts the second trust file, which takes Gamma in"),
        );
    }
    stage.set("2031-06-10")?;
    stage.serve()?;
    stage.say(
        "Gamma",
        &act("Gamma", "accession", "2031-06-10", json!("accession")),
        "2031-06-10",
    )?;
    tell(
        "2031-06-10",
        "Gamma accedes: its node serves, and witnesses the others'",
    );

    let suspension = act("Beta", "suspension", "2031-09-05", json!("suspension"));
    stage.say("Beta", &suspension, "2031-09-05")?;
    tell("2031-09-05", "Beta suspends the exchange of data");
    let dispute = act(
        "Alpha",
        "dispute",
        "2031-09-08",
        json!({ "act": "dispute", "answers": "Beta-suspension" }),
    );
    stage.say("Alpha", &dispute, "2031-09-08")?;
    tell("2031-09-08", "Alpha disputes that it may");
    for (party, on, deployed) in [("Alpha", "2031-09-10", 3), ("Gamma", "2031-09-15", 1)] {
        stage.say(party, &data(party, "2031-09-01", deployed), on)?;
        tell(
            on,
            &format!("{party} declares its missiles as of 1 September, in time; Beta does not"),
        );
    }
    stage.say(
        "Beta",
        &launch("Beta", "L-7", "2031-10-20T12:00:00Z"),
        "2031-10-15",
    )?;
    tell(
        "2031-10-15",
        "Beta notifies a launch for 20 October: in time",
    );
    Ok(scenes)
}

/// The title of the agreement.
pub(super) const TITLE: &str = "Demonstration Treaty";

fn act(party: &str, name: &str, on: &str, act: Value) -> Value {
    json!({ "id": format!("{party}-{name}"), "kind": "act", "author": party, "as_of": on, "agreement": TITLE, "act": act })
}

/// Half-yearly data: so many deployed missiles and one that is not.
pub(super) fn data(party: &str, as_of: &str, deployed: u32) -> Value {
    // What was notified in April has stayed where it is.
    let moved = match party {
        "Alpha" => 1,
        "Beta" => 2,
        _ => 0,
    };
    let missile = |number: u32, status: &str| {
        let south = number == moved && as_of > "2031-04";
        let place = if south { "south" } else { "north" };
        json!({ "class": "missile", "id": format!("M-{number}"), "type": "ICBM", "status": status, "place": place })
    };
    let mut items: Vec<Value> = (1..=deployed)
        .map(|number| missile(number, "deployed"))
        .collect();
    items.push(missile(deployed + 1, "non-deployed"));
    json!({ "id": format!("{party}-data-{as_of}"), "kind": "declaration", "author": party, "as_of": as_of, "agreement": TITLE, "provision": "2",
        "items": items, "complete": ["missile"] })
}
