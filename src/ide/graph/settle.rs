//! Moves the elements of rows sideways, in the order that they have, to where their lines are short and straight.
//!
//! The layout library lets long chains drift to one side and leaves labels far out. Rows are gone through downwards and
//! upwards in turn; in each the elements go as near as they can to the mean of what they are linked to. What is nearest
//! under an order and least distances is found by pooling neighbours that would overlap (isotonic regression).

/// Passes down and up.
const PASSES: usize = 12;
/// Passes in the end in which both sides count.
const LAST_PASSES: usize = 6;

/// An element of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Element {
    /// Its middle.
    pub(super) x: f64,
    pub(super) y: f64,
    /// Half of its width, with the space around it.
    pub(super) half: f64,
}

/// A line between two elements, from the upper to the lower, and how much it should be upright.
pub(super) type Link = (usize, usize, f64);

/// Moves the elements.
pub(super) fn settle(elements: &mut [Element], links: &[Link]) {
    let mut above: Vec<Vec<(usize, f64)>> = vec![Vec::new(); elements.len()];
    let mut below = above.clone();
    for &(upper, lower, weight) in links {
        if let (Some(below), Some(above)) = (below.get_mut(upper), above.get_mut(lower)) {
            below.push((lower, weight));
            above.push((upper, weight));
        }
    }
    // One line of many counts less than an only one: a chain is straight, what fans out is not pulled together.
    let counts = |side: &[Vec<(usize, f64)>]| side.iter().map(Vec::len).collect::<Vec<_>>();
    let (n_above, n_below) = (counts(&above), counts(&below));
    let share = |upper: usize, lower: usize| {
        let n_below = n_below.get(upper).copied().unwrap_or(1);
        n_above.get(lower).copied().unwrap_or(1).max(n_below).max(1) as f64
    };
    let only = |lower: usize, links: &Vec<(usize, f64)>| {
        links.iter().copied().filter(|(upper, _)| share(*upper, lower) <= 1.0).collect::<Vec<_>>()
    };
    let chains: Vec<Vec<(usize, f64)>> =
        above.iter().enumerate().map(|(lower, links)| only(lower, links)).collect();
    for (lower, links) in above.iter_mut().enumerate() {
        links.iter_mut().for_each(|(upper, weight)| *weight /= share(*upper, lower));
    }
    for (upper, links) in below.iter_mut().enumerate() {
        links.iter_mut().for_each(|(lower, weight)| *weight /= share(upper, *lower));
    }
    let rows = rows(elements);
    for pass in 0..PASSES {
        if pass % 2 == 0 {
            rows.iter().for_each(|row| move_row(elements, row, &[&above]));
        } else {
            rows.iter().rev().for_each(|row| move_row(elements, row, &[&below]));
        }
    }
    for _ in 0..LAST_PASSES {
        rows.iter().for_each(|row| move_row(elements, row, &[&above, &below]));
    }
    // What has one line above, which leads to nothing else, stands right below.
    rows.iter().for_each(|row| move_row(elements, row, &[&chains]));
}

/// The elements by height, each row from left to right.
fn rows(elements: &[Element]) -> Vec<Vec<usize>> {
    let mut order: Vec<(usize, &Element)> = elements.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| a.y.total_cmp(&b.y));
    let mut rows: Vec<Vec<(usize, &Element)>> = Vec::new();
    for (idx, element) in order {
        let row =
            rows.last_mut().filter(|row| row.first().is_some_and(|(_, first)| element.y - first.y < 1.0));
        match row {
            Some(row) => row.push((idx, element)),
            None => rows.push(vec![(idx, element)]),
        }
    }
    for row in &mut rows {
        row.sort_by(|(_, a), (_, b)| a.x.total_cmp(&b.x));
    }
    rows.into_iter().map(|row| row.into_iter().map(|(idx, _)| idx).collect()).collect()
}

/// Moves a row to where its links want it.
fn move_row(elements: &mut [Element], row: &[usize], sides: &[&Vec<Vec<(usize, f64)>>]) {
    // By element: how far right of the first it is at least, where it wants to be less that, and how much.
    let mut distance = 0.0;
    let mut wishes: Vec<(f64, f64, f64)> = Vec::with_capacity(row.len());
    let mut before: Option<f64> = None;
    for &idx in row {
        let Some(element) = elements.get(idx).copied() else { return };
        distance += before.map_or(0.0, |half| half + element.half);
        before = Some(element.half);
        let links = || sides.iter().filter_map(|side| side.get(idx)).flatten();
        let weight: f64 = links().map(|(_, weight)| weight).sum();
        let sum: f64 = links().filter_map(|(other, weight)| Some(elements.get(*other)?.x * weight)).sum();
        // What is linked to nothing stays, if nobody needs its place.
        let (wanted, weight) = if weight > 0.0 { (sum / weight, weight) } else { (element.x, 0.01) };
        wishes.push((distance, wanted - distance, weight));
    }
    // Blocks that move as one: the sum of their wishes, of their weights, and how many they are.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for &(_, wanted, weight) in &wishes {
        blocks.push((wanted * weight, weight, 1));
        while let [.., (sum_a, weight_a, n_a), (sum_b, weight_b, n_b)] = blocks[..]
            && sum_a / weight_a > sum_b / weight_b
        {
            blocks.truncate(blocks.len() - 2);
            blocks.push((sum_a + sum_b, weight_a + weight_b, n_a + n_b));
        }
    }
    let places = blocks.into_iter().flat_map(|(sum, weight, n)| std::iter::repeat_n(sum / weight, n));
    for ((&idx, (distance, ..)), place) in row.iter().zip(&wishes).zip(places) {
        if let Some(element) = elements.get_mut(idx) {
            element.x = place + distance;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_becomes_straight_and_neighbours_keep_their_order() {
        let at = |x, row: u8| Element { x, y: f64::from(row) * 50.0, half: 20.0 };
        // A chain that drifts, and beside its middle one more element that wants the same place.
        let mut elements = [at(0.0, 0), at(30.0, 1), at(60.0, 2), at(100.0, 1)];
        settle(&mut elements, &[(0, 1, 4.0), (1, 2, 4.0), (0, 3, 1.0)]);
        let x = elements.map(|element| element.x.round());
        assert!((x[0] - x[2]).abs() <= 12.0, "{x:?}");
        assert!(x[3] - x[1] >= 40.0, "{x:?}");
    }
}
