//! Takes the places of panics out of a module of WebAssembly: file, line and column of each spot that
//! can panic. No browser ever shows them, and numbers that look like chance do not compress. What
//! stands there becomes zeros, so no address changes and nothing else is touched.

use std::collections::BTreeSet;

/// The number of the section that holds what memory begins with.
const DATA: u8 = 11;
/// A place in memory: the address and the length of a file's name, a line and a column.
const PLACE: usize = 16;

/// Bytes of the module that begin at an address of its memory.
struct Segment {
    address: usize,
    at: usize,
    len: usize,
}

/// Overwrites every place with zeros, and the names of files that only places had. Returns the
/// addresses of the places, which are now as good as each other.
pub(crate) fn forget(module: &mut [u8]) -> Result<BTreeSet<i32>, String> {
    let segments = segments(module).ok_or("it is not laid out as a compiler would do it")?;
    let find = |address: usize, len: usize| {
        let inside = |segment: &&Segment| segment.address <= address && address + len <= segment.address + segment.len;
        segments.iter().find(inside).map(|segment| segment.at + address - segment.address)
    };
    let mut places = Vec::new();
    let mut names = Vec::new();
    let mut addresses = BTreeSet::new();
    for segment in &segments {
        let mut at = segment.at + segment.address.next_multiple_of(4) - segment.address;
        while at + PLACE <= segment.at + segment.len {
            match name_of(&module[at..at + PLACE], &find, module) {
                Some(name) => {
                    places.push(at);
                    addresses.extend(i32::try_from(segment.address + at - segment.at));
                    names.push(name);
                    at += PLACE;
                }
                None => at += 4,
            }
        }
    }
    places.iter().for_each(|&at| module[at..at + PLACE].fill(0));
    names.into_iter().for_each(|name| module[name].fill(0));
    Ok(addresses)
}

/// Where the name of the file stands, if these bytes are a place: its name is that of a Rust file.
fn name_of(bytes: &[u8], find: &dyn Fn(usize, usize) -> Option<usize>, module: &[u8]) -> Option<std::ops::Range<usize>> {
    let word = |number: usize| bytes[4 * number..].first_chunk().map(|word| u32::from_le_bytes(*word) as usize);
    let (address, len, line, column) = (word(0)?, word(1)?, word(2)?, word(3)?);
    if !(5..200).contains(&len) || !(1..50_000).contains(&line) || !(1..1_000).contains(&column) {
        return None;
    }
    let from = find(address, len)?;
    module[from..from + len].ends_with(b".rs").then_some(from..from + len)
}

/// The segments of a module with one memory, each at a fixed address.
fn segments(module: &[u8]) -> Option<Vec<Segment>> {
    let mut at = 8;
    while at < module.len() {
        let section = module[at];
        let (len, body) = number(module, at + 1)?;
        if section == DATA {
            let (count, mut at) = number(module, body)?;
            let mut segments = Vec::new();
            for _ in 0..count {
                // Active, "i32.const", the address, "end".
                if module.get(at..at + 2)? != [0, 0x41] {
                    return None;
                }
                let (address, after) = number(module, at + 2)?;
                let (len, from) = number(module, after + 1)?;
                segments.push(Segment { address, at: from, len });
                at = from + len;
            }
            return Some(segments);
        }
        at = body + len;
    }
    None
}

/// A number in groups of seven bits, the lowest first, and where what follows begins.
fn number(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let (mut value, mut shift) = (0usize, 0);
    loop {
        let byte = *bytes.get(at)?;
        value |= usize::from(byte & 0x7f) << shift;
        (at, shift) = (at + 1, shift + 7);
        if byte < 0x80 {
            return Some((value, at));
        }
        if shift > 28 {
            return None;
        }
    }
}
