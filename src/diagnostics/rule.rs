//! What a rule is, and the list of all.

use super::rules::*;
use super::{Config, Diagnostic, Related, Severity, Tag};
use crate::model::{Slot, State, StateId};
use crate::semantic::{Facts, Operation};
use crate::spec::Resource;
use crate::syntax::Node;
use crate::text::TextRange;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name: unique, in kebab case.
    pub name: &'static str,
    /// The code of its findings: AWS's where AWS has one, else the name.
    pub code: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// The version that brought it.
    pub since: &'static str,
    /// What it finds, in one sentence.
    pub summary: &'static str,
    /// Why that is wrong and what to do about it, in Markdown.
    pub doc: &'static str,
    /// A definition in which it finds something.
    pub failing: &'static str,
    /// One like it in which it finds nothing.
    pub passing: &'static str,
    /// The part of the specification or AWS page it is from.
    pub link: &'static str,
    /// What the examples are checked with.
    pub config: fn() -> Config,
    /// Looks for it.
    pub check: Check,
}

/// What a rule looks at: the rules share one walk over the states.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The document as a whole.
    Document(fn(&mut Reporter<'_>)),
    /// Each state.
    State(fn(&mut Reporter<'_>, &StateView<'_>)),
    /// Each expression.
    Expression(fn(&mut Reporter<'_>, &StateView<'_>, &Slot)),
    /// Each operation of DynamoDB that a task asks for.
    Operation(fn(&mut Reporter<'_>, &Operation<'_>)),
    /// Nothing: its findings come from looking at those of the others.
    Findings,
}

/// The rules with a code or a name.
pub fn rules_of(name: &str) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(move |rule| rule.code == name || rule.name == name)
}

/// A state with what several rules ask of it.
pub struct StateView<'a> {
    /// Its number.
    pub id: StateId,
    /// What it says.
    pub state: &'a State,
    /// The object that it is.
    pub node: Node<'a>,
    /// The parts of a Task's `Resource`, where it can be read.
    pub resource: Option<Resource<'a>>,
    /// Its expressions.
    pub slots: &'a [(StateId, &'a Slot)],
}

/// What a rule writes its findings to.
pub struct Reporter<'a> {
    /// What is known of the document.
    pub facts: &'a Facts<'a>,
    /// What was told from outside.
    pub config: &'a Config,
    rule: &'static Rule,
    found: &'a mut Vec<Diagnostic>,
}

/// A finding on its way to a [`Reporter`].
#[derive(Clone, Debug)]
pub struct Finding {
    node: Option<crate::syntax::NodeId>,
    range: TextRange,
    message: String,
    tag: Option<Tag>,
    related: Vec<Related>,
}

impl Finding {
    /// A finding about a value; what is underlined may be another part of the document.
    pub fn new(node: Option<Node<'_>>, range: TextRange, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { node: node.map(Node::id), range, message, tag: None, related: Vec::new() }
    }

    /// What is underlined has no effect and can be shown faded.
    pub fn unnecessary(self) -> Self {
        Self { tag: Some(Tag::Unnecessary), ..self }
    }

    /// There is something newer than what is underlined.
    pub fn deprecated(self) -> Self {
        Self { tag: Some(Tag::Deprecated), ..self }
    }

    /// Another place has to do with it.
    pub fn related(mut self, range: TextRange, message: impl Into<String>) -> Self {
        self.related.push(Related { range, message: message.into() });
        self
    }
}

impl<'a> Reporter<'a> {
    /// Reports a finding about a value; what is underlined may be another part of the document.
    pub fn report(&mut self, node: Option<Node<'_>>, range: TextRange, message: impl Into<String>) {
        self.push(Finding::new(node, range, message));
    }

    /// As [`Reporter::report`], of something that has no effect and can be shown faded.
    pub fn report_unnecessary(
        &mut self,
        node: Option<Node<'_>>,
        range: TextRange,
        message: impl Into<String>,
    ) {
        self.push(Finding::new(node, range, message).unnecessary());
    }

    /// Reports a finding about a part of an expression; `range` is relative to the expression's text.
    pub fn report_in(&mut self, slot: &Slot, range: TextRange, message: impl Into<String>) {
        let place = self.facts.lowered.source_map.slot_range(self.facts.parse, slot, range);
        let Some((node, range)) = place else { return };
        self.push(Finding::new(Some(node), range, message));
    }

    /// Reports a finding.
    pub fn push(&mut self, finding: Finding) {
        let Rule { name, code, severity, .. } = *self.rule;
        let Finding { node, range, message, tag, related } = finding;
        self.found.push(Diagnostic { rule: name, code, severity, message, range, node, tag, related });
    }
}

/// Runs all rules in one walk over the states.
pub(super) fn run(facts: &Facts<'_>, config: &Config) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut of_states = Vec::new();
    let mut of_expressions = Vec::new();
    for rule in RULES {
        match rule.check {
            Check::Document(check) => check(&mut Reporter { facts, config, rule, found: &mut found }),
            Check::State(check) => of_states.push((rule, check)),
            Check::Expression(check) => of_expressions.push((rule, check)),
            Check::Operation(check) => {
                for operation in &facts.operations {
                    check(&mut Reporter { facts, config, rule, found: &mut found }, operation);
                }
            }
            Check::Findings => {}
        }
    }
    let mut slots = facts.slots.as_slice();
    for (id, state) in facts.lowered.machine.all_states() {
        // Expressions stand state by state.
        let of_state;
        (of_state, slots) = slots.split_at(slots.iter().take_while(|(of, _)| *of == id).count());
        let Some(node) = facts.lowered.source_map.state_node(facts.parse, id) else { continue };
        let resource = match &state.body {
            crate::model::StateBody::Task(task) => Resource::parse(&task.resource),
            _ => None,
        };
        let view = StateView { id, state, node, resource, slots: of_state };
        for &(rule, check) in &of_states {
            check(&mut Reporter { facts, config, rule, found: &mut found }, &view);
        }
        for (_, slot) in of_state {
            for &(rule, check) in &of_expressions {
                check(&mut Reporter { facts, config, rule, found: &mut found }, &view, slot);
            }
        }
    }
    found
}

/// All rules.
pub const RULES: &[Rule] = &[
    assumed_table::RULE,
    context_field::RULE,
    deprecated_field::RULE,
    distributed_field::RULE,
    doubtful_filter::RULE,
    duplicate_key::RULE,
    duplicate_label::RULE,
    duplicate_state_name::RULE,
    dynamodb_action::RULE,
    dynamodb_attribute_value::RULE,
    dynamodb_expression::RULE,
    dynamodb_function_value::RULE,
    dynamodb_key::RULE,
    dynamodb_key_update::RULE,
    dynamodb_parameter::RULE,
    dynamodb_placeholder::RULE,
    dynamodb_schema::RULE,
    endless_loop::RULE,
    express::RULE,
    express_map::RULE,
    function_arguments::RULE,
    heartbeat::RULE,
    hidden_handler::RULE,
    impossible_error::RULE,
    impossible_path::RULE,
    intrinsic_arguments::RULE,
    invalid_json::RULE,
    invalid_jsonata::RULE,
    invalid_label::RULE,
    invalid_state_name::RULE,
    item_reader::RULE,
    jsonata_text::RULE,
    jsonata_type::RULE,
    jsonpath_key::RULE,
    missing_end_state::RULE,
    missing_parameter::RULE,
    missing_retry::RULE,
    missing_task_token::RULE,
    missing_transition_target::RULE,
    no_dollar::RULE,
    no_path::RULE,
    outer_variable::RULE,
    retry_delay::RULE,
    schema::RULE,
    sometimes_undefined_variable::RULE,
    states_all::RULE,
    states_scope::RULE,
    static_result::RULE,
    too_deeply_nested::RULE,
    top_level_reference::RULE,
    undefined_variable::RULE,
    unknown_error_name::RULE,
    unknown_function::RULE,
    unknown_resource::RULE,
    unknown_states_field::RULE,
    unknown_suppression::RULE,
    unreachable_state::RULE,
    unused_variable::RULE,
    useless_suppression::RULE,
    version::RULE,
];
