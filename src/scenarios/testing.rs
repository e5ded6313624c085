//! What the tests share.

use std::sync::Arc;

use serde_json::json;

use crate::model::{StateMachine, lower};
use crate::semantic;
use crate::simulator::{Budget, Scenario, Simulation, Trace};
use crate::syntax::parse_json;
use crate::text::SourceText;

/// A machine that saves an item, counts twice and loads the item, and a run of it.
pub(super) fn run() -> (Arc<StateMachine>, Trace) {
    let text = json!({"StartAt": "Save", "QueryLanguage": "JSONata", "States": {
        "Save": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Next": "Each",
            "Arguments": {"TableName": "Orders", "Item": {"id": {"S": "1"}, "status": {"S": "open"}}}},
        "Each": {"Type": "Map", "Items": [1, 2], "Next": "Load", "ItemProcessor": {"StartAt": "Step", "States": {
            "Step": {"Type": "Pass", "Output": 2, "End": true}}}},
        "Load": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "End": true,
            "Arguments": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}},
    }});
    let machine = lower(&parse_json(SourceText::new(&text.to_string()), 64)).machine;
    let database = semantic::database(&machine, None).unwrap();
    let scenario = Scenario { database, ..Scenario::default() };
    let mut simulation = Simulation::new(machine.clone(), Arc::new(scenario));
    simulation.run(Budget::steps(1_000));
    (machine, simulation.into_trace())
}
