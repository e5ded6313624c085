//! One state as JSONata: what each of its fields becomes.

use super::expression::{path, payload, string};
use super::template::{delimited, literal, literal_expression, template, template_expression};
use super::{Converted, Refusal, choice, members_of, scope};
use crate::expr::path::{ReferencePath, Step};
use crate::ide::context::state_kind;
use crate::spec::context::{STATES_ERROR_OUTPUT, STATES_INPUT, STATES_RESULT, STATES_VARIABLE};
use crate::spec::{Field, QueryLanguage, StateKind};
use crate::syntax::edit::{self, Draft};
use crate::syntax::{Node, NodeKind};

/// What a state works on, in JSONata.
struct Flow<'a> {
    kind: StateKind,
    state: Node<'a>,
    /// The input after `InputPath`.
    input: String,
}

/// A state's object. The states within it are converted, too, where the whole machine is.
pub(super) fn state(node: Node<'_>, is_machine: bool) -> Converted<Draft> {
    let kind = state_kind(node).ok_or_else(|| Refusal::new("a state has no type".to_owned()))?;
    let input = match node.value_of(Field::InputPath.name()) {
        None => of_states(STATES_INPUT),
        Some(value) => match value.text() {
            Some(text) => path(&text, &of_states(STATES_INPUT))?,
            None => return Err(Refusal::new("InputPath is null".to_owned())),
        },
    };
    let flow = Flow { kind, state: node, input };
    let mut members = Vec::new();
    for (key, value) in members_of(node)? {
        let field = Field::from_name(&key);
        if let Some(member) = flow.member(field, &key, value, is_machine)? {
            members.push(member);
        }
        if field == Some(Field::Type) && !is_machine {
            let language = Draft::Fixed(QueryLanguage::Jsonata.name().to_owned());
            members.push((Field::QueryLanguage.name().to_owned(), language));
        }
    }
    flow.added(&mut members)?;
    Ok(Draft::Object(members))
}

fn of_states(name: &str) -> String {
    format!("${STATES_VARIABLE}.{name}")
}

impl<'a> Flow<'a> {
    fn own(&self, field: Field) -> Option<Node<'a>> {
        self.state.value_of(field.name())
    }

    fn has_result(&self) -> bool {
        matches!(self.kind, StateKind::Task | StateKind::Parallel | StateKind::Map)
    }

    /// What a field becomes; nothing where it goes into another one.
    fn member(
        &self,
        field: Option<Field>,
        key: &str,
        value: Node<'a>,
        is_machine: bool,
    ) -> Converted<Option<(String, Draft)>> {
        let kept = || edit::moved(value.parse(), value);
        let named = |field: Field, draft: Draft| Some((field.name().to_owned(), draft));
        Ok(match field {
            Some(
                Field::QueryLanguage
                | Field::InputPath
                | Field::OutputPath
                | Field::ResultPath
                | Field::ResultSelector
                | Field::Result,
            ) => None,
            Some(Field::Parameters) if self.kind == StateKind::Pass => None,
            Some(Field::Parameters | Field::Iterator) if self.kind == StateKind::Map => {
                return Err(Refusal::new(format!("{key} is the older name of a field")));
            }
            Some(Field::ItemReader | Field::ItemBatcher | Field::ResultWriter) => {
                return Err(Refusal::new(format!("{key} is not converted")));
            }
            Some(Field::Parameters) => named(Field::Arguments, template(value, &self.input)?),
            Some(Field::ItemSelector) => named(Field::ItemSelector, template(value, &self.input)?),
            Some(Field::ItemsPath) => named(Field::Items, self.path(value)?),
            Some(Field::Credentials) => named(Field::Credentials, template(value, &self.input)?),
            Some(Field::Assign) => named(Field::Assign, template(value, &self.assigned_from()?)?),
            Some(Field::Catch) => {
                let catchers = value.elements().map(catcher).collect::<Converted<Vec<_>>>()?;
                named(Field::Catch, Draft::Array(catchers))
            }
            Some(Field::Choices) => {
                let rules = value.elements().map(|rule| choice::rule(rule, &self.input));
                named(Field::Choices, Draft::Array(rules.collect::<Converted<Vec<_>>>()?))
            }
            Some(Field::Branches) if is_machine => {
                let branches = value.elements().map(scope).collect::<Converted<Vec<_>>>()?;
                named(Field::Branches, Draft::Array(branches))
            }
            Some(Field::ItemProcessor) if is_machine => named(Field::ItemProcessor, scope(value)?),
            Some(field) => match plain(field) {
                Some(plain) => named(plain, self.path(value)?),
                None => Some((key.to_owned(), kept())),
            },
            None => Some((key.to_owned(), kept())),
        })
    }

    /// The value of a field that holds a path or a function.
    fn path(&self, value: Node<'_>) -> Converted<Draft> {
        let text = value.text().ok_or_else(|| Refusal::new("a path is no string".to_owned()))?;
        Ok(delimited(&payload(&text, &self.input)?))
    }

    /// What `$` is in `Assign`: the result, and where there is none the input.
    fn assigned_from(&self) -> Converted<String> {
        match self.kind {
            StateKind::Pass => self.result(),
            _ if self.has_result() => Ok(of_states(STATES_RESULT)),
            _ => Ok(self.input.clone()),
        }
    }

    /// The result of a Pass or of a state that does work, as an expression.
    fn result(&self) -> Converted<String> {
        if self.kind != StateKind::Pass {
            return match self.own(Field::ResultSelector) {
                Some(selector) => template_expression_of(selector, &of_states(STATES_RESULT)),
                None => Ok(of_states(STATES_RESULT)),
            };
        }
        match (self.own(Field::Result), self.own(Field::Parameters)) {
            (Some(result), _) => literal_expression(result),
            (None, Some(parameters)) => template_expression_of(parameters, &self.input),
            (None, None) => Ok(self.input.clone()),
        }
    }

    /// The result as a template, which reads better than an expression; none where it is plain.
    fn result_template(&self) -> Converted<Option<Draft>> {
        Ok(match self.kind {
            StateKind::Pass => match (self.own(Field::Result), self.own(Field::Parameters)) {
                (Some(result), _) => Some(literal(result)?),
                (None, Some(parameters)) => Some(template(parameters, &self.input)?),
                (None, None) => None,
            },
            _ => match self.own(Field::ResultSelector) {
                Some(selector) => Some(template(selector, &of_states(STATES_RESULT))?),
                None => None,
            },
        })
    }

    /// `Arguments`, `Items` and `Output`, where they are no longer what they are by default.
    fn added(&self, members: &mut Vec<(String, Draft)>) -> Converted<()> {
        let raw_input = of_states(STATES_INPUT);
        let mut add = |field: Field, draft: Draft| {
            // Before what says where it goes on, as people write it.
            let last = [Field::Next.name(), Field::End.name()];
            let at =
                members.iter().position(|(key, _)| last.contains(&key.as_str())).unwrap_or(members.len());
            members.insert(at, (field.name().to_owned(), draft));
        };
        if self.input != raw_input {
            match self.kind {
                StateKind::Task | StateKind::Parallel if self.own(Field::Parameters).is_none() => {
                    add(Field::Arguments, delimited(&self.input));
                }
                StateKind::Map if self.own(Field::ItemsPath).is_none() => {
                    add(Field::Items, delimited(&self.input))
                }
                StateKind::Choice => return Err(Refusal::new("a Choice state has an InputPath".to_owned())),
                _ => {}
            }
        }
        if self.kind == StateKind::Fail {
            return Ok(());
        }
        if let Some(output) = self.output(&raw_input)? {
            if self.kind == StateKind::Choice {
                return Err(Refusal::new("a Choice state has an OutputPath".to_owned()));
            }
            add(Field::Output, output);
        }
        Ok(())
    }

    /// `Output`; none where it is what it is by default.
    fn output(&self, raw_input: &str) -> Converted<Option<Draft>> {
        let output_path = match self.own(Field::OutputPath) {
            None => None,
            Some(value) => {
                let text = value.text().ok_or_else(|| Refusal::new("OutputPath is null".to_owned()))?;
                Some(text.into_owned()).filter(|text| text != "$")
            }
        };
        let default = if self.has_result() { of_states(STATES_RESULT) } else { raw_input.to_owned() };
        let is_whole = |node: Node<'_>| node.text().is_some_and(|text| text == "$");
        let combined = match self.own(Field::ResultPath).filter(|node| !is_whole(*node)) {
            _ if !self.has_result() && self.kind != StateKind::Pass => self.input.clone(),
            None => match (self.result_template()?, &output_path) {
                (Some(template), None) => return Ok(Some(template)),
                _ => self.result()?,
            },
            Some(node) if node.kind() == NodeKind::Null => raw_input.to_owned(),
            Some(node) => merged(node, raw_input, &self.result()?)?,
        };
        let output = match output_path {
            Some(text) => path(&text, &combined)?,
            None => combined,
        };
        Ok((output != default).then(|| delimited(&output)))
    }
}

/// A template as one expression; what an array has in it must not be taken apart.
fn template_expression_of(node: Node<'_>, root: &str) -> Converted<String> {
    let mut stack = vec![(node, false)];
    while let Some((node, is_in_array)) = stack.pop() {
        let has_expressions = node.members().any(|member| member.key().ends_with(".$"));
        if has_expressions && is_in_array && !node.is_object() {
            return Err(Refusal::new("an array has expressions".to_owned()));
        }
        stack.extend(node.members().filter_map(|member| Some((member.value()?, is_in_array))));
        stack.extend(node.elements().map(|element| (element, true)));
    }
    template_expression(node, root)
}

/// The input with a result put at a reference path.
fn merged(node: Node<'_>, input: &str, result: &str) -> Converted<String> {
    let refuse = || Refusal::new("ResultPath is not a path of names".to_owned());
    let text = node.text().ok_or_else(refuse)?;
    let (parsed, _) = ReferencePath::parse(&text);
    let parsed = parsed.ok_or_else(refuse)?;
    let mut names = Vec::new();
    for step in parsed.steps() {
        match step {
            Step::Name(name) => names.push(name.as_str()),
            Step::Index(_) => return Err(refuse()),
        }
    }
    let mut value = result.to_owned();
    for (depth, name) in names.iter().enumerate().rev() {
        // What is there already at this level; nothing when it is not there.
        let around = names.iter().take(depth).map(|name| format!("['{name}']")).collect::<String>();
        let existing = path(&format!("${around}"), input)?;
        value = format!("$merge([{existing}, {{{}: {value}}}])", string(name));
    }
    Ok(value)
}

/// A catcher: `ResultPath` becomes `Output`.
fn catcher(node: Node<'_>) -> Converted<Draft> {
    let (input, error) = (of_states(STATES_INPUT), of_states(STATES_ERROR_OUTPUT));
    let mut members = Vec::new();
    for (key, value) in members_of(node)? {
        match Field::from_name(&key) {
            Some(Field::ResultPath) => {
                let output = match value.text() {
                    Some(text) if text == "$" => continue,
                    Some(_) => merged(value, &input, &error)?,
                    None => input.clone(),
                };
                members.push((Field::Output.name().to_owned(), delimited(&output)));
            }
            Some(Field::Assign) => members.push((key, template(value, &error)?)),
            _ => members.push((key, edit::moved(value.parse(), value))),
        }
    }
    Ok(Draft::Object(members))
}

/// The field that takes, under JSONata, what another one finds by a path.
fn plain(field: Field) -> Option<Field> {
    Some(match field {
        Field::TimeoutSecondsPath => Field::TimeoutSeconds,
        Field::HeartbeatSecondsPath => Field::HeartbeatSeconds,
        Field::SecondsPath => Field::Seconds,
        Field::TimestampPath => Field::Timestamp,
        Field::ErrorPath => Field::Error,
        Field::CausePath => Field::Cause,
        Field::MaxConcurrencyPath => Field::MaxConcurrency,
        Field::ToleratedFailureCountPath => Field::ToleratedFailureCount,
        Field::ToleratedFailurePercentagePath => Field::ToleratedFailurePercentage,
        _ => return None,
    })
}
