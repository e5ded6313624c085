//! Sets of fields.

use super::Field;

/// A set of fields: a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldSet(u128);

// Another field may need a wider set.
const _: () = assert!(Field::ALL.len() <= u128::BITS as usize);

impl FieldSet {
    /// Adds a field.
    pub fn insert(&mut self, field: Field) {
        self.0 |= Self::bit(field);
    }

    /// Whether a field is in it.
    pub fn contains(self, field: Field) -> bool {
        self.0 & Self::bit(field) != 0
    }

    /// Whether all its fields are in another one.
    pub fn is_subset_of(self, other: FieldSet) -> bool {
        self.0 & !other.0 == 0
    }

    /// How many of its fields are in another one, too.
    pub fn n_common(self, other: FieldSet) -> u32 {
        (self.0 & other.0).count_ones()
    }

    fn bit(field: Field) -> u128 {
        1 << field as u32
    }
}

impl FromIterator<Field> for FieldSet {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        let mut set = Self::default();
        fields.into_iter().for_each(|field| set.insert(field));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_bit_of_its_own() {
        let all: FieldSet = Field::ALL.iter().copied().collect();
        assert_eq!(all.n_common(all) as usize, Field::ALL.len());
    }

    #[test]
    fn sets_are_compared() {
        let set = |fields: &[Field]| fields.iter().copied().collect::<FieldSet>();
        let (few, more) = (set(&[Field::Next]), set(&[Field::Next, Field::WriterConfig]));
        assert!(few.is_subset_of(more) && !more.is_subset_of(few));
        assert!(more.contains(Field::WriterConfig) && !few.contains(Field::WriterConfig));
        assert_eq!(more.n_common(few), 1);
    }
}
