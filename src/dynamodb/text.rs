//! Texts of attribute values and keys.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;

use smol_str::SmolStr;
use triomphe::Arc;

/// A text, cheap to clone: a short one lies in the value itself, a longer one is shared.
///
/// Ordered by its UTF-8 bytes. `SmolStr` alone would do, but keeps a second count beside a longer text, which no text
/// here has a use for.
#[derive(Clone)]
pub struct Text(Repr);

#[derive(Clone)]
enum Repr {
    Short(SmolStr),
    Long(Arc<str>),
}

/// Bytes of the longest text that lies in the value itself.
const SHORT_BYTES_MAX: usize = 23;

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text(match text.len() {
            ..=SHORT_BYTES_MAX => Repr::Short(SmolStr::new(text)),
            _ => Repr::Long(Arc::from(text)),
        })
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text::from(text.as_str())
    }
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        match &self.0 {
            Repr::Short(text) => text,
            Repr::Long(text) => text,
        }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        match (&self.0, &other.0) {
            // Versions of an item share what they have in common.
            (Repr::Long(one), Repr::Long(other)) if Arc::ptr_eq(one, other) => true,
            _ => **self == **other,
        }
    }
}

impl Eq for Text {}

impl Ord for Text {
    fn cmp(&self, other: &Text) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// A text in a key: what maps are searched for.
///
/// A short one lies in the key as bytes of a fixed number, which are compared without a call.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyText(KeyRepr);

#[derive(Clone, PartialEq, Eq)]
enum KeyRepr {
    /// The bytes, zeros after them, and their number.
    Short([u8; KEY_SHORT_BYTES_MAX], u8),
    /// Any longer text.
    Long(Text),
}

/// Bytes of the longest text that lies in the key itself.
const KEY_SHORT_BYTES_MAX: usize = 22;

impl KeyText {
    /// The bytes of the text.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            KeyRepr::Short(bytes, len) => bytes.get(..usize::from(*len)).unwrap_or_default(),
            KeyRepr::Long(text) => text.as_bytes(),
        }
    }

    /// The text as a value.
    pub fn to_text(&self) -> Text {
        match &self.0 {
            // It has been a text before.
            KeyRepr::Short(..) => Text::from(std::str::from_utf8(self.as_bytes()).unwrap_or_default()),
            KeyRepr::Long(text) => text.clone(),
        }
    }

    fn cmp_bytes(&self, other: &KeyText) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }

    fn short(text: &str) -> Option<KeyText> {
        let mut bytes = [0; KEY_SHORT_BYTES_MAX];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(KeyText(KeyRepr::Short(bytes, u8::try_from(text.len()).ok()?)))
    }
}

impl From<&Text> for KeyText {
    fn from(text: &Text) -> KeyText {
        KeyText::short(text).unwrap_or_else(|| KeyText(KeyRepr::Long(text.clone())))
    }
}

impl From<&str> for KeyText {
    fn from(text: &str) -> KeyText {
        KeyText::short(text).unwrap_or_else(|| KeyText(KeyRepr::Long(text.into())))
    }
}

impl Ord for KeyText {
    #[inline]
    fn cmp(&self, other: &KeyText) -> Ordering {
        match (&self.0, &other.0) {
            // Where all bytes are the same, the shorter text is the beginning of the other.
            (KeyRepr::Short(one, one_len), KeyRepr::Short(other, other_len)) => {
                (words(one), one_len).cmp(&(words(other), other_len))
            }
            _ => self.cmp_bytes(other),
        }
    }
}

/// The bytes as numbers, whose order is theirs. The second begins within the first, which matters only after that.
fn words(bytes: &[u8; KEY_SHORT_BYTES_MAX]) -> (u128, u64) {
    let head = bytes.first_chunk().map_or(0, |head| u128::from_be_bytes(*head));
    let tail = bytes.last_chunk().map_or(0, |tail| u64::from_be_bytes(*tail));
    (head, tail)
}

impl PartialOrd for KeyText {
    fn partial_cmp(&self, other: &KeyText) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_text(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_no_part_of_what_a_text_is() {
        let texts: Vec<String> = [0, 22, 23, 24, 400].map(|len| "x".repeat(len)).into();
        for text in &texts {
            assert_eq!(*Text::from(text.as_str()), **text);
            assert_eq!(Text::from(text.clone()), Text::from(text.as_str()));
        }
        assert!(texts.iter().map(|text| Text::from(text.as_str())).is_sorted());
        assert!(Text::from("y") > Text::from("x".repeat(400)));
    }

    #[test]
    fn texts_of_keys_are_ordered_by_their_bytes() {
        let end = |text: &str| format!("{}{text}", "x".repeat(21));
        let mut texts = ["", "\0", "a", "a\0", "a\0\0b", "ab", "é"].map(String::from).to_vec();
        texts.extend([end(""), end("\0"), end("a"), end("a\0"), end("ab"), end("b")]);
        texts.sort();
        let keys: Vec<KeyText> = texts.iter().map(|text| KeyText::from(text.as_str())).collect();
        assert!(keys.is_sorted_by(|one, other| one < other));
        for (key, text) in keys.iter().zip(&texts) {
            assert_eq!(*key.to_text(), **text);
            assert_eq!(*key, KeyText::from(&Text::from(text.as_str())));
        }
        assert_eq!(size_of::<KeyText>(), size_of::<Text>());
    }
}
