//! The page for people.

use expect_test::expect;
use fidelity::{Form, page};

const CHECK: &str = r#"
id = "D29"
title = "A sum"
says = """
One and one
are two."""
source = "Euclid | and others."
class = "published"
[[pure]]
name   = "one and one"
napkin = "1 + 1"
expect = "2 +- 1 %"
[[pure]]
name   = "one and two"
napkin = "1 + 2"
expect = "2 +- 1 %"
[[facts]]
text = "Numbers are old."
[[cannot]]
reason = "Infinity."
"#;

#[test]
fn a_page_has_a_table_for_each_family_and_what_could_not_be_expressed() {
    let (check, problems) = fidelity::read("D29.toml", CHECK);
    assert_eq!(problems, []);
    let check = check.expect("a check");
    let rows = fidelity::run(&check, Form::Full, 1);
    let page = page(&[(check, rows)], Form::Full).replace(&format!("engine {}", sim::ENGINE), "engine N");
    expect![[r#"
        # Fidelity

        <!-- Made by `cargo xtask fidelity`; do not edit. -->

        What theory, papers and independent simulations say, beside what the engine measures.
        Made by `cargo xtask fidelity`: engine N, full form (ten seeds for each run, bands as the sources of the checks give them).
        The checks are design documents in `fidelity/`, which can be opened and run one by one: `cargo run --release -p fidelity -- --only D12`.

        1 checks with 2 expected values: 1 good, 1 not.
        An error is told in the terms of its band; bounds and exact values have none.

        ## Load balancing, fan-out, redundancy

        | check | what it says | kind | source |
        |---|---|---|---|
        | D29 | **A sum**. One and one are two. | published | Euclid \| and others. |

        | check | case | measure | expected | measured | error | band | verdict |
        |---|---|---|---|---|---|---|---|
        | D29 | one and one | 1 + 1 | 2 | 2 | +0.00 % | 1 % | good |
        | D29 | one and two | 1 + 2 | 2 | 3 | +50.00 % | 1 % | **off** |

        ## What could not be expressed

        * **D29** Infinity.

        ## Facts for lessons

        * **D29** Numbers are old.
    "#]].assert_eq(&page);
}
