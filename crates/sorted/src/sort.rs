//! Sorting that keeps equals in their order. In WebAssembly the comparing is asked for through a
//! pointer, so that all lists share one algorithm; natively it is the standard library's.

use std::cmp::Ordering;

/// As [`slice::sort`].
pub fn sort<T: Ord>(list: &mut [T]) {
    sort_by(list, T::cmp);
}

/// As [`slice::sort_by_key`].
pub fn sort_by_key<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(list, |a, b| key(a).cmp(&key(b)));
}

/// As [`slice::sort_by`].
pub fn sort_by<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    if cfg!(not(target_family = "wasm")) {
        return list.sort_by(compare);
    }
    for (a, b) in swaps(places(list.len(), &|a, b| compare(&list[a], &list[b]))) {
        list.swap(a, b);
    }
}

/// The numbers below `count` in the order in which their things are sorted, equals as they were.
pub(crate) fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    let mut merged = places.clone();
    let mut run = 1;
    while run < count {
        for begin in (0..count).step_by(2 * run) {
            let (middle, end) = ((begin + run).min(count), (begin + 2 * run).min(count));
            let (mut left, mut right) = (begin, middle);
            for place in &mut merged[begin..end] {
                let takes_right = left == middle || right < end && compare(places[right], places[left]) == Ordering::Less;
                let from = if takes_right { &mut right } else { &mut left };
                *place = places[*from];
                *from += 1;
            }
        }
        std::mem::swap(&mut places, &mut merged);
        run *= 2;
    }
    places
}

/// The exchanges, one after the other, by which each place gets what `places` says for it.
fn swaps(mut places: Vec<usize>) -> Vec<(usize, usize)> {
    let mut swaps = Vec::new();
    for begin in 0..places.len() {
        let mut at = begin;
        while places[at] != begin {
            let next = places[at];
            swaps.push((at, next));
            places[at] = at;
            at = next;
        }
        places[at] = at;
    }
    swaps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lists_are_sorted_as_by_the_standard_library(list in prop::collection::vec((0u8..20, any::<u16>()), 0..200)) {
            let mut theirs = list.clone();
            theirs.sort_by_key(|&(key, _)| key);
            let mut ours = list.clone();
            for (a, b) in swaps(places(list.len(), &|a, b| list[a].0.cmp(&list[b].0))) {
                ours.swap(a, b);
            }
            prop_assert_eq!(&ours, &theirs);
            sort_by_key(&mut ours, |&(key, _)| key);
            prop_assert_eq!(ours, theirs);
        }
    }
}
