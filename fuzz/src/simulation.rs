//! Executions.

use std::sync::Arc;

use asl_lsp::ide::{Analysis, HintStyle, Run};
use asl_lsp::model::StateBody;
use asl_lsp::semantic::Shape;
use asl_lsp::simulator::{
    Budget, MockReply, MockedCall, Mocks, NestedMachine, Scenario, Simulation, Step, VisitStatus,
    history_json, is_simulated, report_json,
};
use asl_lsp::text::TextRange;
use serde_json::{Value, json};

use super::analysis::new;
use super::input::parts;

/// Enough for all but loops, which have not ended by then.
const STEPS: Budget = Budget::steps(500);
/// Longest label of a hint.
const LABEL_CHARS_MAX: usize = 80;

/// Runs a definition; after a zero byte its input as JSON.
///
/// Two runs are the same, one in single steps too; what the states had is what was inferred that they can have.
pub fn simulation(data: &[u8]) {
    let mut parts = parts(data);
    let analysis = new(&parts.next().unwrap_or_default());
    let input = parts.next().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_else(|| json!({}));
    let scenario = Arc::new(scenario(&analysis, input));
    let mut simulation = Simulation::new(Arc::clone(analysis.machine()), Arc::clone(&scenario));
    simulation.run(STEPS);
    let mut stepped = Simulation::new(Arc::clone(analysis.machine()), scenario);
    for _ in 0..STEPS.n_steps {
        if stepped.step() != Step::Advanced {
            break;
        }
    }
    assert_eq!(printed(&simulation), printed(&stepped), "two runs differ");
    shapes_admit(&analysis, &simulation);
    shown(&analysis, simulation);
}

fn scenario(analysis: &Analysis, input: Value) -> Scenario {
    let call = MockedCall::from(MockReply::Return(Arc::new(json!({"StatusCode": 200, "Payload": {"n": 1}}))));
    // Tasks of the services that are simulated answer themselves, as what is inferred of their results expects.
    let names: Vec<_> = analysis
        .machine()
        .all_states()
        .filter(|(_, state)| !matches!(&state.body, StateBody::Task(task) if is_simulated(&task.resource)))
        .map(|(_, state)| state.name.clone())
        .collect();
    let nested =
        new(r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 1}, "End": true}}}"#);
    let nested = NestedMachine { machine: Arc::clone(nested.machine()), mocks: Mocks::default() };
    Scenario {
        input: Arc::new(input),
        database: analysis.database(None).unwrap_or_default(),
        mocks: names.iter().fold(Mocks::default(), |mocks, name| mocks.with(name, call.clone())),
        state_machines: [(Arc::from("Child"), nested)].into(),
        ..Scenario::default()
    }
}

/// Everything that is printed of a simulation.
fn printed(simulation: &Simulation) -> String {
    let names = &simulation.scenario().names;
    let history = history_json(simulation.trace(), names);
    format!("{}\n{history}", report_json(simulation.trace(), simulation.machine(), names))
}

/// Nothing that happened was said to be impossible.
fn shapes_admit(analysis: &Analysis, simulation: &Simulation) {
    let (machine, shapes) = (analysis.machine(), analysis.shapes());
    for visit in &simulation.trace().visits {
        let Some(state) = machine.state(visit.state) else { continue };
        let name = &state.name;
        let Some(here) = shapes.state(machine, visit.state) else {
            panic!("{name} was reached and is said not to be");
        };
        let check = |what: &str, shape: &Shape, value: &Value| {
            assert!(shape.admits(value), "{what} of {name} is {value}, not {shape:?}");
        };
        check("the input", here.input(), &visit.stages.input);
        if let (Some(shape), Some(result)) = (&here.result, visit.stages.result.as_deref()) {
            check("the result", shape, result);
        }
        if visit.status == VisitStatus::Succeeded {
            assert!(here.missing().is_empty(), "{name} succeeded without {:?}", here.missing());
        }
    }
}

/// The run is shown in the editor.
fn shown(analysis: &Analysis, simulation: Simulation) {
    let machine = Arc::clone(analysis.machine());
    let run = Run::new(machine, simulation.into_trace());
    let all = TextRange::new(0, analysis.source().len());
    let style = HintStyle { label_chars_max: LABEL_CHARS_MAX, is_after_name: false, previous: Some(&run) };
    let _ = analysis.inlay_hints(&run, all, style);
    let _ = analysis.code_lens(Some(&run));
    let _ = analysis.graph(Some(&run)).to_mermaid();
    for finding in analysis.run_diagnostics(&run) {
        let range = finding.range;
        let text = analysis.source().as_str();
        assert!(text.get(range.start() as usize..range.end() as usize).is_some(), "{finding:?} is outside");
    }
    for symbol in analysis.document_symbols() {
        let _ = analysis.hover(symbol.selection_range.start(), Some(&run));
        let _ = analysis.completion(symbol.range.end(), Some(&run));
    }
}
