//! The functions of a module of WebAssembly in another order, equal ones once: what is alike stands
//! together, where a compressor sees it. No function does anything else than before, but that calls of
//! panics name no place in the source (`places`). Brotli becomes 4 % shorter.

use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{CodeSection, Encode, FunctionSection, Instruction, Module};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, KnownCustom, Name, Operator, Parser, Payload, TypeRef,
};

/// Bytes of code that are compared in one piece.
const PIECE: usize = 5;
/// Functions are alike by how many of this many samples of their pieces are the same.
const SAMPLES: u64 = 256;

type Error = reencode::Error<std::convert::Infallible>;

/// What is looked at to decide on an order.
struct Seen<'a> {
    imports: u32,
    types: Vec<u32>,
    bodies: Vec<FunctionBody<'a>>,
    names: BTreeMap<u32, &'a str>,
}

/// What the functions become. Numbers of functions count from the first that is not imported.
struct Rearranged<'a> {
    imports: u32,
    /// Which function stands at each place of the new module.
    order: Vec<u32>,
    /// Where each function of the old one is found in it.
    place: Vec<u32>,
    panics: BTreeSet<u32>,
    spots: &'a BTreeSet<i32>,
}

/// `spots` are the addresses that a panic may be told as its place.
pub(crate) fn rearranged(module: &[u8], spots: &BTreeSet<i32>) -> Result<Vec<u8>, String> {
    put_in_order(module, spots).map_err(|error| format!("its functions cannot be put in order: {error}"))
}

fn put_in_order(module: &[u8], spots: &BTreeSet<i32>) -> Result<Vec<u8>, Error> {
    let seen = look(module)?;
    let all: Vec<u32> = (0..seen.types.len() as u32).collect();
    let panics = seen.names.iter().filter(|(_, name)| is_panic(name)).map(|(&number, _)| number).collect();
    let mut made = Rearranged { imports: seen.imports, order: Vec::new(), place: all.clone(), panics, spots };
    let first = made.equal(&seen)?;
    made.order = alike(&seen, all.into_iter().filter(|&function| first[function as usize] == function).collect());
    for (place, &function) in (0..).zip(&made.order) {
        made.place[function as usize] = place;
    }
    made.place = first.iter().map(|&function| made.place[function as usize]).collect();
    let mut out = Module::new();
    reencode::utils::parse_core_module(&mut made, &mut out, Parser::new(0), module)?;
    Ok(out.finish())
}

fn look(module: &[u8]) -> Result<Seen<'_>, Error> {
    let mut seen = Seen { imports: 0, types: Vec::new(), bodies: Vec::new(), names: BTreeMap::new() };
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    seen.imports += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::FunctionSection(section) => seen.types = section.into_iter().collect::<Result<_, _>>()?,
            Payload::CodeSectionEntry(body) => seen.bodies.push(body),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(parts) = section.as_known() else { continue };
                for part in parts {
                    let Name::Function(names) = part? else { continue };
                    for name in names {
                        let name = name?;
                        seen.names.insert(name.index, name.name);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(seen)
}

/// The last that these are given is the place in the source.
fn is_panic(name: &str) -> bool {
    name.contains("::panicking::") || ["unwrap_failed", "expect_failed", "slice_index_fail"].iter().any(|end| name.contains(end))
}

impl Rearranged<'_> {
    /// The first function that is equal to each. Those that call equal ones may be equal themselves, so
    /// it is asked again until no more are found.
    fn equal(&mut self, seen: &Seen<'_>) -> Result<Vec<u32>, Error> {
        loop {
            let mut known: BTreeMap<(u32, Vec<u8>), u32> = BTreeMap::new();
            let mut first = self.place.clone();
            for (number, body) in (0..).zip(&seen.bodies) {
                let index = number as usize;
                if self.place[index] == number {
                    let mut code = CodeSection::new();
                    self.parse_function_body(&mut code, body.clone())?;
                    let mut bytes = Vec::new();
                    code.encode(&mut bytes);
                    first[index] = *known.entry((seen.types[index], bytes)).or_insert(number);
                }
            }
            let first: Vec<u32> = self.place.iter().map(|&function| first[function as usize]).collect();
            if first == self.place {
                return Ok(first);
            }
            self.place = first;
        }
    }
}

impl Reencode for Rearranged<'_> {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, number: u32) -> Result<u32, Error> {
        let of_ours = number.checked_sub(self.imports).map(|function| self.imports + self.place[function as usize]);
        Ok(of_ours.unwrap_or(number))
    }

    fn parse_function_section(&mut self, types: &mut FunctionSection, section: FunctionSectionReader<'_>) -> Result<(), Error> {
        let old: Vec<u32> = section.into_iter().collect::<Result<_, _>>()?;
        self.order.iter().for_each(|&function| _ = types.function(old[function as usize]));
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result<(), Error> {
        let old: Vec<FunctionBody<'_>> = section.into_iter().collect::<Result<_, _>>()?;
        self.order.clone().iter().try_for_each(|&function| self.parse_function_body(code, old[function as usize].clone()))
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), Error> {
        let mut out = self.new_function_with_parsed_locals(&body)?;
        let operators: Vec<Operator<'_>> = body.get_operators_reader()?.into_iter().collect::<Result<_, _>>()?;
        for (at, operator) in operators.iter().enumerate() {
            match (operator, operators.get(at + 1), self.spots.first()) {
                (Operator::I32Const { value }, Some(Operator::Call { function_index }), Some(&spot))
                    if self.spots.contains(value) && self.panics.contains(function_index) =>
                {
                    out.instruction(&Instruction::I32Const(spot));
                }
                _ => _ = out.instruction(&self.instruction(operator.clone())?),
            }
        }
        code.function(&out);
        Ok(())
    }

    /// The names have done their work.
    fn parse_custom_section(&mut self, module: &mut Module, section: CustomSectionReader<'_>) -> Result<(), Error> {
        match section.as_known() {
            KnownCustom::Name(_) => Ok(()),
            _ => reencode::utils::parse_custom_section(self, module, section),
        }
    }
}

/// The functions so that each is followed by the one most like it of those that are left; of equally
/// like ones by the first by name, as instances of one generic function have one.
fn alike(seen: &Seen<'_>, mut functions: Vec<u32>) -> Vec<u32> {
    functions.sort_by_key(|function| seen.names.get(&(function + seen.imports)));
    let samples: Vec<Vec<(u64, u64)>> = functions.iter().map(|&function| samples(seen.bodies[function as usize].as_bytes())).collect();
    let mut with: BTreeMap<(u64, u64), BTreeSet<usize>> = BTreeMap::new();
    for (number, samples) in samples.iter().enumerate() {
        samples.iter().for_each(|sample| _ = with.entry(*sample).or_default().insert(number));
    }
    let mut left: BTreeSet<usize> = (0..functions.len()).collect();
    let mut order = Vec::with_capacity(functions.len());
    let mut next = left.first().copied();
    while let Some(number) = next {
        order.push(functions[number]);
        left.remove(&number);
        let mut shared: BTreeMap<usize, u32> = BTreeMap::new();
        for sample in &samples[number] {
            let others = with.entry(*sample).or_default();
            others.remove(&number);
            others.iter().for_each(|&other| *shared.entry(other).or_default() += 1);
        }
        let most = shared.into_iter().max_by_key(|&(other, count)| (count, std::cmp::Reverse(other)));
        next = most.map(|(other, _)| other).or_else(|| left.first().copied());
    }
    order
}

/// Of the pieces of code whose hash falls into a bin the one with the least hash, so that functions that
/// share most of their pieces share most samples (minwise hashing, one permutation).
fn samples(code: &[u8]) -> Vec<(u64, u64)> {
    let mut least: BTreeMap<u64, u64> = BTreeMap::new();
    for piece in code.windows(PIECE) {
        let mixed = piece.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        let hash = (mixed ^ (mixed >> 31)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        let (bin, hash) = ((hash >> 32) % SAMPLES, hash & 0xffff_ffff);
        least.entry(bin).and_modify(|found| *found = hash.min(*found)).or_insert(hash);
    }
    least.into_iter().collect()
}
