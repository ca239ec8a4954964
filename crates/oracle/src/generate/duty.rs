//! Random duties.

use detente_agreement::model::{
    Action, Agreement, AttributeIndex, Deadline, Declared, DutyClause, Holder, ItemIndex,
    MeasureIndex, Trigger,
};

use super::Choices;
use super::agreement::{KIND, SITE, SIZE, actor, name, subjects};
use super::dates::{Calendar, date_of, during, schedule, short_duration};
use super::expression::{condition, selector};

pub(super) fn clause(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
) -> DutyClause {
    let named = agreement.dates.len();
    let trigger = match choices.weighted(&[3, 3, 3, 1, 3, 2, 2]) {
        0 => Trigger::Event(selector(choices, calendar, agreement, Some(false))),
        1 => {
            let of = selector(choices, calendar, agreement, Some(true));
            let attributes = match choices.below(3) {
                0 => vec![KIND],
                1 => vec![SITE],
                _ => vec![KIND, SIZE],
            };
            Trigger::Change(of, attributes.into_iter().map(AttributeIndex).collect())
        }
        2 => Trigger::Each(schedule(choices, calendar, named)),
        3 => Trigger::Notice(selector(choices, calendar, agreement, Some(false))),
        4 => {
            let of = selector(choices, calendar, agreement, Some(true));
            Trigger::Count(of, choices.one_in(2))
        }
        5 => Trigger::Once(date_of(choices, calendar, named)),
        _ => Trigger::Becomes(condition(choices, calendar, agreement, 0)),
    };
    let dated = matches!(trigger, Trigger::Once(_) | Trigger::Each(_));
    let doer = match choices.weighted(&[8, 1]) {
        0 => Holder::Subject,
        _ => Holder::Actor(actor(choices, agreement)),
    };
    let weights = if dated {
        [0, 4, 2, 2, 1]
    } else {
        [5, 2, 2, 2, 1]
    };
    let action = match choices.weighted(&weights) {
        0 => Action::NoticeOfTrigger(doer),
        1 => {
            let mut things: Vec<Declared> = (0..agreement.items.len() as u32)
                .map(|index| Declared::Item(ItemIndex(index)))
                .collect();
            things.extend(
                (0..agreement.measures.len() as u32)
                    .map(|index| Declared::Measure(MeasureIndex(index))),
            );
            let first = choices.below(things.len() as u32) as usize;
            let count = 1 + choices.weighted(&[3, 1]);
            Action::Declare(doer, things.into_iter().skip(first).take(count).collect())
        }
        2 => Action::Notice(doer, selector(choices, calendar, agreement, Some(false))),
        3 => {
            let mut of = selector(choices, calendar, agreement, Some(false));
            if of.by == Holder::Others {
                // "Another party" brings a duty about; it is not the one who must do something.
                of.by = Holder::Subject;
            }
            Action::Make(of, choices.between(1, 2))
        }
        _ => Action::Act(doer, name("report")),
    };
    DutyClause {
        subjects: subjects(choices, agreement),
        trigger,
        action,
        deadline: match choices.weighted(&[5, 2, 1, 1, 1]) {
            0 => Deadline::Within(short_duration(choices)),
            1 => Deadline::AtLeastBefore(short_duration(choices)),
            2 => {
                let (one, other) = (choices.between(0, 4), choices.between(1, 6));
                Deadline::Between(
                    detente_quantity::Duration::Days(one),
                    detente_quantity::Duration::Days(one + other),
                )
            }
            3 => Deadline::SameDay,
            _ => Deadline::ByThen,
        },
        otherwise: None,
        during: during(choices, calendar, named),
        span: 0..0,
    }
}
