//! Where an expression finds its data.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Cost;

/// The data that an expression can reach, resolved by whoever evaluates it.
///
/// All values are lent, so a payload behind an `Arc` is not copied, a context object may be made at its first use
/// (a `OnceCell` behind [`Scope::context`]), and variables may live in nested scopes.
pub trait Scope {
    /// The input: `$` in JSONPath, `$states.input` in JSONata.
    fn input(&self) -> &Value;

    /// The context object: `$$` in JSONPath, `$states.context` in JSONata. Asked for only when it is used.
    fn context(&self) -> &Value;

    /// The value of the variable of this name (without `$`), from the innermost scope that has it.
    fn variable(&self, name: &str) -> Option<&Value>;

    /// `$states.result`, where the field has it.
    fn result(&self) -> Option<&Value> {
        None
    }

    /// `$states.errorOutput`, where the field has it.
    fn error_output(&self) -> Option<&Value> {
        None
    }

    /// Told what each evaluation took that read from here, whether it failed or not.
    fn spend(&self, _cost: Cost) {}
}

/// A [`Scope`] made of plain values, for tests, tools and the evaluation of single expressions.
///
/// # Example
///
/// ```
/// use asl_lsp::expr::{Data, path::Path};
/// use serde_json::json;
///
/// let scope = Data { input: json!({"a": [1, 2]}), ..Data::default() };
/// let (path, errors) = Path::parse("$.a[-1]");
/// assert!(errors.is_empty());
/// assert_eq!(*path.unwrap().evaluate(&scope).unwrap(), json!(2));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Data {
    /// `$`, `$states.input`.
    pub input: Value,
    /// `$$`, `$states.context`.
    pub context: Value,
    /// `$states.result`.
    pub result: Option<Value>,
    /// `$states.errorOutput`.
    pub error_output: Option<Value>,
    /// Variables by name.
    pub variables: BTreeMap<String, Value>,
}

impl Data {
    /// Data with an input and nothing else.
    pub fn with_input(input: Value) -> Self {
        Self { input, ..Self::default() }
    }
}

impl Scope for Data {
    fn input(&self) -> &Value {
        &self.input
    }

    fn context(&self) -> &Value {
        &self.context
    }

    fn variable(&self, name: &str) -> Option<&Value> {
        self.variables.get(name)
    }

    fn result(&self) -> Option<&Value> {
        self.result.as_ref()
    }

    fn error_output(&self) -> Option<&Value> {
        self.error_output.as_ref()
    }
}
