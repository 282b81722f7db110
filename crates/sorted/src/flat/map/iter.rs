//! The iterators of a map: those of a list, with keys that nobody can change.

use std::{slice, vec};

use super::Map;

macro_rules! iterators {
    ($($name:ident<$($life:lifetime)?> over $inner:ty, $item:ty, $pair:pat => $out:expr;)*) => {$(
        #[derive(Debug)]
        pub struct $name<$($life,)? K, V>($inner);

        impl<$($life,)? K, V> Iterator for $name<$($life,)? K, V> {
            type Item = $item;

            fn next(&mut self) -> Option<Self::Item> {
                self.0.next().map(|$pair| $out)
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                self.0.size_hint()
            }
        }

        impl<$($life,)? K, V> DoubleEndedIterator for $name<$($life,)? K, V> {
            fn next_back(&mut self) -> Option<Self::Item> {
                self.0.next_back().map(|$pair| $out)
            }
        }

        impl<$($life,)? K, V> ExactSizeIterator for $name<$($life,)? K, V> {}
    )*};
}

iterators! {
    Iter<'a> over slice::Iter<'a, (K, V)>, (&'a K, &'a V), (key, value) => (key, value);
    IterMut<'a> over slice::IterMut<'a, (K, V)>, (&'a K, &'a mut V), (key, value) => (&*key, value);
    Keys<'a> over slice::Iter<'a, (K, V)>, &'a K, (key, _) => key;
    Values<'a> over slice::Iter<'a, (K, V)>, &'a V, (_, value) => value;
    IntoIter<> over vec::IntoIter<(K, V)>, (K, V), pair => pair;
}

macro_rules! copies {
    ($($name:ident)*) => {$(
        impl<K, V> Clone for $name<'_, K, V> {
            fn clone(&self) -> Self {
                Self(self.0.clone())
            }
        }
    )*};
}

copies! { Iter Keys Values }

impl<'a, K, V> Iter<'a, K, V> {
    pub(super) fn new(pairs: &'a [(K, V)]) -> Self {
        Self(pairs.iter())
    }

    pub(in crate::flat) fn into_keys(self) -> Keys<'a, K, V> {
        Keys(self.0)
    }
}

impl<K, V> Map<K, V> {
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter(self.pairs.iter())
    }

    pub fn iter_mut(&mut self) -> IterMut<'_, K, V> {
        IterMut(self.pairs.iter_mut())
    }

    pub fn keys(&self) -> Keys<'_, K, V> {
        Keys(self.pairs.iter())
    }

    pub fn values(&self) -> Values<'_, K, V> {
        Values(self.pairs.iter())
    }
}

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, K, V> IntoIterator for &'a mut Map<K, V> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = IterMut<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = IntoIter<K, V>;

    fn into_iter(self) -> Self::IntoIter {
        IntoIter(self.pairs.into_iter())
    }
}
