//! Inferred shapes beside what executions really had.

use asl_lsp::semantic::{Shape, Shapes};
use asl_lsp::simulator::VisitStatus;
use serde_json::Value;

use crate::case::Case;

/// What the simulation of a case had that the shapes of its definition exclude.
pub(crate) fn exclusions(case: &Case) -> Vec<String> {
    let Some((machine, _, simulation)) = case.run() else { return Vec::new() };
    let mut found = Vec::new();
    let shapes = Shapes::infer(&machine, Shape::Any);
    for visit in &simulation.trace().visits {
        let state = machine.state(visit.state).unwrap();
        let name = &state.name;
        let Some(here) = shapes.state(&machine, visit.state) else {
            found.push(format!("{}: {name} is said not to be reached", case.file));
            continue;
        };
        let mut check = |what: &str, shape: &Shape, value: &Value| {
            if !shape.admits(value) {
                found.push(format!("{}: {what} of {name} is {value}, not {shape:?}", case.file));
            }
        };
        check("the input", here.input(), &visit.stages.input);
        if let Some(result) = visit.stages.result.as_deref() {
            let shape = here.result.clone().unwrap_or(Shape::Any);
            check("the result", &shape, result);
        }
        if visit.status == VisitStatus::Succeeded {
            for (_, missing) in here.missing() {
                found.push(format!("{}: {name} succeeded without {missing:?}", case.file));
            }
        }
    }
    found
}
