//! The functions of the napkin: the names, what each takes, and what it gives. New ones are not
//! defined in a sheet.

use units::Dimension;

use crate::Value;
use crate::fault::Fault;

pub(crate) const FUNCTIONS: &[&str] = &["sqrt", "log2", "ln", "ceil", "floor", "round", "min", "max"];

pub(crate) fn apply(function: &str, arguments: Vec<Value>) -> Result<Value, Fault> {
    if let "min" | "max" = function {
        return extreme(function, arguments);
    }
    let [value] = <[Value; 1]>::try_from(arguments).map_err(|_| Fault::new(format!("{function} takes one argument.")))?;
    let only = |needed: bool, what: &str| {
        let fault = Fault::new(format!("{function} takes {what}; this is {}.", value.kind()));
        if needed { Ok(()) } else { Err(fault.suggest("Divide by the unit you mean first.")) }
    };
    match function {
        "sqrt" if value.number < 0.0 => Err(Fault::new("A negative number has no square root.")),
        "sqrt" => value.square_root().ok_or_else(|| Fault::new(format!("There is no square root of {}.", value.kind()))),
        "log2" | "ln" => {
            only(value.is_plain(), "a plain number")?;
            if value.number <= 0.0 {
                return Err(Fault::new("A logarithm is only defined above zero."));
            }
            Ok(Value::plain(if function == "ln" { libm::log(value.number) } else { libm::log2(value.number) }))
        }
        _ => {
            only(value.dimension == Dimension::NONE, "a count")?;
            let number = match function {
                "ceil" => libm::ceil(value.number),
                "floor" => libm::floor(value.number),
                _ => libm::round(value.number),
            };
            Ok(Value { number, ..value })
        }
    }
}

fn extreme(function: &str, arguments: Vec<Value>) -> Result<Value, Fault> {
    let mut arguments = arguments.into_iter();
    let Some(mut best) = arguments.next() else { return Err(Fault::new(format!("{function} needs an argument."))) };
    for value in arguments {
        if !best.is_like(&value) {
            let (left, right) = (best.kind(), value.kind());
            return Err(Fault::new(format!("{function} compares {left} with {right}.")).suggest("Bring both into one unit first."));
        }
        if (function == "max") == (value.number > best.number) {
            best = value;
        }
    }
    Ok(best)
}
