//! Every text of a `ValidationException`, in one folder: a file for what each is about.
//!
//! AWS changed many of these texts during 2026. A [`Message`] therefore knows both wordings, and
//! [`Message::render`] chooses by [`TextGeneration`] and operation. One function makes one text; what its
//! parameters are is all a caller has to know.
//!
//! The texts are facts of the wire protocol: oddities of spacing, grammar and spelling are AWS's.

mod batch;
mod constraint;
mod expression;
mod key;
mod parameter;
mod partiql;
mod read;
mod table;
mod transaction;
mod value;

pub(super) use self::batch::*;
pub(super) use self::constraint::*;
pub(super) use self::expression::*;
pub(super) use self::key::*;
pub(super) use self::parameter::*;
pub(super) use self::partiql::*;
pub(super) use self::read::*;
pub(super) use self::table::*;
pub(super) use self::transaction::*;
pub(super) use self::value::*;

/// Which of AWS's two generations of texts to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextGeneration {
    /// The texts in use until 2026, which Step Functions' causes carry.
    #[default]
    Before2026,
    /// The texts of the newer validation layer, which also bounds the size of update expressions by themselves.
    Since2026,
}

/// How far an operation has got with the texts of 2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// The operations that write one item: newer texts in an envelope.
    Enveloped,
    /// Newer texts without an envelope.
    Current,
    /// Newer texts of the model's constraints alone.
    Older,
}

/// The text of a broken rule, in both generations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    // Boxed: whatever can fail hands around room for what it fails with, and hardly anything fails.
    inner: Box<Wording>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Wording {
    text: String,
    /// The newer wording, where it is another one.
    since_2026: Option<String>,
    /// Whether the newer layer puts its envelope around the text in the operations that write one item.
    enveloped: bool,
    /// Whether the newer wording is also that of operations without the envelope.
    of_value: bool,
    /// Whether an action that breaks the rule makes its transaction an invalid request instead of a cancelled one.
    fails_request: bool,
}

const ENVELOPE: &str = "1 validation error detected: ";

impl Message {
    /// A text that is the same in both generations.
    pub(super) fn bare(text: impl Into<String>) -> Message {
        let wording = Wording {
            text: text.into(),
            since_2026: None,
            enveloped: false,
            of_value: false,
            fails_request: false,
        };
        Message { inner: Box::new(wording) }
    }

    /// A text that the newer layer wraps in its envelope.
    pub(super) fn enveloped(text: impl Into<String>) -> Message {
        let mut message = Message::bare(text);
        message.inner.enveloped = true;
        message
    }

    /// A text about what no transaction accepts, so that it is not cancelled but refused.
    fn of_request(text: impl Into<String>) -> Message {
        let mut message = Message::bare(text);
        message.inner.fails_request = true;
        message
    }

    /// A text about an attribute value, which the newer layer words anew in reads as well.
    fn of_value(mut self) -> Message {
        self.inner.of_value = true;
        self
    }

    /// Whether the rule is one of the whole request, also where an action of a transaction breaks it.
    pub(super) fn fails_request(&self) -> bool {
        self.inner.fails_request
    }

    fn with_newer(mut self, text: impl Into<String>) -> Message {
        self.inner.since_2026 = Some(text.into());
        self
    }

    /// The same message behind a prefix, such as `Invalid UpdateExpression: `.
    pub(super) fn prefixed(mut self, prefix: &str) -> Message {
        self.inner.text.insert_str(0, prefix);
        if let Some(newer) = &mut self.inner.since_2026 {
            newer.insert_str(0, prefix);
        }
        self
    }

    /// The same message with the place in a literal that it is about, such as `root.a[1]`.
    pub(super) fn at_place(self, place: &str) -> Message {
        self.followed_by(&format!(" under {place}"))
    }

    /// The same message with a place in a statement, such as `1:8:5`.
    pub(super) fn at(self, position: &str) -> Message {
        self.followed_by(&format!(" at {position}"))
    }

    fn followed_by(mut self, suffix: &str) -> Message {
        self.inner.text.push_str(suffix);
        if let Some(newer) = &mut self.inner.since_2026 {
            newer.push_str(suffix);
        }
        self
    }

    /// The text for a generation, in an operation of that layer.
    pub(super) fn render(&self, generation: TextGeneration, layer: Layer) -> String {
        let Wording { text, since_2026, .. } = &*self.inner;
        let newer = since_2026.as_ref().unwrap_or(text);
        match (generation, layer) {
            (TextGeneration::Before2026, _) => text.clone(),
            (TextGeneration::Since2026, Layer::Enveloped) if self.inner.enveloped => {
                format!("{ENVELOPE}{newer}")
            }
            (TextGeneration::Since2026, Layer::Current) if self.inner.of_value => newer.clone(),
            (TextGeneration::Since2026, _) if self.inner.enveloped => text.clone(),
            (TextGeneration::Since2026, _) => newer.clone(),
        }
    }

    /// The older wording, which is also what an editor shows.
    pub(super) fn text(&self) -> &str {
        &self.inner.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newer_layer_wraps_only_single_item_writes() {
        let message = reserved_keyword("status").prefixed("Invalid ConditionExpression: ");
        let old =
            "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status";
        assert_eq!(message.render(TextGeneration::Before2026, Layer::Enveloped), old);
        assert_eq!(message.render(TextGeneration::Since2026, Layer::Current), old);
        assert_eq!(
            message.render(TextGeneration::Since2026, Layer::Enveloped),
            format!("1 validation error detected: {old}")
        );
    }

    #[test]
    fn constraints_are_counted() {
        let broken =
            [constraint(None, "tableName", "not be null"), constraint(Some("x"), "item", "not be y")];
        let (older, newer) = (broken.each_ref().map(|it| it.older.clone()), broken.map(|it| it.newer));
        assert_eq!(
            constraints(&older, &newer, None).render(TextGeneration::Before2026, Layer::Enveloped),
            "2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: \
             Member must not be null; Value 'x' at 'item' failed to satisfy constraint: Member must not be y"
        );
        assert_eq!(
            constraints(&older[..1], &newer[..1], None).render(TextGeneration::Since2026, Layer::Enveloped),
            "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"
        );
    }
}
