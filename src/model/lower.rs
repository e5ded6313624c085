//! From the tree to the model, driven by the tables of `spec`.
//!
//! Whatever is missing or wrong becomes a [`LowerError`] and, in the state it belongs to, a problem that keeps this
//! state from being run; everything else is understood all the same.

mod fields;
mod filled_in;
mod payload;
mod rule;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use self::fields::Fields;
pub use self::filled_in::is_filled_in;
use super::source_map::{ObjectInfo, StateNameUse};
use super::*;
use crate::expr::Expr;
use crate::expr::path::{ReferencePath, Root};
use crate::spec::{Field, Owner, StateKind, field_value, quota};
use crate::syntax::{Member, Node, NodeId, Parse};
use crate::text::TextRange;

/// What lowering makes of a document.
#[derive(Clone, Debug, Default)]
pub struct Lowered {
    /// What the document says; shared with the simulations of it.
    pub machine: Arc<StateMachine>,
    /// Where it says it.
    pub source_map: SourceMap,
    /// What is wrong with it as a definition, in the order of the text.
    pub errors: Vec<LowerError>,
}

/// Something that is wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowerError {
    /// What is wrong.
    pub kind: LowerErrorKind,
    /// The value that is wrong, or that lacks something.
    pub node: NodeId,
    /// What to underline.
    pub range: TextRange,
}

/// What is wrong with a definition. AWS refuses all of it with the code `SCHEMA_VALIDATION_FAILED`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LowerErrorKind {
    /// The document is no JSON object.
    NotAnObject,
    /// Fields that the object needs.
    MissingFields(Vec<Field>),
    /// `RoleArn` of `Credentials`.
    MissingRoleArn,
    /// A field that the object cannot have.
    Unsupported(String),
    /// A field of the other query language.
    WrongLanguage {
        /// The field.
        field: String,
        /// The language of the state.
        language: QueryLanguage,
    },
    /// `QueryLanguage` of a state goes back to JSONPath.
    LanguageDowngrade,
    /// Several of these fields, of which the object may have one.
    OnlyOneOf(Vec<Field>),
    /// None of these fields, of which the object needs one.
    NoneOf(Vec<Field>),
    /// A value of another type.
    WrongType(&'static str),
    /// None of the values that the field may have.
    NotOneOf(Field, Vec<&'static str>),
    /// A number below the least one.
    TooSmall(String),
    /// A number above the greatest one.
    TooLarge(String),
    /// An empty array, object or string.
    Empty,
    /// The name of a state that is empty or too long.
    BadStateName,
    /// A label, and what is wrong with it.
    BadLabel(String),
    /// No path: why.
    BadPath(String),
    /// A path, but not a reference path.
    NotAReferencePath,
    /// The value of a key that ends in `.$`: the key, and why.
    BadPayloadExpression(String, String),
    /// A JSONata expression that cannot be parsed.
    BadJsonata(String),
    /// A text that has to be a JSONata expression.
    NotJsonata,
    /// A filter of a path that the JSONPath library refuses, though definitions with such filters are around.
    DoubtfulFilter(String),
    /// No RFC 3339 timestamp.
    BadTimestamp,
    /// A rule of a Choice state without a comparison.
    NoComparison,
    /// A rule of a Choice state with several.
    SeveralComparisons,
    /// The name of a variable.
    BadVariableName(String),
}

impl LowerError {
    /// A sentence for people, in AWS's words where they are known.
    pub fn message(&self) -> String {
        self.kind.message()
    }
}

impl LowerErrorKind {
    /// Whether AWS may accept the definition all the same.
    pub fn is_doubtful(&self) -> bool {
        matches!(self, LowerErrorKind::DoubtfulFilter(_))
    }

    /// Whether it is about an expression of JSONata that cannot be parsed.
    pub fn is_jsonata(&self) -> bool {
        matches!(self, LowerErrorKind::BadJsonata(_))
    }

    /// Whether it is about the name of a state.
    pub fn is_state_name(&self) -> bool {
        matches!(self, LowerErrorKind::BadStateName)
    }

    /// Whether it is about the label of a distributed Map.
    pub fn is_label(&self) -> bool {
        matches!(self, LowerErrorKind::BadLabel(_))
    }

    /// A sentence for people, in AWS's words where they are known.
    pub fn message(&self) -> String {
        let names = |fields: &[Field]| fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ");
        match self {
            LowerErrorKind::NotAnObject => "Definition must be a valid JSON object".into(),
            LowerErrorKind::MissingFields(fields) => {
                format!("These fields are required: [{}]", names(fields))
            }
            LowerErrorKind::MissingRoleArn => "The field 'RoleArn' is required but was missing".into(),
            LowerErrorKind::Unsupported(name) => format!("Field '{name}' is not supported"),
            LowerErrorKind::WrongLanguage { field, language } => {
                let [first, second] = QueryLanguage::ALL;
                let other = if *language == first { second } else { first };
                format!(
                    "The QueryLanguage is set to '{}', but field '{field}' is only supported for the '{}' QueryLanguage",
                    language.name(),
                    other.name()
                )
            }
            LowerErrorKind::LanguageDowngrade => {
                "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine".into()
            }
            LowerErrorKind::OnlyOneOf(fields) => {
                format!("There should only be one of the following fields: [{}]", names(fields))
            }
            LowerErrorKind::NoneOf(fields) => {
                format!("This object should have only one of the following fields: [{}]", names(fields))
            }
            LowerErrorKind::WrongType(expected) => format!("Expected {expected}"),
            LowerErrorKind::NotOneOf(field, values) => {
                format!(
                    "The field '{}' should have one of these values: [{}]",
                    field.name(),
                    values.join(", ")
                )
            }
            LowerErrorKind::TooSmall(least) => format!("Minimum value is {least}"),
            LowerErrorKind::TooLarge(greatest) => format!("Maximum value is {greatest}"),
            LowerErrorKind::Empty => "Value cannot be empty".into(),
            LowerErrorKind::BadStateName => {
                format!("The name of a state has 1 to {} characters", quota::STATE_NAME_CHARS_MAX)
            }
            LowerErrorKind::BadLabel(why) => why.clone(),
            LowerErrorKind::BadPath(why) => format!("Value is not a valid JSONPath: {why}"),
            LowerErrorKind::NotAReferencePath => "Value is not a Reference Path".into(),
            LowerErrorKind::BadPayloadExpression(key, why) => format!(
                "The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call: {why}"
            ),
            LowerErrorKind::BadJsonata(why) => why.clone(),
            LowerErrorKind::NotJsonata => "Expected a JSONata expression between {% and %}".into(),
            LowerErrorKind::DoubtfulFilter(why) => format!("The filter of this path cannot be read: {why}"),
            LowerErrorKind::BadTimestamp => "String does not match RFC3339 timestamp".into(),
            LowerErrorKind::NoComparison => {
                "A rule needs 'Variable' and one comparison operator, or 'And', 'Or' or 'Not'".into()
            }
            LowerErrorKind::SeveralComparisons => "A rule can have only one comparison operator".into(),
            LowerErrorKind::BadVariableName(name) => format!(
                "'{name}' cannot be the name of a variable: names are up to 80 letters, digits and '_', \
                 do not begin with a digit and are not 'states'"
            ),
        }
    }
}

/// Lowers a document.
pub fn lower(parse: &Parse) -> Lowered {
    let mut ctx = Ctx {
        machine: StateMachine::default(),
        source_map: SourceMap::default(),
        errors: Vec::new(),
        problems: Vec::new(),
        names: Vec::new(),
        state: None,
        keys: Vec::new(),
        path: String::new(),
    };
    match parse.root() {
        Some(root) if root.is_object() => ctx.lower_machine(root),
        Some(root) => {
            ctx.error(root, root.range(), LowerErrorKind::NotAnObject);
            ctx.machine.problems = std::mem::take(&mut ctx.problems);
        }
        None => {}
    }
    ctx.source_map.objects.sort_by_key(|info| info.node);
    ctx.source_map.state_names.sort_by_key(|name| name.node);
    ctx.errors.sort_by_key(|error| error.range);
    Lowered { machine: Arc::new(ctx.machine), source_map: ctx.source_map, errors: ctx.errors }
}

struct Ctx<'a> {
    machine: StateMachine,
    source_map: SourceMap,
    errors: Vec<LowerError>,
    /// Of the state that is being lowered, or of the machine.
    problems: Vec<Problem>,
    /// By scope: its states. For lookups only; nothing is read in its order.
    names: Vec<HashMap<Cow<'a, str>, StateId>>,
    /// The state that is being lowered.
    state: Option<(StateId, Node<'a>)>,
    /// Room for the keys of a field path, and for the path.
    keys: Vec<Cow<'a, str>>,
    path: String,
}

/// Where an object stands, for the fields in it.
#[derive(Clone, Copy)]
struct Place {
    owner: Owner,
    language: QueryLanguage,
    scope: ScopeId,
}

impl<'a> Ctx<'a> {
    fn error(&mut self, node: Node<'a>, range: TextRange, kind: LowerErrorKind) {
        let error = LowerError { kind, node: node.id(), range };
        let message = error.message();
        self.errors.push(error);
        self.problem(node, &message);
    }

    /// Notes what keeps the current state from being run, without an error in the document.
    fn problem(&mut self, node: Node<'a>, message: &str) {
        let field = self.field_path(node);
        self.problems.push(Problem { field, message: Arc::from(message) });
    }

    fn lower_machine(&mut self, root: Node<'a>) {
        let language =
            root.value_of(Field::QueryLanguage.name()).and_then(query_language).unwrap_or_default();
        self.machine.query_language = language;
        let place = Place { owner: Owner::Machine, language, scope: ScopeId::ROOT };
        let fields = self.fields(root, place);
        self.machine.timeout_seconds =
            fields.get(Field::TimeoutSeconds).and_then(Node::number).and_then(|number| number.as_i64());
        self.lower_scope(root, &fields, None);
        self.machine.problems = std::mem::take(&mut self.problems);
    }

    /// Lowers the `StartAt` and `States` of an object whose fields were read. Its states get consecutive numbers in
    /// the order of their names, before those of the scopes within them.
    fn lower_scope(&mut self, node: Node<'a>, fields: &Fields<'a>, owner: Option<StateId>) -> ScopeId {
        let scope = ScopeId(index(self.machine.scopes.len()));
        self.machine.scopes.push(Scope { owner, ..Scope::default() });
        self.source_map.scopes.push(node.id());

        let states = fields.get(Field::States);
        let members = states.into_iter().flat_map(Node::members);
        let mut members: Vec<_> = members.map(|member| (member.key(), member)).collect();
        // Of several states of one name the last counts, as in any JSON object.
        let place = |member: &Member<'_>| Reverse(member.node().id());
        members.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| place(&a.1).cmp(&place(&b.1))));
        members.dedup_by(|a, b| a.0 == b.0);
        let first = self.machine.states.len();
        // At least an object and a transition for each.
        self.machine.states.reserve(members.len());
        self.source_map.states.reserve(members.len());
        self.source_map.objects.reserve(members.len());
        self.source_map.state_names.reserve(members.len());
        let ids = members.iter().zip(first..).map(|((name, _), idx)| (name.clone(), StateId(index(idx))));
        self.names.push(ids.collect());
        for (name, member) in &members {
            let id = StateId(index(self.machine.states.len()));
            self.machine.states.push(State::unknown(&**name, scope, self.machine.query_language));
            self.source_map.states.push(member.node().id());
            if let Some(scope) = self.machine.scopes.get_mut(scope.0 as usize) {
                scope.states.push(id);
            }
        }
        let start_at = self.transition(fields, Field::StartAt, scope);
        if let Some(scope) = self.machine.scopes.get_mut(scope.0 as usize) {
            scope.start_at = start_at;
        }
        let outer = (std::mem::take(&mut self.problems), self.state);
        for (idx, (_, member)) in (first..).zip(&members) {
            let id = StateId(index(idx));
            // The name that its place has already.
            let name = self.machine.states.get(idx).map(|state| state.name.clone()).unwrap_or_default();
            let state =
                self.lower_state(id, State::unknown(name, scope, self.machine.query_language), *member);
            if let Some(slot) = self.machine.states.get_mut(idx) {
                *slot = state;
            }
        }
        (self.problems, self.state) = outer;
        scope
    }

    /// Lowers a state of which its name, scope and the machine's language are known.
    fn lower_state(&mut self, id: StateId, mut state: State, member: Member<'a>) -> State {
        let (scope, machine_language) = (state.scope, state.query_language);
        let Some(node) = member.value() else { return self.finish(state) };
        self.state = Some((id, node));
        if state.name.is_empty() || state.name.chars().count() > quota::STATE_NAME_CHARS_MAX {
            self.error(node, member.key_node().range(), LowerErrorKind::BadStateName);
        }
        if is_filled_in(node) {
            self.problem(node, filled_in::FILLED_IN);
            return self.finish(state);
        }
        if !node.is_object() {
            self.error(node, node.range(), LowerErrorKind::WrongType("an object: a state"));
            return self.finish(state);
        }
        if let Some(language) = node.value_of(Field::QueryLanguage.name()) {
            let chosen = query_language(language);
            if chosen == Some(QueryLanguage::JsonPath) && machine_language == QueryLanguage::Jsonata {
                self.error(node, language.range(), LowerErrorKind::LanguageDowngrade);
            }
            state.query_language = chosen.unwrap_or(state.query_language);
        }
        let kind = node.value_of(Field::Type.name()).and_then(Node::text);
        let kind = kind.and_then(|name| StateKind::from_name(&name));
        let Some(kind) = kind else {
            self.unknown_type(node, scope, state.query_language);
            return self.finish(state);
        };
        let place = Place { owner: Owner::State(kind), language: state.query_language, scope };
        let fields = self.fields(node, place);
        self.lower_common(&mut state, &fields, scope);
        state.body = self.lower_body(kind, id, &fields, scope);
        self.finish(state)
    }

    fn finish(&mut self, mut state: State) -> State {
        state.problems = std::mem::take(&mut self.problems);
        self.state = None;
        state
    }

    /// A state without a type that is known: nothing is said of its fields, but its transitions are kept.
    fn unknown_type(&mut self, node: Node<'a>, scope: ScopeId, query_language: QueryLanguage) {
        let state = self.state.map(|(id, _)| id);
        self.source_map.objects.push(ObjectInfo {
            node: node.id(),
            owner: None,
            query_language,
            scope,
            state,
        });
        match node.value_of(Field::Type.name()) {
            Some(kind) if filled_in::has_substitution(kind) => self.problem(kind, filled_in::FILLED_IN),
            Some(kind) => {
                let names = StateKind::NAMES_IN_ERRORS.to_vec();
                self.error(kind, kind.range(), LowerErrorKind::NotOneOf(Field::Type, names));
            }
            None => {
                let range = name_range(node);
                self.error(node, range, LowerErrorKind::MissingFields(vec![Field::Type]));
            }
        }
        for member in node.members().filter(|member| member.key_is(Field::Next.name())) {
            if let Some(value) = member.value() {
                self.name_use(value, Field::Next, scope);
            }
        }
    }

    fn lower_common(&mut self, state: &mut State, fields: &Fields<'a>, scope: ScopeId) {
        let language = state.query_language;
        state.input_path = self.path_field(fields.get(Field::InputPath));
        state.output_path = self.path_field(fields.get(Field::OutputPath));
        state.result_path = self.result_path(fields.get(Field::ResultPath));
        let arguments = match language {
            QueryLanguage::JsonPath => fields.get(Field::Parameters),
            QueryLanguage::Jsonata => fields.get(Field::Arguments),
        };
        state.arguments = arguments.map(|node| self.payload(node, language));
        state.result_selector = fields.get(Field::ResultSelector).map(|node| self.payload(node, language));
        state.output = fields.get(Field::Output).map(|node| self.payload(node, language));
        state.assign = fields.get(Field::Assign).map(|node| self.payload(node, language));
        state.next = self.transition(fields, Field::Next, scope);
        state.is_end = fields.get(Field::End).and_then(Node::boolean) == Some(true);
        let retriers = fields.get(Field::Retry).into_iter().flat_map(Node::elements);
        state.retry = retriers.map(|node| self.retrier(node, language, scope)).collect();
        let catchers = fields.get(Field::Catch).into_iter().flat_map(Node::elements);
        state.catch = catchers.map(|node| self.catcher(node, language, scope)).collect();
    }

    fn lower_body(&mut self, kind: StateKind, id: StateId, fields: &Fields<'a>, scope: ScopeId) -> StateBody {
        let language = fields.language;
        match kind {
            StateKind::Task => {
                let resource = fields.get(Field::Resource).and_then(Node::text).unwrap_or_default();
                StateBody::Task(TaskState {
                    resource: Arc::from(resource),
                    timeout_seconds: self.number(
                        fields,
                        Field::TimeoutSeconds,
                        Some(Field::TimeoutSecondsPath),
                    ),
                    heartbeat_seconds: self.number(
                        fields,
                        Field::HeartbeatSeconds,
                        Some(Field::HeartbeatSecondsPath),
                    ),
                    credentials: self.credentials(fields),
                })
            }
            StateKind::Pass => {
                let result = fields.get(Field::Result);
                if let Some(unfilled) = result.and_then(filled_in::unquoted_substitution) {
                    self.problem(unfilled, filled_in::FILLED_IN);
                }
                StateBody::Pass { result: result.map(|node| Arc::new(node.to_value())) }
            }
            StateKind::Choice => {
                let rules = fields.get(Field::Choices).into_iter().flat_map(Node::elements);
                let rules = rules.map(|node| self.choice_rule(node, language, scope)).collect();
                StateBody::Choice { rules, default: self.transition(fields, Field::Default, scope) }
            }
            StateKind::Wait => StateBody::Wait(self.wait_for(fields)),
            StateKind::Succeed => StateBody::Succeed,
            StateKind::Fail => StateBody::Fail {
                error: self.text(fields, Field::Error, Field::ErrorPath),
                cause: self.text(fields, Field::Cause, Field::CausePath),
            },
            StateKind::Parallel => {
                let branches: Vec<Node<'a>> =
                    fields.get(Field::Branches).into_iter().flat_map(Node::elements).collect();
                let branches = branches.into_iter().map(|node| self.nested_scope(node, Owner::Branch, id).0);
                StateBody::Parallel { branches: branches.collect() }
            }
            StateKind::Map => StateBody::Map(Box::new(self.map(id, fields))),
        }
    }

    fn nested_scope(&mut self, node: Node<'a>, owner: Owner, state: StateId) -> (ScopeId, Fields<'a>) {
        // The scope within is numbered next: nothing else makes scopes in between.
        let scope = ScopeId(index(self.machine.scopes.len()));
        let place = Place { owner, language: self.machine.query_language, scope };
        let fields = self.fields(node, place);
        (self.lower_scope(node, &fields, Some(state)), fields)
    }

    fn map(&mut self, id: StateId, fields: &Fields<'a>) -> MapState {
        let language = fields.language;
        let selector = fields.get(Field::ItemSelector).or(match language {
            QueryLanguage::JsonPath => fields.get(Field::Parameters),
            QueryLanguage::Jsonata => None,
        });
        let mut map = MapState {
            processor: None,
            items_path: fields.get(Field::ItemsPath).and_then(|node| self.path_slot(node)),
            items: fields.get(Field::Items).map(|node| self.payload(node, language)),
            item_selector: selector.map(|node| self.payload(node, language)),
            max_concurrency: self.number(fields, Field::MaxConcurrency, Some(Field::MaxConcurrencyPath)),
            tolerated_failure_count: self.number(
                fields,
                Field::ToleratedFailureCount,
                Some(Field::ToleratedFailureCountPath),
            ),
            tolerated_failure_percentage: self.number(
                fields,
                Field::ToleratedFailurePercentage,
                Some(Field::ToleratedFailurePercentagePath),
            ),
            distributed: None,
        };
        let mut config = Vec::new();
        if let Some(node) = fields.get(Field::ItemProcessor).or(fields.get(Field::Iterator)) {
            let (scope, inner) = self.nested_scope(node, Owner::ItemProcessor, id);
            map.processor = Some(scope);
            if let Some(node) = inner.get(Field::ProcessorConfig) {
                let place = Place { owner: Owner::ProcessorConfig, language, scope };
                let inner = self.fields(node, place);
                config = [Field::Mode, Field::ExecutionType]
                    .map(|field| inner.get(field).and_then(Node::text))
                    .into();
            }
        }
        let value = |idx: usize| config.get(idx).and_then(Option::as_deref);
        if value(0) == Some(field_value::DISTRIBUTED) {
            map.distributed = Some(self.distributed(fields, value(1) == Some(field_value::EXPRESS)));
        } else {
            // Read for their errors: what a distributed Map has, an inline one has not.
            self.distributed(fields, false);
        }
        map
    }

    fn distributed(&mut self, fields: &Fields<'a>, is_express: bool) -> Distributed {
        let language = fields.language;
        let place = |owner| Place { owner, language, scope: fields.scope };
        let text = |node: Option<Node<'a>>| node.and_then(Node::text).map(|text| Arc::from(&*text));
        let arguments = |inner: &Fields<'a>| match language {
            QueryLanguage::JsonPath => inner.get(Field::Parameters),
            QueryLanguage::Jsonata => inner.get(Field::Arguments),
        };
        let config_value = |node: Option<Node<'a>>| Arc::new(node.map_or(Value::Null, Node::to_value));
        let item_reader = fields.get(Field::ItemReader).map(|node| {
            let inner = self.fields(node, place(Owner::ItemReader));
            let config = inner.get(Field::ReaderConfig);
            let config_fields = config.map(|node| self.fields(node, place(Owner::ReaderConfig)));
            ItemReader {
                resource: text(inner.get(Field::Resource)).unwrap_or_default(),
                arguments: arguments(&inner).map(|node| self.payload(node, language)),
                config: config_value(config),
                max_items: config_fields
                    .and_then(|config| self.number(&config, Field::MaxItems, Some(Field::MaxItemsPath))),
            }
        });
        let item_batcher = fields.get(Field::ItemBatcher).map(|node| {
            let inner = self.fields(node, place(Owner::ItemBatcher));
            ItemBatcher {
                batch_input: inner.get(Field::BatchInput).map(|node| self.payload(node, language)),
                max_items_per_batch: self.number(
                    &inner,
                    Field::MaxItemsPerBatch,
                    Some(Field::MaxItemsPerBatchPath),
                ),
                max_input_bytes_per_batch: self.number(
                    &inner,
                    Field::MaxInputBytesPerBatch,
                    Some(Field::MaxInputBytesPerBatchPath),
                ),
            }
        });
        let result_writer = fields.get(Field::ResultWriter).map(|node| {
            let inner = self.fields(node, place(Owner::ResultWriter));
            let config = inner.get(Field::WriterConfig);
            if let Some(config) = config {
                self.fields(config, place(Owner::WriterConfig));
            }
            ResultWriter {
                resource: text(inner.get(Field::Resource)),
                arguments: arguments(&inner).map(|node| self.payload(node, language)),
                config: config_value(config),
            }
        });
        Distributed {
            is_express,
            label: text(fields.get(Field::Label)),
            item_reader,
            item_batcher,
            result_writer,
        }
    }

    fn wait_for(&mut self, fields: &Fields<'a>) -> WaitFor {
        if let Some(seconds) = self.number(fields, Field::Seconds, Some(Field::SecondsPath)) {
            return WaitFor::Seconds(seconds);
        }
        if let Some(node) = fields.get(Field::Timestamp) {
            if let Some(slot) = self.jsonata_slot(node, fields.language) {
                return WaitFor::Until(Instant::Expr(Box::new(slot)));
            }
            return WaitFor::Until(Instant::Literal(Arc::from(node.text().unwrap_or_default())));
        }
        match fields.get(Field::TimestampPath).and_then(|node| self.reference_slot(node)) {
            Some(slot) => WaitFor::Until(Instant::Expr(Box::new(slot))),
            None => WaitFor::Nothing,
        }
    }

    fn credentials(&mut self, fields: &Fields<'a>) -> Option<Payload> {
        let node = fields.get(Field::Credentials)?;
        let role = Field::RoleArn.name();
        let mut has_role = is_filled_in(node);
        for member in node.members() {
            let key = member.key();
            match key.strip_suffix(".$").unwrap_or(&key) {
                name if name == role => has_role = true,
                name if name == Field::Comment.name() => {}
                _ => {
                    let kind = LowerErrorKind::Unsupported(key.into_owned());
                    self.error(node, member.key_node().range(), kind);
                }
            }
        }
        if !has_role {
            self.error(node, name_range(node), LowerErrorKind::MissingRoleArn);
        }
        Some(self.payload(node, fields.language))
    }

    fn transition(&mut self, fields: &Fields<'a>, field: Field, scope: ScopeId) -> Option<Transition> {
        let node = fields.get(field)?;
        self.name_use(node, field, scope)
    }

    fn name_use(&mut self, node: Node<'a>, field: Field, scope: ScopeId) -> Option<Transition> {
        // A substitution names a state that is not known.
        let name = node.text().unwrap_or(Cow::Borrowed(node.raw()));
        let target = self.names.get(scope.0 as usize).and_then(|names| names.get(&*name)).copied();
        self.source_map.state_names.push(StateNameUse { node: node.id(), field, scope, target });
        // A state's name is shared by all that lead to it.
        let state = target.and_then(|target| self.machine.states.get(target.0 as usize));
        Some(Transition { name: state.map_or_else(|| Arc::from(&*name), |state| state.name.clone()), target })
    }

    fn result_path(&mut self, node: Option<Node<'a>>) -> ResultPath {
        let Some(node) = node else { return ResultPath::Whole };
        let Some(text) = node.text() else { return ResultPath::Discard };
        if text == "$" {
            return ResultPath::Whole;
        }
        match ReferencePath::parse(&text) {
            (Some(path), _) if *path.path().root() == Root::Input => ResultPath::Path(Box::new(path)),
            _ => {
                self.error(node, node.range(), LowerErrorKind::NotAReferencePath);
                ResultPath::Invalid
            }
        }
    }
}

/// The language that a value of `QueryLanguage` chooses; none where it is filled in.
///
/// AWS: any value but `JSONPath` is JSONata, beside the error for it.
fn query_language(node: Node<'_>) -> Option<QueryLanguage> {
    if is_filled_in(node) {
        return None;
    }
    let name = node.text();
    Some(name.and_then(|name| QueryLanguage::from_name(&name)).unwrap_or(QueryLanguage::Jsonata))
}

/// Where the name of an object stands: the key it is the value of, else its opening bracket.
fn name_range(node: Node<'_>) -> TextRange {
    let member = node.parent().filter(|parent| parent.kind() == crate::syntax::NodeKind::Member);
    match member.and_then(|member| member.children().next()) {
        Some(key) => key.range(),
        None => node.opening(),
    }
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
