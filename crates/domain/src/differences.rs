//! What differs between two texts, cut into lines or words.

/// A part of two texts that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference<T> {
    /// In both.
    Kept(T),
    /// Only in the earlier one.
    Removed(T),
    /// Only in the later one.
    Added(T),
}

/// How many comparisons a pair of texts is worth. Beyond it their middle counts as replaced whole,
/// which is true as well and costs no time.
const MOST_COMPARISONS: usize = 4_000_000;

/// The parts of both texts in order, as few of them removed and added as can be. What was removed
/// stands before what came in its place.
pub fn differences<'a, T: PartialEq + ?Sized>(before: &[&'a T], after: &[&'a T]) -> Vec<Difference<&'a T>> {
    let start = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (rest_before, rest_after) = (&before[start..], &after[start..]);
    let end = rest_before.iter().rev().zip(rest_after.iter().rev()).take_while(|(one, other)| one == other).count();
    let middle_before = &rest_before[..rest_before.len() - end];
    let middle_after = &rest_after[..rest_after.len() - end];
    let mut found: Vec<_> = before[..start].iter().map(|part| Difference::Kept(*part)).collect();
    if middle_before.len().saturating_mul(middle_after.len()) > MOST_COMPARISONS {
        found.extend(middle_before.iter().map(|part| Difference::Removed(*part)));
        found.extend(middle_after.iter().map(|part| Difference::Added(*part)));
    } else {
        compare(middle_before, middle_after, &mut found);
    }
    found.extend(rest_before[middle_before.len()..].iter().map(|part| Difference::Kept(*part)));
    found
}

/// The longest common subsequence, by its table of lengths.
fn compare<'a, T: PartialEq + ?Sized>(before: &[&'a T], after: &[&'a T], found: &mut Vec<Difference<&'a T>>) {
    let width = after.len() + 1;
    let mut lengths = vec![0_u32; (before.len() + 1) * width];
    for row in (0..before.len()).rev() {
        for column in (0..after.len()).rev() {
            lengths[row * width + column] = if before[row] == after[column] {
                lengths[(row + 1) * width + column + 1] + 1
            } else {
                lengths[(row + 1) * width + column].max(lengths[row * width + column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    while row < before.len() || column < after.len() {
        if row < before.len() && column < after.len() && before[row] == after[column] {
            found.push(Difference::Kept(before[row]));
            (row, column) = (row + 1, column + 1);
        } else if row < before.len() && (column == after.len() || lengths[(row + 1) * width + column] >= lengths[row * width + column + 1])
        {
            found.push(Difference::Removed(before[row]));
            row += 1;
        } else {
            found.push(Difference::Added(after[column]));
            column += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_kept_removed_and_added() {
        use Difference::{Added, Kept, Removed};
        let found = differences(&["a", "b", "c", "d"], &["a", "x", "c", "d", "e"]);
        assert_eq!(found, [Kept("a"), Removed("b"), Added("x"), Kept("c"), Kept("d"), Added("e")]);
        assert_eq!(differences::<str>(&[], &[]), []);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_told_from_the_differences(
            before in proptest::collection::vec("[abc]", 0..12),
            after in proptest::collection::vec("[abc]", 0..12),
        ) {
            let (before, after): (Vec<&str>, Vec<&str>) =
                (before.iter().map(String::as_str).collect(), after.iter().map(String::as_str).collect());
            let found = differences(&before, &after);
            let side = |is_before: bool| -> Vec<&str> {
                found.iter().filter_map(|one| match one {
                    Difference::Kept(part) => Some(*part),
                    Difference::Removed(part) => is_before.then_some(*part),
                    Difference::Added(part) => (!is_before).then_some(*part),
                }).collect()
            };
            prop_assert_eq!(side(true), before);
            prop_assert_eq!(side(false), after);
        }
    }
}
