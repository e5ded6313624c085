//! Every field of the language: where it may stand, what it holds, when it is needed, what it means.
//!
//! A row of [`FIELDS`] is all that lowering, the rules, completion and hover know of a field. A name that means
//! different things in different places has several rows.

use std::sync::LazyLock;

use super::field_set::FieldSet;
use super::quota;
use super::state::{QueryLanguage, StateKind};

/// The kind of object a field stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// The whole state machine.
    Machine,
    /// A branch of a Parallel state.
    Branch,
    /// `ItemProcessor`, or its older name `Iterator`, of a Map state.
    ItemProcessor,
    /// `ProcessorConfig` of an `ItemProcessor`.
    ProcessorConfig,
    /// A state of this type.
    State(StateKind),
    /// An object of a `Retry` array.
    Retrier,
    /// An object of a `Catch` array.
    Catcher,
    /// An object of a `Choices` array.
    ChoiceRule,
    /// An object within `And`, `Or` or `Not`.
    NestedRule,
    /// `Credentials` of a Task state.
    Credentials,
    /// `ItemReader` of a distributed Map.
    ItemReader,
    /// `ReaderConfig` of an `ItemReader`.
    ReaderConfig,
    /// `ItemBatcher` of a distributed Map.
    ItemBatcher,
    /// `ResultWriter` of a distributed Map.
    ResultWriter,
    /// `WriterConfig` of a `ResultWriter`.
    WriterConfig,
}

/// In which query language a field may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// In both.
    Both,
    /// In one only.
    Only(QueryLanguage),
}

/// When an object needs the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Required,
    /// Never.
    Optional,
    /// The object needs exactly one of the fields with this group number.
    ExactlyOne(u8),
    /// The object may have at most one of the fields with this group number.
    AtMostOne(u8),
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueKind {
    /// A string.
    Text,
    /// A string; under JSONata perhaps an expression.
    TextOrExpression,
    /// The value of `Type`.
    StateType,
    /// The name of a state in the same scope.
    StateName,
    /// The value of `QueryLanguage`.
    QueryLanguage,
    /// `true` or `false`.
    Boolean,
    /// A whole number in this range; under JSONata perhaps an expression.
    Integer(i64, i64),
    /// A number in this range; under JSONata perhaps an expression.
    Number(f64, f64),
    /// A name for a distributed Map: 1 to 40 characters, without blanks, control characters and most punctuation.
    Label,
    /// One of these strings.
    Enum(&'static [&'static str]),
    /// A path, or `null`.
    NullablePath,
    /// A path.
    Path,
    /// A reference path, or `null`.
    NullableReferencePath,
    /// A reference path.
    ReferencePath,
    /// A path or an intrinsic function that gives a string.
    PathOrFunction,
    /// A resource name (ARN).
    Resource,
    /// Any JSON, taken as it is.
    Literal,
    /// JSON with expressions in it.
    Payload,
    /// An object whose keys name variables, with expressions in its values.
    Variables,
    /// An array (or object) or a JSONata expression that gives one.
    Items,
    /// An RFC 3339 timestamp; under JSONata perhaps an expression.
    Timestamp,
    /// A boolean or a JSONata expression that gives one.
    Condition,
    /// An object whose keys are names of states.
    States,
    /// A non-empty array of error names.
    ErrorNames,
    /// An array of strings.
    Texts,
    /// An object with these fields.
    Object(Owner),
    /// An array of objects with these fields.
    List(Owner),
    /// A non-empty array of objects with these fields.
    NonEmptyList(Owner),
}

macro_rules! fields {
    ($($name:ident)*) => {
        /// A field of the language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the rows of FIELDS say what each field means")]
        pub enum Field { $($name),* }

        impl Field {
            /// All fields.
            pub const ALL: &[Field] = &[$(Field::$name),*];

            /// The field's name in a definition.
            pub const fn name(self) -> &'static str {
                match self { $(Field::$name => stringify!($name)),* }
            }

            /// The field of this name.
            pub fn from_name(name: &str) -> Option<Field> {
                match name { $(stringify!($name) => Some(Field::$name),)* _ => None }
            }
        }
    };
}

fields! {
    Comment QueryLanguage Version TimeoutSeconds StartAt States ProcessorConfig
    Type Next End InputPath OutputPath Parameters ResultSelector ResultPath Result Arguments Output Assign
    Retry Catch Resource Credentials RoleArn TimeoutSecondsPath HeartbeatSeconds HeartbeatSecondsPath
    Choices Default Condition Variable And Or Not
    Seconds SecondsPath Timestamp TimestampPath
    Error ErrorPath Cause CausePath
    Branches
    ItemProcessor Iterator Items ItemsPath ItemSelector MaxConcurrency MaxConcurrencyPath ItemReader ItemBatcher
    ResultWriter Label ToleratedFailureCount ToleratedFailureCountPath ToleratedFailurePercentage
    ToleratedFailurePercentagePath
    Mode ExecutionType
    ReaderConfig InputType Transformation ManifestType CSVDelimiter CSVHeaderLocation CSVHeaders ItemsPointer
    MaxItems MaxItemsPath
    MaxItemsPerBatch MaxItemsPerBatchPath MaxInputBytesPerBatch MaxInputBytesPerBatchPath BatchInput
    WriterConfig OutputType
    ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy
}

/// Values of fields that decide what a state does.
pub mod field_value {
    /// The one `Version`.
    pub const VERSION: &str = "1.0";
    /// `Mode` of a Map whose iterations are parts of this execution.
    pub const INLINE: &str = "INLINE";
    /// `Mode` of a Map whose iterations are executions of their own.
    pub const DISTRIBUTED: &str = "DISTRIBUTED";
    /// `ExecutionType` of such executions.
    pub const EXPRESS: &str = "EXPRESS";
    /// `JitterStrategy` that waits a random part of the interval.
    pub const FULL: &str = "FULL";
    /// `Transformation` of a reader or writer that changes nothing; `JitterStrategy` that waits the whole interval.
    pub const NONE: &str = "NONE";
    /// `Transformation` of a writer that gives outputs.
    pub const COMPACT: &str = "COMPACT";
    /// `Transformation` of a writer that gives outputs, arrays element by element.
    pub const FLATTEN: &str = "FLATTEN";
    /// `Transformation` of a reader that reads the objects of a list.
    pub const LOAD_AND_FLATTEN: &str = "LOAD_AND_FLATTEN";
    /// `InputType`: rows of text.
    pub const CSV: &str = "CSV";
    /// `InputType` and `OutputType`: an array.
    pub const JSON: &str = "JSON";
    /// `InputType` and `OutputType`: a value in each line.
    pub const JSONL: &str = "JSONL";
    /// `InputType`: Apache Parquet.
    pub const PARQUET: &str = "PARQUET";
    /// `InputType`: a list of objects to read.
    pub const MANIFEST: &str = "MANIFEST";
    /// `ManifestType`: what Amazon Athena lists of a query's results.
    pub const ATHENA_DATA: &str = "ATHENA_DATA";
    /// `ManifestType`: what Amazon S3 lists of its inventory.
    pub const S3_INVENTORY: &str = "S3_INVENTORY";
    /// `CSVHeaderLocation`: in `CSVHeaders`.
    pub const GIVEN: &str = "GIVEN";
}

/// What is known of a field in some owners.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// The field.
    pub field: Field,
    /// Where it may stand.
    pub owners: &'static [Owner],
    /// What it holds.
    pub value: ValueKind,
    /// When it is needed.
    pub need: Need,
    /// In which query language it may be used.
    pub language: Language,
    /// What it means, in Markdown, with its default.
    pub doc: &'static str,
}

/// The rows of one owner, in the order of [`FIELDS`], which is the order people write them in; and by field.
struct OwnerRows {
    rows: Vec<&'static FieldSpec>,
    by_field: Vec<Option<&'static FieldSpec>>,
    /// The rows with the names of their fields.
    by_name: Vec<(&'static str, &'static FieldSpec)>,
    /// By query language, the default first: the fields that are always needed.
    required: [FieldSet; 2],
    /// By query language, the default first.
    groups: [Vec<OneOf>; 2],
}

/// Fields of which an object has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneOf {
    /// Whether the object needs one of them, rather than having at most one.
    pub is_needed: bool,
    /// The fields.
    pub fields: Vec<Field>,
    /// The same as a set.
    pub set: FieldSet,
}

/// The table by owner: the rows are looked up for every object of every document, at every keystroke.
static BY_OWNER: LazyLock<Vec<OwnerRows>> = LazyLock::new(|| Owner::all().map(OwnerRows::new).collect());

impl OwnerRows {
    fn new(owner: Owner) -> Self {
        let rows: Vec<&'static FieldSpec> =
            FIELDS.iter().filter(|spec| spec.owners.contains(&owner)).collect();
        let row = |field: &Field| rows.iter().copied().find(|spec| spec.field == *field);
        let by_field = Field::ALL.iter().map(row).collect();
        let by_name = rows.iter().map(|spec| (spec.field.name(), *spec)).collect();
        let required = QueryLanguage::ALL.map(|language| {
            let is_required =
                |spec: &&&FieldSpec| spec.need == Need::Required && spec.language.admits(language);
            rows.iter().filter(is_required).map(|spec| spec.field).collect()
        });
        let groups = QueryLanguage::ALL.map(|language| one_of(&rows, language));
        Self { rows, by_field, by_name, required, groups }
    }

    fn of(owner: Owner) -> Option<&'static OwnerRows> {
        BY_OWNER.get(owner.index())
    }
}

fn one_of(rows: &[&FieldSpec], language: QueryLanguage) -> Vec<OneOf> {
    let mut groups: Vec<(Need, OneOf)> = Vec::new();
    for spec in rows.iter().filter(|spec| spec.language.admits(language)) {
        let is_needed = match spec.need {
            Need::ExactlyOne(_) => true,
            Need::AtMostOne(_) => false,
            Need::Required | Need::Optional => continue,
        };
        match groups.iter_mut().find(|(need, _)| *need == spec.need) {
            Some((_, group)) => {
                group.fields.push(spec.field);
                group.set.insert(spec.field);
            }
            None => {
                let set = [spec.field].into_iter().collect();
                groups.push((spec.need, OneOf { is_needed, fields: vec![spec.field], set }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The row of a field in an owner; none where the field may not stand.
pub fn field_spec(owner: Owner, field: Field) -> Option<&'static FieldSpec> {
    OwnerRows::of(owner)?.by_field.get(field as usize).copied().flatten()
}

/// The row of the field of a name in an owner; none where there is no such field, or it may not stand there.
pub fn field_spec_of(owner: Owner, name: &str) -> Option<&'static FieldSpec> {
    // An owner has few fields, most of them of different lengths.
    OwnerRows::of(owner)?.by_name.iter().find(|(known, _)| *known == name).map(|(_, spec)| *spec)
}

/// The fields that an owner always needs.
pub fn required_fields(owner: Owner, language: QueryLanguage) -> FieldSet {
    let idx = usize::from(language == QueryLanguage::Jsonata);
    OwnerRows::of(owner).and_then(|rows| rows.required.get(idx)).copied().unwrap_or_default()
}

/// All fields an owner may have, in the order of [`FIELDS`], which is the order people write them in.
pub fn fields_of(owner: Owner) -> impl Iterator<Item = &'static FieldSpec> {
    OwnerRows::of(owner).map(|rows| rows.rows.as_slice()).unwrap_or_default().iter().copied()
}

/// The groups of fields of an owner of which an object has one.
pub fn one_of_groups(owner: Owner, language: QueryLanguage) -> &'static [OneOf] {
    let idx = usize::from(language == QueryLanguage::Jsonata);
    OwnerRows::of(owner).and_then(|rows| rows.groups.get(idx)).map(Vec::as_slice).unwrap_or_default()
}

impl Owner {
    /// All owners, in the order of [`Owner::index`].
    fn all() -> impl Iterator<Item = Owner> {
        const OTHERS: [Owner; 14] = [
            Owner::Machine,
            Owner::Branch,
            Owner::ItemProcessor,
            Owner::ProcessorConfig,
            Owner::Retrier,
            Owner::Catcher,
            Owner::ChoiceRule,
            Owner::NestedRule,
            Owner::Credentials,
            Owner::ItemReader,
            Owner::ReaderConfig,
            Owner::ItemBatcher,
            Owner::ResultWriter,
            Owner::WriterConfig,
        ];
        OTHERS.into_iter().chain(StateKind::ALL.map(Owner::State))
    }

    const fn index(self) -> usize {
        match self {
            Owner::Machine => 0,
            Owner::Branch => 1,
            Owner::ItemProcessor => 2,
            Owner::ProcessorConfig => 3,
            Owner::Retrier => 4,
            Owner::Catcher => 5,
            Owner::ChoiceRule => 6,
            Owner::NestedRule => 7,
            Owner::Credentials => 8,
            Owner::ItemReader => 9,
            Owner::ReaderConfig => 10,
            Owner::ItemBatcher => 11,
            Owner::ResultWriter => 12,
            Owner::WriterConfig => 13,
            Owner::State(kind) => 14 + kind as usize,
        }
    }
}

impl Language {
    /// Whether a field with this may be used in `language`.
    pub fn admits(self, language: QueryLanguage) -> bool {
        match self {
            Language::Both => true,
            Language::Only(only) => only == language,
        }
    }
}

impl Owner {
    /// The part of the specification that defines the object.
    pub const fn link(self) -> &'static str {
        match self {
            Owner::Machine | Owner::Branch => "https://states-language.net/spec.html#toplevelfields",
            Owner::State(kind) => kind.link(),
            Owner::Retrier => "https://states-language.net/spec.html#retrying-after-error",
            Owner::Catcher => "https://states-language.net/spec.html#fallback-states",
            Owner::ChoiceRule | Owner::NestedRule => "https://states-language.net/spec.html#choice-state",
            Owner::Credentials => {
                "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html"
            }
            Owner::ItemProcessor | Owner::ProcessorConfig => {
                "https://states-language.net/spec.html#map-state"
            }
            Owner::ItemReader | Owner::ReaderConfig => {
                "https://states-language.net/spec.html#using-itemreader"
            }
            Owner::ItemBatcher => "https://states-language.net/spec.html#using-itembatcher",
            Owner::ResultWriter | Owner::WriterConfig => {
                "https://states-language.net/spec.html#using-resultwriter"
            }
        }
    }
}

use Need::{AtMostOne, ExactlyOne, Optional, Required};
use Owner::{
    Branch, Catcher, ChoiceRule, Credentials, ItemBatcher, ItemProcessor, ItemReader, Machine, NestedRule,
    ProcessorConfig, ReaderConfig, ResultWriter, Retrier, State, WriterConfig,
};
use StateKind::{Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait};
use ValueKind as V;

const BOTH: Language = Language::Both;
const JSONPATH: Language = Language::Only(QueryLanguage::JsonPath);
const JSONATA: Language = Language::Only(QueryLanguage::Jsonata);

const ANY_STATE: &[Owner] = &[
    State(Task),
    State(Pass),
    State(Choice),
    State(Wait),
    State(Succeed),
    State(Fail),
    State(Parallel),
    State(Map),
];
const WITH_NEXT: &[Owner] = &[State(Task), State(Pass), State(Wait), State(Parallel), State(Map)];
const WORKING: &[Owner] = &[State(Task), State(Parallel), State(Map)];
const WITH_PATHS: &[Owner] =
    &[State(Task), State(Pass), State(Choice), State(Wait), State(Succeed), State(Parallel), State(Map)];
const SECONDS_MAX: i64 = quota::SECONDS_MAX;

const fn row(
    field: Field,
    owners: &'static [Owner],
    value: ValueKind,
    need: Need,
    language: Language,
    doc: &'static str,
) -> FieldSpec {
    FieldSpec { field, owners, value, need, language, doc }
}

/// All rows, in the order in which people write the fields.
#[rustfmt::skip]
pub const FIELDS: &[FieldSpec] = &[
    row(Field::Comment, &[
            Machine, Branch, ItemProcessor, State(Task), State(Pass), State(Choice), State(Wait), State(Succeed),
            State(Fail), State(Parallel), State(Map), Retrier, Catcher, ChoiceRule, NestedRule, ProcessorConfig,
            ItemReader, ReaderConfig, ItemBatcher, ResultWriter, WriterConfig, Credentials,
        ], V::Text, Optional, BOTH, "A remark for people. It has no effect."),
    // The state machine.
    row(Field::QueryLanguage, &[Machine], V::QueryLanguage, Optional, BOTH,
        "The language of all expressions, `JSONPath` (default) or `JSONata`. A state may choose `JSONata` for itself; under a machine in `JSONata` every state is."),
    row(Field::Version, &[Machine], V::Text, Optional, BOTH, "The version of the States Language: `\"1.0\"`, the default."),
    row(Field::TimeoutSeconds, &[Machine], V::Integer(0, SECONDS_MAX), Optional, BOTH,
        "How long an execution may run. When it takes longer it fails with `States.Timeout`."),
    row(Field::States, &[Machine, Branch, ItemProcessor], V::States, Required, BOTH, "The states: their names, up to 80 characters each, and what they do."),
    row(Field::StartAt, &[Machine, Branch, ItemProcessor], V::StateName, Required, BOTH, "The name of the state that runs first."),
    row(Field::ProcessorConfig, &[ItemProcessor], V::Object(ProcessorConfig), Optional, BOTH,
        "Whether the iterations run `INLINE` (default) or `DISTRIBUTED`, each as an execution of its own."),
    row(Field::Mode, &[ProcessorConfig], V::Enum(&[field_value::INLINE, field_value::DISTRIBUTED]), Optional, BOTH,
        "`INLINE` (default): iterations run within this execution. `DISTRIBUTED`: each is a child execution."),
    row(Field::ExecutionType, &[ProcessorConfig], V::Enum(&["STANDARD", field_value::EXPRESS]), Optional, BOTH,
        "The type of the child executions of a distributed Map. Needed with `\"Mode\": \"DISTRIBUTED\"`."),
    // Any state.
    row(Field::Type, ANY_STATE, V::StateType, Required, BOTH, "What the state does: `Task`, `Pass`, `Choice`, `Wait`, `Succeed`, `Fail`, `Parallel` or `Map`."),
    row(Field::QueryLanguage, ANY_STATE, V::QueryLanguage, Optional, BOTH,
        "The language of this state's expressions. The default is the state machine's; a state of a `JSONata` machine cannot go back to `JSONPath`."),
    // Task.
    row(Field::Resource, &[State(Task)], V::Resource, Required, BOTH,
        "What the task calls: the ARN of a service integration such as `arn:aws:states:::dynamodb:getItem`, of a Lambda function or of an activity."),
    row(Field::Credentials, &[State(Task)], V::Object(Credentials), Optional, BOTH, "The role that the task assumes in the other account or for less rights: `{\"RoleArn\": …}`."),
    row(Field::RoleArn, &[Credentials], V::TextOrExpression, ExactlyOne(1), BOTH, "The ARN of the role that the task assumes."),
    // Map and Parallel.
    row(Field::Branches, &[State(Parallel)], V::NonEmptyList(Branch), Required, BOTH, "The branches, each with `StartAt` and `States`. All get the state's input; their outputs form an array in this order."),
    row(Field::ItemReader, &[State(Map)], V::Object(ItemReader), Optional, BOTH, "Reads the items from Amazon S3. Distributed mode only."),
    row(Field::Items, &[State(Map)], V::Items, Optional, JSONATA, "The items: an array or object, or an expression that gives one. Default: `$states.input`."),
    row(Field::ItemsPath, &[State(Map)], V::Path, Optional, JSONPATH, "Where in the input the array of items is. Default: `$`."),
    row(Field::ItemSelector, &[State(Map)], V::Payload, AtMostOne(6), BOTH,
        "The input of each iteration. `$$.Map.Item.Value` (or `$states.context.Map.Item.Value`) is the item, `…Index` its position. Default: the item."),
    row(Field::ItemBatcher, &[State(Map)], V::Object(ItemBatcher), Optional, BOTH, "Hands several items to each child execution. Distributed mode only."),
    row(Field::ItemProcessor, &[State(Map)], V::Object(ItemProcessor), ExactlyOne(2), BOTH, "The states that run for each item: `StartAt`, `States` and perhaps `ProcessorConfig`."),
    row(Field::Iterator, &[State(Map)], V::Object(ItemProcessor), ExactlyOne(2), BOTH, "The older name of `ItemProcessor`."),
    row(Field::MaxConcurrency, &[State(Map)], V::Integer(0, i64::MAX), AtMostOne(3), BOTH, "How many iterations may run at once. 0, the default, sets no limit of its own (40 inline, 10,000 distributed)."),
    row(Field::MaxConcurrencyPath, &[State(Map)], V::ReferencePath, AtMostOne(3), JSONPATH, "Where in the input the number for `MaxConcurrency` is."),
    row(Field::ToleratedFailureCount, &[State(Map)], V::Integer(0, i64::MAX), AtMostOne(4), BOTH, "How many items may fail before the Map fails. Default: 0. Distributed mode only."),
    row(Field::ToleratedFailureCountPath, &[State(Map)], V::ReferencePath, AtMostOne(4), JSONPATH, "Where in the input the number for `ToleratedFailureCount` is."),
    row(Field::ToleratedFailurePercentage, &[State(Map)], V::Number(0.0, 100.0), AtMostOne(5), BOTH, "How many items in a hundred may fail before the Map fails. Default: 0. Distributed mode only."),
    row(Field::ToleratedFailurePercentagePath, &[State(Map)], V::ReferencePath, AtMostOne(5), JSONPATH, "Where in the input the number for `ToleratedFailurePercentage` is."),
    row(Field::Label, &[State(Map)], V::Label, Optional, BOTH, "A name for the Map in the ARNs of its runs, up to 40 characters. Distributed mode only."),
    row(Field::ResultWriter, &[State(Map)], V::Object(ResultWriter), Optional, BOTH, "Writes the results to Amazon S3, and says in which form. Distributed mode only."),
    // Choice.
    row(Field::Choices, &[State(Choice)], V::NonEmptyList(ChoiceRule), Required, BOTH, "The rules, tried in order. The first that holds decides where to go."),
    row(Field::Default, &[State(Choice)], V::StateName, Optional, BOTH, "Where to go when no rule holds. Without it the execution fails then."),
    row(Field::Variable, &[ChoiceRule, NestedRule], V::Path, Optional, JSONPATH, "The path of the value that the rule tests."),
    row(Field::And, &[ChoiceRule, NestedRule], V::NonEmptyList(NestedRule), Optional, JSONPATH, "Holds when all of these rules hold."),
    row(Field::Or, &[ChoiceRule, NestedRule], V::NonEmptyList(NestedRule), Optional, JSONPATH, "Holds when one of these rules holds."),
    row(Field::Not, &[ChoiceRule, NestedRule], V::Object(NestedRule), Optional, JSONPATH, "Holds when this rule does not."),
    row(Field::Condition, &[ChoiceRule], V::Condition, Required, JSONATA, "A JSONata expression that gives `true` when the rule holds."),
    row(Field::Next, &[ChoiceRule], V::StateName, Required, BOTH, "Where to go when the rule holds."),
    // Wait.
    row(Field::Seconds, &[State(Wait)], V::Integer(0, SECONDS_MAX), ExactlyOne(7), BOTH, "How many seconds to wait."),
    row(Field::SecondsPath, &[State(Wait)], V::ReferencePath, ExactlyOne(7), JSONPATH, "Where in the input the number of seconds is."),
    row(Field::Timestamp, &[State(Wait)], V::Timestamp, ExactlyOne(7), BOTH, "Until when to wait, such as `2026-03-14T01:59:00Z`."),
    row(Field::TimestampPath, &[State(Wait)], V::ReferencePath, ExactlyOne(7), JSONPATH, "Where in the input the time is."),
    // Fail.
    row(Field::Error, &[State(Fail)], V::TextOrExpression, AtMostOne(8), BOTH, "The error's name, as `ErrorEquals` of a caller would name it."),
    row(Field::ErrorPath, &[State(Fail)], V::PathOrFunction, AtMostOne(8), JSONPATH, "Where in the input the error's name is, or a function that makes it."),
    row(Field::Cause, &[State(Fail)], V::TextOrExpression, AtMostOne(9), BOTH, "What happened, for people."),
    row(Field::CausePath, &[State(Fail)], V::PathOrFunction, AtMostOne(9), JSONPATH, "Where in the input the cause is, or a function that makes it."),
    // Data flow.
    row(Field::InputPath, WITH_PATHS, V::NullablePath, Optional, JSONPATH, "The part of the input that the state works on. Default: `$`, all of it. `null`: an empty object."),
    row(Field::Parameters, &[State(Task), State(Pass), State(Parallel)], V::Payload, Optional, JSONPATH,
        "What the state works on instead of its input. Keys that end in `.$` hold paths or intrinsic functions."),
    row(Field::Parameters, &[State(Map)], V::Payload, AtMostOne(6), JSONPATH, "The older name of `ItemSelector`."),
    row(Field::Arguments, &[State(Task), State(Parallel)], V::Payload, Optional, JSONATA, "What the task or the branches get, with expressions in `{% … %}`. Default: the input."),
    row(Field::Result, &[State(Pass)], V::Literal, Optional, JSONPATH, "The state's result, taken as it is: no expressions."),
    row(Field::ResultSelector, WORKING, V::Payload, Optional, JSONPATH, "What to make of the result before `ResultPath` puts it in place. Here `$` is the result."),
    row(Field::ResultPath, &[State(Task), State(Pass), State(Parallel), State(Map)], V::NullableReferencePath, Optional, JSONPATH,
        "Where to put the result within the input. Default: `$`, instead of the input. `null`: nowhere."),
    row(Field::OutputPath, WITH_PATHS, V::NullablePath, Optional, JSONPATH, "The part of the result that is the state's output. Default: `$`, all of it. `null`: an empty object."),
    row(Field::Output, &[State(Task), State(Pass), State(Choice), State(Wait), State(Succeed), State(Parallel), State(Map), ChoiceRule, Catcher], V::Payload, Optional, JSONATA,
        "The state's output, with expressions in `{% … %}`. `$states.input` is the input; Task, Parallel and Map have `$states.result`, a catcher `$states.errorOutput`."),
    row(Field::Assign, &[State(Task), State(Pass), State(Choice), State(Wait), State(Parallel), State(Map), ChoiceRule, Catcher], V::Variables, Optional, BOTH,
        "Variables to set when the state is done. All expressions see the old values."),
    row(Field::TimeoutSeconds, &[State(Task)], V::Integer(1, SECONDS_MAX), AtMostOne(10), BOTH, "How long the task may run before it fails with `States.Timeout`. Default: 99,999,999."),
    row(Field::TimeoutSecondsPath, &[State(Task)], V::ReferencePath, AtMostOne(10), JSONPATH, "Where in the input the number for `TimeoutSeconds` is."),
    row(Field::HeartbeatSeconds, &[State(Task)], V::Integer(1, SECONDS_MAX), AtMostOne(11), BOTH, "How long the task may be silent before it fails with `States.Timeout`. Less than `TimeoutSeconds`."),
    row(Field::HeartbeatSecondsPath, &[State(Task)], V::ReferencePath, AtMostOne(11), JSONPATH, "Where in the input the number for `HeartbeatSeconds` is."),
    // Errors.
    row(Field::Retry, WORKING, V::List(Retrier), Optional, BOTH, "When to try again: the first retrier that names the error counts its attempts."),
    row(Field::Catch, WORKING, V::List(Catcher), Optional, BOTH, "Where to go when the state failed for good: the first catcher that names the error."),
    row(Field::ErrorEquals, &[Retrier, Catcher], V::ErrorNames, Required, BOTH, "The error names this is for. `States.ALL` stands alone and last."),
    row(Field::IntervalSeconds, &[Retrier], V::Integer(1, SECONDS_MAX), Optional, BOTH, "Seconds before the first retry. Default: 1."),
    row(Field::MaxAttempts, &[Retrier], V::Integer(0, 99_999_999), Optional, BOTH, "How many retries. Default: 3. 0: never."),
    row(Field::BackoffRate, &[Retrier], V::Number(1.0, f64::MAX), Optional, BOTH, "By what the interval grows with each retry. Default: 2.0."),
    row(Field::MaxDelaySeconds, &[Retrier], V::Integer(1, quota::RETRY_DELAY_SECONDS_MAX), Optional, BOTH, "The longest interval that the growth may reach."),
    row(Field::JitterStrategy, &[Retrier], V::Enum(&[field_value::FULL, field_value::NONE]), Optional, BOTH, "`FULL`: wait a random part of the interval. Default: `NONE`."),
    row(Field::ResultPath, &[Catcher], V::NullableReferencePath, Optional, JSONPATH, "Where to put the error output, `{\"Error\", \"Cause\"}`, within the input. Default: `$`, instead of the input."),
    row(Field::Next, &[Catcher], V::StateName, Required, BOTH, "Where to go with this error."),
    // Where to go.
    row(Field::Next, WITH_NEXT, V::StateName, ExactlyOne(12), BOTH, "The name of the state that follows."),
    row(Field::End, WITH_NEXT, V::Boolean, ExactlyOne(12), BOTH, "`true`: the execution, branch or iteration ends here."),
    // Distributed Map.
    row(Field::Resource, &[ItemReader], V::Resource, Required, BOTH, "How the items are read: `arn:aws:states:::s3:getObject` or `arn:aws:states:::s3:listObjectsV2`."),
    row(Field::ReaderConfig, &[ItemReader], V::Object(ReaderConfig), Optional, BOTH, "The form of the items."),
    row(Field::Parameters, &[ItemReader, ResultWriter], V::Payload, Optional, JSONPATH, "The bucket and key, or prefix."),
    row(Field::Arguments, &[ItemReader, ResultWriter], V::Payload, Optional, JSONATA, "The bucket and key, or prefix."),
    row(Field::InputType, &[ReaderConfig], V::Enum(&[field_value::CSV, field_value::JSON, field_value::JSONL, field_value::PARQUET, field_value::MANIFEST]), Optional, BOTH, "The form of the object."),
    row(Field::Transformation, &[ReaderConfig], V::Enum(&[field_value::NONE, field_value::LOAD_AND_FLATTEN]), Optional, BOTH, "`LOAD_AND_FLATTEN`: read the listed objects and hand on what is in them."),
    row(Field::ManifestType, &[ReaderConfig], V::Enum(&[field_value::ATHENA_DATA, field_value::S3_INVENTORY]), Optional, BOTH, "The kind of manifest."),
    row(Field::CSVDelimiter, &[ReaderConfig], V::Enum(&["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"]), Optional, BOTH, "What separates the values. Default: `COMMA`."),
    row(Field::CSVHeaderLocation, &[ReaderConfig], V::Enum(&["FIRST_ROW", field_value::GIVEN]), Optional, BOTH, "Whether the names stand in the first row or in `CSVHeaders`."),
    row(Field::CSVHeaders, &[ReaderConfig], V::Texts, Optional, BOTH, "The names of the values, with `\"CSVHeaderLocation\": \"GIVEN\"`."),
    row(Field::ItemsPointer, &[ReaderConfig], V::Text, Optional, BOTH, "A JSON Pointer to the array of items within the object."),
    row(Field::MaxItems, &[ReaderConfig], V::Integer(0, quota::ITEM_READER_ITEMS_MAX), AtMostOne(13), BOTH, "How many items to read at most."),
    row(Field::MaxItemsPath, &[ReaderConfig], V::ReferencePath, AtMostOne(13), JSONPATH, "Where in the input the number for `MaxItems` is."),
    row(Field::MaxItemsPerBatch, &[ItemBatcher], V::Integer(1, i64::MAX), AtMostOne(14), BOTH, "How many items a batch has at most."),
    row(Field::MaxItemsPerBatchPath, &[ItemBatcher], V::ReferencePath, AtMostOne(14), JSONPATH, "Where in the input the number for `MaxItemsPerBatch` is."),
    row(Field::MaxInputBytesPerBatch, &[ItemBatcher], V::Integer(1, quota::PAYLOAD_BYTES_MAX as i64), AtMostOne(15), BOTH, "How large a batch may be, in bytes, up to 262144."),
    row(Field::MaxInputBytesPerBatchPath, &[ItemBatcher], V::ReferencePath, AtMostOne(15), JSONPATH, "Where in the input the number for `MaxInputBytesPerBatch` is."),
    row(Field::BatchInput, &[ItemBatcher], V::Payload, Optional, BOTH, "What every batch gets beside its items."),
    row(Field::Resource, &[ResultWriter], V::Resource, Optional, BOTH, "Where the results go: `arn:aws:states:::s3:putObject`."),
    row(Field::WriterConfig, &[ResultWriter], V::Object(WriterConfig), Optional, BOTH, "The form of the results."),
    row(Field::Transformation, &[WriterConfig], V::Enum(&[field_value::NONE, field_value::COMPACT, field_value::FLATTEN]), Optional, BOTH, "`NONE`: with all of the child execution's data; `COMPACT`: outputs only; `FLATTEN`: outputs with arrays joined."),
    row(Field::OutputType, &[WriterConfig], V::Enum(&[field_value::JSON, field_value::JSONL]), Optional, BOTH, "A JSON array or a line for each result."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_row() {
        for &field in Field::ALL {
            assert!(FIELDS.iter().any(|spec| spec.field == field), "{field:?}");
            assert_eq!(Field::from_name(field.name()), Some(field));
        }
    }

    #[test]
    fn owners_are_found_by_their_index() {
        for (idx, owner) in Owner::all().enumerate() {
            assert_eq!(owner.index(), idx, "{owner:?}");
        }
    }

    #[test]
    fn a_field_has_one_row_in_an_owner() {
        for spec in FIELDS {
            for &owner in spec.owners {
                let n_rows = fields_of(owner).filter(|other| other.field == spec.field).count();
                assert_eq!(n_rows, 1, "{:?} in {owner:?}", spec.field);
            }
        }
    }
}
