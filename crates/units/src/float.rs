//! A decimal text to the nearest f64, like the standard library's parser and without its table of powers,
//! ten kilobytes that do not compress, in a browser's engine. Numbers as people type them are in `number`.

use lexical_parse_float::FromLexical;

/// The nearest f64, halves to even, as any source file has it: "0.1", "-2e-7". `None` if it is no
/// number, and where it is beyond all finite ones.
pub fn float(text: &str) -> Option<f64> {
    f64::from_lexical(text.as_bytes()).ok().filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::float;

    fn library(text: &str) -> Option<u64> {
        text.parse::<f64>().ok().filter(|number| number.is_finite()).map(f64::to_bits)
    }

    fn same(text: &str) {
        assert_eq!(float(text).map(f64::to_bits), library(text), "{text}");
    }

    #[test]
    fn odd_texts_are_read_as_the_standard_library_reads_them() {
        let halfway = format!("{:.767}", f64::from_bits(1.0f64.to_bits() + 1) / 2.0 + 0.5);
        let long = format!("0.{}1", "0".repeat(5_000));
        for text in [
            "",
            ".",
            "-",
            "+1",
            "1.",
            ".5",
            "1e",
            "1e5",
            "1E-5",
            "inf",
            "NaN",
            "-0",
            "0x10",
            "1_000",
            " 1",
            "1 ",
            "4.9e-324",
            "2e-324",
            "1.7976931348623157e308",
            "1.7976931348623159e308",
            "1e400",
            "-1e400",
            "1e-400",
            "9007199254740993",
            "8.5e22",
            "0.1000000000000000055511151231257827021181583404541015625",
            "2.2250738585072011e-308",
            "1e99999999999",
            &halfway,
            &long,
        ] {
            same(text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_number_is_the_nearest(mantissa: u64, more in "[0-9]{0,30}", exponent in -360i32..330) {
            same(&format!("{mantissa}.{more}e{exponent}"));
        }

        #[test]
        fn what_is_printed_is_read_back(bits: u64) {
            let number = f64::from_bits(bits);
            prop_assume!(number.is_finite());
            prop_assert_eq!(float(&format!("{number:e}")).map(f64::to_bits), Some(bits));
            same(&format!("{number:.40e}"));
        }
    }
}
