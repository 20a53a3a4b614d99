//! Writes a comparison of two results as JSON.

use super::Recomputed;
use crate::experiment::diverge::fields::place_text;
use crate::experiment::diverge::recompute::{Parting, Recomputation, Reproduction, SharedDraw};
use crate::experiment::diverge::sides::{Pair, Side};
use crate::experiment::diverge::state::{Differing, Field, PersonAt, SocietyDifference};
use crate::experiment::diverge::tables::{RowDifference, TableComparison, TableKey};
use crate::experiment::diverge::{Divergence, SIDES};
use crate::model::identity;
use crate::scenario::Difference;
use serde_json::{Map, Value, json};

/// The comparison as JSON.
pub(super) fn json(divergence: &Divergence, recomputed: &Recomputed) -> Value {
    let first = divergence.first();
    json!({
        "equal": first.is_none(),
        "folders": divergence.sides.each_ref().map(side),
        "scenarios": divergence.pairs.iter().map(pair).collect::<Vec<_>>(),
        "scenarios_of_one": sides(divergence.unpaired.each_ref().map(|labels| json!(labels))),
        "first": first.map(|(table, row)| row_json(divergence, table, row)),
        "tables": divergence.tables.iter().map(|table| table_json(divergence, table)).collect::<Vec<_>>(),
        "tables_of_one": sides(divergence.tables_of_one.each_ref().map(|names| json!(names))),
        "tables_over_replicates": divergence.derived,
        "not_recomputed": match recomputed {
            Recomputed::Not(reason) => Some(reason.to_string()),
            _ => None,
        },
        "recomputed": match recomputed {
            Recomputed::Done(found) => Some(recomputation(divergence, found)),
            _ => None,
        },
    })
}

/// An object with a value for each side.
fn sides([left, right]: [Value; 2]) -> Value {
    json!({ "left": left, "right": right })
}

fn side(side: &Side) -> Value {
    json!({
        "path": side.path,
        "command": side.command,
        "program": side.program,
        "results": side.results,
        "seed": side.seed,
        "until": side.last.to_string(),
        "complete": side.complete,
        "scenarios": side.scenarios.iter().map(|one| json!({
            "name": one.mark.name,
            "label": one.mark.label,
            "hash": one.mark.hash,
            "replicates": one.finished,
        })).collect::<Vec<_>>(),
    })
}

fn pair(pair: &Pair) -> Value {
    let [left, right] = pair.labels.each_ref().map(|label| json!(label));
    let differences = pair.scenarios.as_ref();
    json!({
        "left": left,
        "right": right,
        "differences": differences.map(|found| list(&found.substance)),
        "names": differences.map(|found| list(&found.names)),
        "first_month": differences.and_then(|found| found.first_month).map(|month| month.to_string()),
        "replicates": pair.replicates,
        "replicates_of_one": sides(pair.replicates_of_one.each_ref().map(|numbers| json!(numbers))),
    })
}

fn list(differences: &[Difference]) -> Vec<Value> {
    differences.iter().map(crate::cli::diff::as_json).collect()
}

fn table_json(divergence: &Divergence, table: &TableComparison) -> Value {
    json!({
        "file": table.file,
        "dated_by": match table.key {
            TableKey::Month => Some("month"),
            TableKey::Period(column) => Some(column),
            TableKey::Run => None,
        },
        "rows": sides(table.rows.map(|rows| json!(rows))),
        "rows_left_out": table.partial,
        "runs": table.runs,
        "runs_differing": table.runs_differing,
        "columns_of_one": sides(table.columns_of_one.each_ref().map(|names| json!(names))),
        "first": table.first.as_ref().map(|row| row_json(divergence, table, row)),
    })
}

fn row_json(divergence: &Divergence, table: &TableComparison, row: &RowDifference) -> Value {
    let [left, right] = &divergence.pairs[row.pair].labels;
    let cells = row
        .cells
        .iter()
        .map(|cell| json!({ "column": cell.column, "left": cell.cells[0], "right": cell.cells[1] }));
    json!({
        "file": table.file,
        "month": row.date(),
        "scenario": { "left": left, "right": right },
        "replicate": row.replicate,
        "row": row.labels.iter().map(|(column, cell)| (column.clone(), json!(cell))).collect::<Map<_, _>>(),
        "only": row.only.map(|side| SIDES[side]),
        "columns": cells.collect::<Vec<_>>(),
        "more_rows": row.more,
    })
}

fn recomputation(divergence: &Divergence, found: &Recomputation) -> Value {
    let [left, right] = &divergence.pairs[found.pair].labels;
    json!({
        "scenario": { "left": left, "right": right },
        "replicate": found.replicate,
        "until": found.until.to_string(),
        "reproduced": sides(found.reproduced.each_ref().map(reproduction)),
        "same_draws": divergence.same_draws(),
        "parting": found.parting.as_ref().map(parting),
        "people_parting": found.people.as_ref().map(parting),
    })
}

fn reproduction(found: &Reproduction) -> Value {
    match found {
        Reproduction::Equal(rows) => json!({ "equal": true, "rows": rows }),
        Reproduction::Unknown => json!({ "equal": null }),
        Reproduction::Differs { file, month, cell } => json!({
            "equal": false,
            "file": file,
            "month": month,
            "column": cell.as_ref().map(|cell| &cell[0]),
            "recorded": cell.as_ref().map(|cell| &cell[1]),
            "computed": cell.as_ref().map(|cell| &cell[2]),
        }),
    }
}

fn parting(found: &Parting) -> Value {
    json!({
        "month": found.month.map(|month| month.to_string()),
        "step": found.step.as_ref().map(|step| json!({
            "number": step.step.number,
            "name": step.step.name,
            "what": step.step.words,
            "society": society(&step.difference),
        })),
        "draws": found.draws.iter().map(draw).collect::<Vec<_>>(),
        "society": society(&found.end),
    })
}

fn draw(shared: &SharedDraw) -> Value {
    let [left, right] = shared.uniforms();
    json!({
        "draw": shared.draw.name,
        "page": shared.draw.page,
        "slot": shared.draw.slot,
        "left": left,
        "right": right,
        "words": shared.words,
    })
}

fn society(difference: &SocietyDifference) -> Value {
    json!({
        "people": sides(difference.people.map(|people| json!(people))),
        "people_differing": difference.differing,
        "people_of_one": sides(difference.only.map(|people| json!(people))),
        "first": differing(&difference.first),
    })
}

fn differing(first: &Differing) -> Value {
    let (kind, place, list): (&str, Value, &[Field]) = match first {
        Differing::Person { sides: pair, fields } => {
            let [left, right] = &**pair;
            let mut value = object("person", json!(place_text(left.place)), fields);
            value["identity"] = json!(identity::text(left.person.identity));
            value["sides"] = sides([person_at(left), person_at(right)]);
            return value;
        }
        Differing::PersonOfOne(pair) => {
            let mut value = object("person of one", Value::Null, &[]);
            let known = pair.iter().flatten().next();
            value["identity"] = json!(known.map(|one| identity::text(one.person.identity)));
            value["sides"] = sides(pair.each_ref().map(|side| side.as_ref().map_or(Value::Null, person_at)));
            return value;
        }
        Differing::Unit { place, fields } => ("unit", json!(place_text(*place)), fields),
        Differing::Region(number, fields) => ("region", json!(number), fields),
        Differing::Centre(fields) => ("centre", Value::Null, fields),
        Differing::School(fields) => ("school", Value::Null, fields),
        Differing::Structure(fields) => ("structure", Value::Null, fields),
    };
    object(kind, place, list)
}

fn person_at(one: &PersonAt) -> Value {
    json!({ "place": place_text(one.place), "rank": one.rank_name() })
}

fn object(kind: &str, place: Value, fields: &[Field]) -> Value {
    let fields: Vec<Value> = fields
        .iter()
        .map(|field| json!({ "field": field.name, "left": field.left, "right": field.right }))
        .collect();
    json!({ "kind": kind, "place": place, "fields": fields })
}
