//! A call plan as a person would write it.

use units::{Count, Share};

use super::parse;
use crate::{Call, CallMode};

/// The plan as text, or `None` where the text would lose something.
pub(crate) fn print(calls: &[Call]) -> Option<String> {
    let mut out = String::new();
    print_block(calls, 0, &mut out);
    if out.ends_with('\n') {
        out.pop();
    }
    let parsed = parse(&out);
    (parsed.slips.is_empty() && parsed.calls == calls).then_some(out)
}

fn print_block(calls: &[Call], indent: usize, out: &mut String) {
    let mut rest = calls;
    while let Some(first) = rest.first() {
        let alike = |call: &&Call| call.mode == CallMode::Parallel && before(call) == before(first) && wait_text(call) == wait_text(first);
        let group = rest.iter().take_while(alike).count().max(1);
        let (here, after) = rest.split_at(group);
        let together = format!("{}together{}:", before(first), wait_text(first));
        let texts = || here.iter().map(call_text).collect::<Vec<_>>().join("; ");
        match here {
            [others @ .., last] if group > 1 && others.iter().all(is_leaf) && last.statements.is_empty() => {
                print_line(&format!("{together} {}", texts()), last, indent, out);
            }
            [only] if !only.statements.is_empty() => {
                let stands = match only.mode {
                    CallMode::Async => format!("{}async: ", before(only)),
                    CallMode::Parallel => format!("{together} "),
                    CallMode::Sequence => before(only),
                };
                print_transaction(&stands, only, indent, out);
            }
            [only] => {
                let text = match only.mode {
                    CallMode::Async => format!("{}async: {}", before(only), call_text(only)),
                    CallMode::Parallel if only.times == Count(1) => format!("{together} {}", call_text(only)),
                    _ => format!("{}{}{}", before(only), call_text(only), wait_text(only)),
                };
                print_line(&text, only, indent, out);
            }
            _ => {
                pad(indent, out);
                out.push_str(&format!("{together}\n"));
                for call in here {
                    if call.statements.is_empty() {
                        print_line(&call_text(call), call, indent + 2, out);
                    } else {
                        print_transaction("", call, indent + 2, out);
                    }
                }
            }
        }
        rest = after;
    }
}

/// "transaction: a; b" while its statements make no calls, else a block of lines.
fn print_transaction(stands: &str, call: &Call, indent: usize, out: &mut String) {
    pad(indent, out);
    out.push_str(&format!("{stands}transaction:"));
    if call.statements.iter().all(|call| is_leaf(call) && is_plain(call)) {
        let texts: Vec<String> = call.statements.iter().map(call_text).collect();
        out.push_str(&format!(" {}\n", texts.join("; ")));
    } else {
        out.push('\n');
        print_block(&call.statements, indent + 2, out);
    }
}

/// A call and what it makes: "a > b" while each makes just one plain call, else indented.
fn print_line(text: &str, call: &Call, indent: usize, out: &mut String) {
    pad(indent, out);
    out.push_str(text);
    let mut last = call;
    while let ([only], true) = (last.then.as_slice(), last.miss.is_empty()) {
        if !is_plain(only) {
            break;
        }
        out.push_str(&format!(" > {}", call_text(only)));
        last = only;
    }
    out.push('\n');
    print_block(&last.then, indent + 2, out);
    if last.miss.iter().all(|call| is_leaf(call) && is_plain(call)) && !last.miss.is_empty() {
        pad(indent + 2, out);
        let texts: Vec<String> = last.miss.iter().map(call_text).collect();
        out.push_str(&format!("miss: {}\n", texts.join("; ")));
    } else if !last.miss.is_empty() {
        pad(indent + 2, out);
        out.push_str("miss:\n");
        print_block(&last.miss, indent + 4, out);
    }
}

fn is_leaf(call: &Call) -> bool {
    call.then.is_empty() && call.miss.is_empty() && call.statements.is_empty()
}

/// Nothing stands before it.
fn is_plain(call: &Call) -> bool {
    call.mode == CallMode::Sequence && before(call).is_empty() && call.statements.is_empty()
}

/// "50 %: try: "
fn before(call: &Call) -> String {
    let share = if call.probability == Share::ONE { String::new() } else { format!("{}: ", call.probability) };
    format!("{share}{}", if call.optional { "try: " } else { "" })
}

/// " wait 3 cancel"
fn wait_text(call: &Call) -> String {
    let cancel = if call.cancel { " cancel" } else { "" };
    call.wait.map_or(String::new(), |wait| format!(" wait {wait}{cancel}"))
}

fn call_text(call: &Call) -> String {
    let mut words = vec![call.to.clone()];
    if !call.operation.is_empty() {
        words.push(call.operation.clone());
    }
    words.extend(call.data.clone());
    words.extend(call.modifiers.iter().cloned());
    match call.mode {
        _ if call.times == Count(1) => {}
        CallMode::Parallel => words.push(format!("x{}", call.times)),
        CallMode::Sequence | CallMode::Async => words.push(format!("{} times", call.times)),
    }
    words.join(" ")
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}
