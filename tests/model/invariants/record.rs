//! Checks the record of a month: its measures, and the groups that its tables show.

use super::*;

pub(super) fn check_record(checks: &mut Checks, record: &MonthRecord) -> Result<(), TestCaseError> {
    for measure in MONTH_MEASURES {
        let value = (measure.value)(record);
        let sound = match value {
            Value::Count(_) => measure.count,
            Value::Real(real) => !measure.count && real.is_finite(),
            Value::Missing => true,
        };
        checks.hold("measures of a month are numbers or missing", sound, || {
            format!("{} {value:?}", measure.key)
        })?;
    }
    let total = |values: &[u64]| values.iter().sum::<u64>();
    checks.equal(
        "motives make up the accusations",
        total(&record.motives),
        record.acts * u64::from(WHOLE_ACT),
    )?;
    checks.equal("target classes make up the accusations", total(&record.targets.by_class), record.acts)?;
    checks.equal("directions make up the accusations", total(&record.targets.by_direction), record.acts)?;
    checks.equal(
        "times in rank make up accusations of bosses",
        total(&record.targets.by_since),
        record.targets.of_bosses(),
    )?;
    check_groups(checks, record)?;
    checks.equal("target classes make up the arrests", total(&record.arrests_by_class), record.arrests)?;
    checks.equal("origins make up the people", total(&record.origins), record.people())?;
    let nested = record.punished <= record.accused
        && record.accused <= record.acts
        && record.shirkers <= record.people_by_rank[0]
        && record.quits <= record.people_by_rank[0]
        && record.voted_out[0] <= record.stood[0]
        && record.voted_out[1] <= record.stood[1]
        && record.unrest <= record.people()
        && record.former_elite <= record.former_bosses;
    checks.hold("parts are no larger than their wholes", nested, || format!("{record:?}"))?;
    for image in [record.images.official, record.images.popular].into_iter().flatten() {
        checks.within("images sum to one", image.iter().sum::<f64>(), (1.0 - 1e-9, 1.0 + 1e-9))?;
    }
    let value = |key: &str| {
        MONTH_MEASURES
            .iter()
            .find(|measure| measure.key == key)
            .and_then(|measure| (measure.value)(record).number())
    };
    for key in
        ["discipline", "grievance", "authority", "fear", "fear_elite", "mood", "mood_public", "image_overlap"]
    {
        if let Some(value) = value(key) {
            checks.within("measured shares are from 0 to 1", value, (-1e-6, 1.0 + 1e-6))?;
        }
    }
    if let (Some(discipline), Some(shirking)) = (value("discipline"), value("shirking")) {
        checks.within(
            "discipline and shirking sum to one",
            discipline + shirking,
            (1.0 - 1e-12, 1.0 + 1e-12),
        )?;
    }
    if let (Some(mood), Some(public)) = (value("mood"), value("mood_public")) {
        checks.hold("nobody shows more grievance than there is", public <= mood + 1e-6, || {
            format!("{public} {mood}")
        })?;
    }
    Ok(())
}

/// Checks the groups that only tables tell apart.
fn check_groups(checks: &mut Checks, record: &MonthRecord) -> Result<(), TestCaseError> {
    let total = |values: &[u64]| values.iter().sum::<u64>();
    let bosses = total(&record.people_by_rank[1..]);
    for (what, groups) in [
        ("thirds of ambition make up the bosses", record.bosses_by_ambition),
        ("thirds of ability make up the bosses", record.bosses_by_ability),
        ("times in rank make up the bosses", record.bosses_by_since),
    ] {
        checks.equal(what, total(&groups), bosses)?;
    }
    for targets in [&record.targets, &record.chance_targets] {
        checks.equal("ranks make up the targets", total(&targets.by_rank), targets.acts)?;
        for (what, groups) in [
            ("thirds of ambition make up the accused bosses", targets.by_ambition),
            ("thirds of ability make up the accused bosses", targets.by_ability),
        ] {
            checks.equal(what, total(&groups), targets.of_bosses())?;
        }
    }
    checks.equal("every accusation has a target", record.targets.acts, record.acts)?;
    let [expelled, left, _] = record.party_losses.map(|losses| total(&losses));
    checks.equal("years of joining make up the expelled", expelled, record.expelled)?;
    checks.equal("years of joining make up those who left the party", left, record.left_party)?;
    let exposed = total(&record.exposed_to_purge);
    checks.hold(
        "a purge exposes the whole party or nobody",
        exposed == record.party || exposed == 0,
        || format!("{exposed} of {}", record.party),
    )?;
    let in_party =
        record.foremen_in_party + record.elite_in_party.iter().map(|roles| total(roles)).sum::<u64>();
    let nested = record.chance_targets.acts <= record.acts
        && in_party <= record.party
        && record.suspected_bosses <= bosses
        && record.expelled_recent <= record.expelled
        && record.expelled_recent <= record.exposed_to_purge[0]
        && record.candidates[1] <= record.eligible_workers
        && record.eligible_workers <= record.people_by_rank[0]
        && (2..RANKS).all(|post| record.candidates[post] <= record.people_by_rank[post - 1])
        && (2..RANKS).all(|post| record.candidates_in_party[post] <= record.candidates[post])
        && (1..RANKS).all(|post| record.promoted_in_party[post] <= record.promotions[post]);
    checks.hold("groups are no larger than their wholes", nested, || format!("{record:?}"))
}
