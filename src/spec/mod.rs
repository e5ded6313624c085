//! The Amazon States Language as data: what lowering, rules, completion, hover and the simulator read.
//!
//! Depends on nothing. Each table is the only place where its names are written: no field name, state type,
//! error name, function signature, ARN or quota is a string literal elsewhere (tests excepted).
//!
//! Source: <https://states-language.net/spec.html> and the developer guide of AWS Step Functions.

mod choice;
pub mod context;
pub mod dynamodb;
pub mod dynamodb_expression;
mod error_name;
mod field;
mod field_set;
pub mod file_name;
pub mod intrinsic;
pub mod jsonata;
pub mod mock_schema;
pub mod quota;
mod request;
pub mod resource;
pub mod service;
mod state;
mod template;

pub use choice::{CHOICE_OPERATORS, ChoiceOperator, Comparison, Operand};
pub use error_name::{CatchScope, ERROR_NAMES, ErrorName, ExceptionName};
pub use field::{
    FIELDS, Field, FieldSpec, Language, Need, OneOf, Owner, ValueKind, field_spec, field_spec_of,
    field_value, fields_of, one_of_groups, required_fields,
};
pub use field_set::FieldSet;
pub use request::{Holds, ObjectSpec, Parameter};
pub use resource::{Pattern, RESOURCES, Resource, ResourceSpec, ServiceKind};
pub use state::{QueryLanguage, StateKind};
pub use template::{is_placeholder, is_template_function, is_template_reference};
