//! A path or intrinsic function as JSONata.
//!
//! Only what gives the same for every input that the original can be evaluated with: paths that name one value, and
//! functions whose counterparts agree.

use super::{Converted, Refusal};
use crate::expr::intrinsic::{Argument, ArgumentKind, Call, Intrinsic};
use crate::expr::path::{Path, Root, SegmentKind};
use crate::expr::{ExprKind, classify};
use crate::spec::context::{STATES_CONTEXT, STATES_VARIABLE};
use crate::spec::intrinsic::IntrinsicFunction as F;
use crate::spec::jsonata::JsonataFunction;

/// A path or a call. `root` is what `$` stands for, in JSONata.
pub(super) fn payload(text: &str, root: &str) -> Converted<String> {
    match classify(text) {
        Some(ExprKind::Path) => path(text, root),
        Some(ExprKind::Intrinsic) => {
            let (parsed, errors) = Intrinsic::parse(text);
            if !errors.is_empty() {
                return Err(Refusal::new(format!("{text} is not valid")));
            }
            call(parsed.call(), root)
        }
        None => Err(Refusal::new(format!("{text} is neither a path nor an intrinsic function"))),
    }
}

/// A path.
pub(super) fn path(text: &str, root: &str) -> Converted<String> {
    let (parsed, _) = Path::parse(text);
    convert_path(&parsed.ok_or_else(|| Refusal::new(format!("{text} is not a valid path")))?, root)
}

fn convert_path(path: &Path, root: &str) -> Converted<String> {
    let refuse = || Refusal::new(format!("{} may lead to several values", path.text()));
    let mut text = match path.root() {
        Root::Input if path.segments().is_empty() => root.to_owned(),
        Root::Input => operand(root),
        Root::Context => format!("${STATES_VARIABLE}.{STATES_CONTEXT}"),
        Root::Variable(name) if JsonataFunction::find(name).is_some() => {
            return Err(Refusal::new(format!("the variable ${name} is called like a function of JSONata")));
        }
        Root::Variable(name) => format!("${name}"),
        Root::Item => return Err(refuse()),
    };
    for segment in path.segments() {
        match &segment.kind {
            SegmentKind::Properties(names) => match names.as_slice() {
                [only] => text += &format!(".{}", field(&only.text)?),
                _ => return Err(refuse()),
            },
            SegmentKind::Indices(indices) => match indices.as_slice() {
                [only] => text += &format!("[{only}]"),
                _ => return Err(refuse()),
            },
            _ => return Err(refuse()),
        }
    }
    Ok(text)
}

/// An expression that a step or an operator can follow.
fn operand(text: &str) -> String {
    let is_path = text.starts_with('$') && text.chars().all(|c| c.is_alphanumeric() || "$_.[]-`".contains(c));
    if is_path { text.to_owned() } else { format!("({text})") }
}

/// The name of a field.
fn field(name: &str) -> Converted<String> {
    if name.contains('`') {
        return Err(Refusal::new(format!("JSONata cannot name {name}")));
    }
    let mut chars = name.chars();
    let is_plain = chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !["and", "or", "in", "true", "false", "null", "function"].contains(&name);
    Ok(if is_plain { name.to_owned() } else { format!("`{name}`") })
}

/// A string of JSONata: in single quotes, which need no escape in JSON, unless the text has some.
pub(super) fn string(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if inner.contains('\'') { quoted } else { format!("'{}'", inner.replace("\\\"", "\"")) }
}

fn call(call: &Call, root: &str) -> Converted<String> {
    let refuse = || Refusal::new(format!("{} has no counterpart that always gives the same", call.name));
    let function = call.function.ok_or_else(refuse)?;
    let arguments = call.arguments.iter().map(|it| argument(it, root)).collect::<Converted<Vec<String>>>()?;
    let all = arguments.join(", ");
    Ok(match (function, arguments.as_slice()) {
        (F::Format, _) => format(call, &arguments).ok_or_else(refuse)?,
        (F::StringToJson, [_]) => format!("$parse({all})"),
        (F::JsonToString, [_]) => format!("$string({all})"),
        (F::ArrayPartition, [_, _]) => format!("$partition({all})"),
        (F::ArrayRange, [_, _, _]) => format!("$range({all})"),
        (F::ArrayLength, [_]) => format!("$count({all})"),
        (F::Base64Encode, [_]) => format!("$base64encode({all})"),
        (F::Base64Decode, [_]) => format!("$base64decode({all})"),
        (F::Hash, [_, _]) => format!("$hash({all})"),
        (F::JsonMerge, [a, b, last]) if last == "false" => format!("$merge([{a}, {b}])"),
        (F::MathAdd, [a, b]) => format!("{} + {}", operand(a), operand(b)),
        (F::UUID, []) => "$uuid()".to_owned(),
        // An array in the brackets of JSONata is not an element of it but all of its elements.
        (F::Array, _) if call.arguments.iter().all(is_scalar) => format!("[{all}]"),
        _ => return Err(refuse()),
    })
}

/// Whether an argument is no array, whatever the input.
fn is_scalar(argument: &Argument) -> bool {
    matches!(
        argument.kind,
        ArgumentKind::String(_) | ArgumentKind::Number(_) | ArgumentKind::Bool(_) | ArgumentKind::Null
    )
}

fn argument(argument: &Argument, root: &str) -> Converted<String> {
    Ok(match &argument.kind {
        ArgumentKind::String(literal) => string(&literal.value()),
        ArgumentKind::Number(number) => number.to_string(),
        ArgumentKind::Bool(value) => value.to_string(),
        ArgumentKind::Null => serde_json::Value::Null.to_string(),
        ArgumentKind::Path(path) => convert_path(path, root)?,
        ArgumentKind::Call(inner) => call(inner, root)?,
        ArgumentKind::Error => return Err(Refusal::new("an argument is not valid".to_owned())),
    })
}

/// `States.Format` as strings that are joined.
fn format(call: &Call, arguments: &[String]) -> Option<String> {
    let (template, values) = call.arguments.split_first()?;
    let ArgumentKind::String(template) = &template.kind else { return None };
    let mut values = arguments.iter().skip(1).zip(values);
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut chars = template.raw.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => literal.extend(chars.next()),
            '{' if chars.peek() == Some(&'}') => {
                chars.next();
                if !literal.is_empty() {
                    parts.push(string(&std::mem::take(&mut literal)));
                }
                let (value, argument) = values.next()?;
                let is_string = matches!(argument.kind, ArgumentKind::String(_));
                parts.push(if is_string { value.clone() } else { format!("$string({value})") });
            }
            other => literal.push(other),
        }
    }
    if !literal.is_empty() || parts.is_empty() {
        parts.push(string(&literal));
    }
    values.next().is_none().then(|| parts.join(" & "))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&payload(text, "$states.input").unwrap_or_else(|refusal| refusal.reason));
    }

    #[test]
    fn paths() {
        check("$", expect!["$states.input"]);
        check("$.a-b['c d'][0].in", expect!["$states.input.`a-b`.`c d`[0].`in`"]);
        check("$$.Execution.Id", expect!["$states.context.Execution.Id"]);
        check("$v.x[-1]", expect!["$v.x[-1]"]);
        check("$.a[*]", expect!["$.a[*] may lead to several values"]);
        check("$.a[?(@.b)]", expect!["$.a[?(@.b)] may lead to several values"]);
        check("$count.x", expect!["the variable $count is called like a function of JSONata"]);
    }

    #[test]
    fn functions() {
        check(
            r"States.Format('it\'s \{{}\} {}', $.a, 'b')",
            expect![[r#""it's {" & $string($states.input.a) & '} ' & 'b'"#]],
        );
        check(
            "States.MathAdd($.n, States.ArrayLength($.l))",
            expect!["$states.input.n + ($count($states.input.l))"],
        );
        check("States.JsonMerge($.a, $.b, false)", expect!["$merge([$states.input.a, $states.input.b])"]);
        check("States.Array(1, 'x')", expect!["[1, 'x']"]);
        check("States.Array($.a)", expect!["States.Array has no counterpart that always gives the same"]);
        check(
            "States.StringSplit($.a, ',;')",
            expect!["States.StringSplit has no counterpart that always gives the same"],
        );
    }
}
