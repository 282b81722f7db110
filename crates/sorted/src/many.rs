//! A map for what can be millions: lists in order, none of them long, in a list that is in order.
//! To add or take one moves at most a few hundred neighbours, as in the standard library's tree,
//! for a fifth of its code. It has those methods of [`std::collections::BTreeMap`] that a run needs.

use std::cmp::Ordering;
use std::ops::{Bound, RangeBounds};
use std::slice;

mod set;

pub use set::Set;

/// A list that has more is divided.
const MOST: usize = 256;
/// Two neighbours that have no more together become one.
const FEW: usize = 96;

#[derive(Debug, Clone)]
pub struct Map<K, V> {
    /// None of them is empty.
    lists: Vec<Vec<(K, V)>>,
    len: usize,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Map<K, V> {
    pub const fn new() -> Self {
        Self { lists: Vec::new(), len: 0 }
    }

    pub const fn len(&self) -> usize {
        self.len
    }

    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn clear(&mut self) {
        *self = Self::new();
    }

    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter { lists: self.lists.iter(), pairs: [].iter() }
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.lists.iter_mut().flatten().map(|(key, value)| (&*key, value))
    }

    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.iter_mut().map(|(_, value)| value)
    }

    pub fn into_values(self) -> impl Iterator<Item = V> {
        self.lists.into_iter().flatten().map(|(_, value)| value)
    }

    pub fn retain(&mut self, mut keeps: impl FnMut(&K, &mut V) -> bool) {
        for list in &mut self.lists {
            list.retain_mut(|(key, value)| keeps(key, value));
        }
        self.lists.retain(|list| !list.is_empty());
        self.len = self.lists.iter().map(Vec::len).sum();
    }
}

impl<K: Ord, V> Map<K, V> {
    /// In which list a key is and where there, or where it belongs.
    fn find(&self, key: &K) -> Result<(usize, usize), (usize, usize)> {
        let (mut from, mut to) = (0, self.lists.len());
        while to - from > 1 {
            let middle = (from + to) / 2;
            if self.lists[middle][0].0 <= *key { from = middle } else { to = middle }
        }
        let Some(list) = self.lists.get(from) else { return Err((0, 0)) };
        let (mut low, mut high) = (0, list.len());
        while low < high {
            let middle = (low + high) / 2;
            match list[middle].0.cmp(key) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Ok((from, middle)),
                Ordering::Greater => high = middle,
            }
        }
        Err((from, low))
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        self.find(key).ok().map(|(list, at)| &self.lists[list][at].1)
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.find(key).ok().map(|(list, at)| &mut self.lists[list][at].1)
    }

    pub fn contains_key(&self, key: &K) -> bool {
        self.find(key).is_ok()
    }

    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok((list, at)) => Some(std::mem::replace(&mut self.lists[list][at].1, value)),
            Err(place) => {
                self.put(place, key, value);
                None
            }
        }
    }

    /// Where it came to be may be another place, if its list had to be divided.
    fn put(&mut self, (mut list, mut at): (usize, usize), key: K, value: V) -> (usize, usize) {
        self.len += 1;
        if self.lists.is_empty() {
            self.lists.push(Vec::new());
        }
        if self.lists[list].len() >= MOST {
            // What grows at its end leaves full lists behind it.
            let half = if at == MOST && list + 1 == self.lists.len() { MOST } else { MOST / 2 };
            let rest = self.lists[list].split_off(half);
            self.lists.insert(list + 1, rest);
            if at >= half {
                (list, at) = (list + 1, at - half);
            }
        }
        self.lists[list].insert(at, (key, value));
        (list, at)
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.find(key).ok()?;
        Some(self.take(place).1)
    }

    fn take(&mut self, (list, at): (usize, usize)) -> (K, V) {
        self.len -= 1;
        let pair = self.lists[list].remove(at);
        let left = self.lists[list].len();
        if left == 0 {
            self.lists.remove(list);
        } else if left < FEW / 2 && self.lists.get(list + 1).is_some_and(|next| left + next.len() <= FEW) {
            let next = self.lists.remove(list + 1);
            self.lists[list].extend(next);
        }
        pair
    }

    pub fn pop_first(&mut self) -> Option<(K, V)> {
        if self.len == 0 { None } else { Some(self.take((0, 0))) }
    }

    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next()
    }

    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        let place = self.find(&key);
        Entry { map: self, place, key }
    }

    pub fn range(&self, range: impl RangeBounds<K>) -> impl Iterator<Item = (&K, &V)> {
        let (list, at) = match range.start_bound() {
            Bound::Included(key) => self.find(key).unwrap_or_else(|place| place),
            Bound::Excluded(key) => self.find(key).map_or_else(|place| place, |(list, at)| (list, at + 1)),
            Bound::Unbounded => (0, 0),
        };
        let mut lists = self.lists[list..].iter();
        let pairs = lists.next().map_or([].iter(), |pairs| pairs[at..].iter());
        let is_inside = move |key: &K| match range.end_bound() {
            Bound::Included(end) => key <= end,
            Bound::Excluded(end) => key < end,
            Bound::Unbounded => true,
        };
        Iter { lists, pairs }.take_while(move |(key, _)| is_inside(key))
    }
}

/// A place that is looked for once, then read or filled.
pub struct Entry<'a, K, V> {
    map: &'a mut Map<K, V>,
    place: Result<(usize, usize), (usize, usize)>,
    key: K,
}

impl<'a, K: Ord, V> Entry<'a, K, V> {
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }

    pub fn or_insert_with(self, value: impl FnOnce() -> V) -> &'a mut V {
        let (list, at) = self.place.unwrap_or_else(|place| self.map.put(place, self.key, value()));
        &mut self.map.lists[list][at].1
    }
}

#[derive(Debug)]
pub struct Iter<'a, K, V> {
    lists: slice::Iter<'a, Vec<(K, V)>>,
    pairs: slice::Iter<'a, (K, V)>,
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((key, value)) = self.pairs.next() {
                return Some((key, value));
            }
            self.pairs = self.lists.next()?.iter();
        }
    }
}

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        for (key, value) in pairs {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Self::new();
        map.extend(pairs);
        map
    }
}
