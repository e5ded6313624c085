//! Changes to a definition that leave it JSON, so that a fuzzer gets past the parser.

use asl_lsp::spec::{CHOICE_OPERATORS, ERROR_NAMES, Field};
use serde_json::{Map, Value, json};

/// Another definition, made from one by a change of its tree; none where the text is no JSON object.
pub fn mutate_json(text: &str, seed: u32) -> Option<String> {
    let mut root: Value = serde_json::from_str(text).ok().filter(Value::is_object)?;
    let mut dice = Dice(u64::from(seed) | 1 << 40);
    for _ in 0..=dice.below(3) {
        change(&mut root, &mut dice);
    }
    serde_json::to_string_pretty(&root).ok()
}

fn change(root: &mut Value, dice: &mut Dice) {
    let pointers = pointers(root);
    let donor = dice.of(&pointers).clone();
    let donor = root.pointer(&donor).cloned().unwrap_or_default();
    // The first is that of the root, which stays an object.
    let Some(below_root @ [_, ..]) = pointers.get(1..) else { return };
    let target: &String = dice.of(below_root);
    let Some(target) = root.pointer_mut(target) else { return };
    match (dice.below(6), target) {
        (0, target) => *target = donor,
        (1, target) => *target = leaf(dice),
        (2, Value::Object(members)) => rename(members, dice),
        (3, Value::Object(members)) => {
            members.insert(key(dice), if dice.below(2) == 0 { donor } else { leaf(dice) });
        }
        (4, Value::Object(members)) => {
            if let Some(key) = members.keys().nth(dice.below(members.len().max(1))).cloned() {
                members.shift_remove(&key);
            }
        }
        (_, Value::Array(elements)) => elements.push(donor),
        (_, Value::Object(members)) => {
            members.insert(key(dice), leaf(dice));
        }
        (_, target) => *target = leaf(dice),
    }
}

/// Gives a member another name and keeps its place.
fn rename(members: &mut Map<String, Value>, dice: &mut Dice) {
    let at = dice.below(members.len().max(1));
    let new = key(dice);
    *members = std::mem::take(members)
        .into_iter()
        .enumerate()
        .map(|(idx, (key, value))| if idx == at { (new.clone(), value) } else { (key, value) })
        .collect();
}

fn key(dice: &mut Dice) -> String {
    match dice.below(5) {
        0 => format!("{}.$", dice.of(Field::ALL).name()),
        1 => dice.of(&CHOICE_OPERATORS).name.to_owned(),
        2 => (*dice.of(&["A", "B", "a.$", "😀", "", "S", "N", "N.$", "M", "L"])).to_owned(),
        _ => dice.of(Field::ALL).name().to_owned(),
    }
}

fn leaf(dice: &mut Dice) -> Value {
    const TEXTS: &[&str] = &[
        "$",
        "$$",
        "$.a",
        "$.a[0]",
        "$.a[*]",
        "$..a",
        "$.a[?(@.b > 1)]",
        "$$.Execution.Input",
        "$x",
        "$x.y",
        "$states.input",
        "{% $states.input %}",
        "{% $states.result.a %}",
        "{% $x + 1 %}",
        "{% [1..3] %}",
        "{% $states.errorOutput.Error %}",
        "States.Format('{}', $.a)",
        "States.MathAdd($.a, 1)",
        "States.Array($.a, 1, 'x')",
        "States.UUID()",
        "States.StringToJson($.a)",
        "Pass",
        "Task",
        "Choice",
        "Wait",
        "Succeed",
        "Fail",
        "Parallel",
        "Map",
        "JSONata",
        "JSONPath",
        "DISTRIBUTED",
        "INLINE",
        "2026-01-31T09:00:00Z",
        "Orders",
        "#n = :v",
        "SET #n = :v",
        "attribute_exists(a)",
        "arn:aws:states:::dynamodb:getItem",
        "arn:aws:states:::dynamodb:putItem",
        "arn:aws:states:::dynamodb:updateItem",
        "arn:aws:states:::aws-sdk:dynamodb:query",
        "arn:aws:states:::lambda:invoke",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "${Placeholder}",
    ];
    match dice.below(8) {
        0 => json!(true),
        1 => json!(dice.below(5)),
        2 => json!(-1.5e300),
        3 => Value::Null,
        4 => json!({}),
        5 => json!([]),
        6 => json!(dice.of(ERROR_NAMES).name),
        _ => json!(dice.of(TEXTS)),
    }
}

/// The places of all values.
fn pointers(root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = vec![(String::new(), root)];
    while let Some((pointer, value)) = left.pop() {
        let step = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        match value {
            Value::Object(members) => left.extend(members.iter().map(|(key, value)| (step(key), value))),
            Value::Array(elements) => {
                left.extend(elements.iter().enumerate().map(|(idx, value)| (step(&idx.to_string()), value)));
            }
            _ => {}
        }
        found.push(pointer);
    }
    found
}

/// Another input, made from one and a part of another, without libFuzzer: where it begins with a definition, every other
/// time by a change of the tree, else by changes of bytes.
pub fn mutate_freely(data: &[u8], other: &[u8], seed: u32) -> Vec<u8> {
    let mut dice = Dice(u64::from(seed) << 8 | 1 << 41 | 1);
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let tree = std::str::from_utf8(&data[..end]).ok().filter(|_| dice.below(2) == 0);
    if let Some(text) = tree.and_then(|text| mutate_json(text, seed)) {
        return [text.as_bytes(), &data[end..]].concat();
    }
    let mut data = data.to_vec();
    for _ in 0..=dice.below(4) {
        change_bytes(&mut data, other, &mut dice);
    }
    data
}

fn change_bytes(data: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    const PIECES: &[&[u8]] = &[
        b"\"",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b"(",
        b")",
        b",",
        b":",
        b"$",
        b"$$",
        b".",
        b"..",
        b"*",
        b"@",
        b"?",
        b"'",
        b"{%",
        b"%}",
        b"\0",
        b"\n",
        b"\r\n",
        b"\t- ",
        b"# ",
        b"&a ",
        b"*a",
        b"<<: ",
        b"null",
        b"true",
        b"-1",
        b"1e400",
        b"\xc3",
        b"\xf0\x9f\x98\x80",
        b"\xef\xbb\xbf",
        b"\\ud83d",
        b"\"Next\": ",
        b"\"End\": true",
        b"[?(@.a > 1)]",
        b"States.Array(",
        b"$states.input",
        b"function($x) { ",
        b"~>",
        b":=",
        b"/a+/",
        b"SET #a = :b",
        b" AND ",
        b"attribute_exists(",
    ];
    let at = dice.below(data.len() + 1);
    let end = (at + 1 + dice.below(16)).min(data.len());
    match dice.below(6) {
        0 => drop(data.drain(at..end)),
        1 => {
            let part = data[at..end].to_vec();
            let to = dice.below(data.len() + 1);
            data.splice(to..to, part);
        }
        2 => {
            let from = dice.below(other.len() + 1);
            let part = &other[from..(from + 1 + dice.below(64)).min(other.len())];
            data.splice(at..end, part.iter().copied());
        }
        3 => {
            let byte = dice.below(256) as u8;
            data.splice(at..end.min(at + 1), [byte]);
        }
        _ => {
            let piece = *dice.of(PIECES);
            data.splice(at..at, piece.iter().copied());
        }
    }
}

/// Numbers that depend on a seed alone: xorshift64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

/// libFuzzer's way of changing the first `len` bytes of a buffer, returning how many there are then: every other time a
/// change of the tree of the definition in it, what follows a zero byte staying as it is, else `plain`, libFuzzer's own.
pub fn mutate(
    data: &mut [u8],
    len: usize,
    max_len: usize,
    seed: u32,
    plain: fn(&mut [u8], usize, usize) -> usize,
) -> usize {
    let end = data[..len].iter().position(|byte| *byte == 0).unwrap_or(len);
    let changed = std::str::from_utf8(&data[..end])
        .ok()
        .filter(|_| seed.is_multiple_of(2))
        .and_then(|text| mutate_json(text, seed / 2));
    match changed {
        Some(mut text) if text.len() + len - end <= max_len => {
            let rest = String::from_utf8_lossy(&data[end..len]).into_owned();
            text.push_str(&rest);
            let n_bytes = text.len().min(max_len);
            data[..n_bytes].copy_from_slice(&text.as_bytes()[..n_bytes]);
            n_bytes
        }
        _ => plain(data, len, max_len),
    }
}
