//! A place in a map that is looked for once, then read or filled.

pub enum Entry<'a, K, V> {
    Vacant(VacantEntry<'a, K, V>),
    Occupied(OccupiedEntry<'a, K, V>),
}

pub struct VacantEntry<'a, K, V> {
    pairs: &'a mut Vec<(K, V)>,
    at: usize,
    key: K,
}

pub struct OccupiedEntry<'a, K, V> {
    pairs: &'a mut Vec<(K, V)>,
    at: usize,
}

impl<'a, K, V> Entry<'a, K, V> {
    pub(super) fn new(place: Result<usize, usize>, key: K, pairs: &'a mut Vec<(K, V)>) -> Self {
        match place {
            Ok(at) => Self::Occupied(OccupiedEntry { pairs, at }),
            Err(at) => Self::Vacant(VacantEntry { pairs, at, key }),
        }
    }

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
        match self {
            Self::Vacant(place) => place.insert(value()),
            Self::Occupied(entry) => entry.into_mut(),
        }
    }

    pub fn and_modify(mut self, change: impl FnOnce(&mut V)) -> Self {
        if let Self::Occupied(entry) = &mut self {
            change(entry.get_mut());
        }
        self
    }

    pub fn key(&self) -> &K {
        match self {
            Self::Vacant(place) => place.key(),
            Self::Occupied(entry) => entry.key(),
        }
    }
}

impl<'a, K, V> VacantEntry<'a, K, V> {
    pub fn key(&self) -> &K {
        &self.key
    }

    pub fn insert(self, value: V) -> &'a mut V {
        self.pairs.insert(self.at, (self.key, value));
        &mut self.pairs[self.at].1
    }
}

impl<'a, K, V> OccupiedEntry<'a, K, V> {
    pub fn key(&self) -> &K {
        &self.pairs[self.at].0
    }

    pub fn get(&self) -> &V {
        &self.pairs[self.at].1
    }

    pub fn get_mut(&mut self) -> &mut V {
        &mut self.pairs[self.at].1
    }

    pub fn into_mut(self) -> &'a mut V {
        &mut self.pairs[self.at].1
    }

    pub fn insert(&mut self, value: V) -> V {
        std::mem::replace(self.get_mut(), value)
    }

    pub fn remove(self) -> V {
        self.pairs.remove(self.at).1
    }
}
