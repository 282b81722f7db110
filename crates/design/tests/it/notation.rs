//! Short notation, both ways.

use design::{Arrivals, Distribution, LinkName, Price};
use expect_test::{Expect, expect};

/// What is printed for what was written, a line each.
fn check<T: std::str::FromStr<Err = units::UnitProblem> + std::fmt::Display + PartialEq + std::fmt::Debug>(
    texts: &[&str],
    expected: Expect,
) {
    let mut out = String::new();
    for text in texts {
        match text.parse::<T>() {
            Ok(value) => {
                assert_eq!(value.to_string().parse::<T>().as_ref(), Ok(&value), "{value} reads back as another value");
                out.push_str(&format!("{text:26} | {value}\n"));
            }
            Err(problem) => out.push_str(&format!("{text:26} ! {problem}\n")),
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn distributions() {
    check::<Distribution>(
        &[
            "5 ms",
            "5ms",
            " 0.4 ms ",
            "0 s",
            "exp 5 ms",
            "exp 1.5 s",
            "lognormal 6 ms scv 2",
            "lognormal 6 ms scv 0.25",
            "erlang 4 10 ms",
            "erlang 0 10 ms",
            "erlang 10 ms",
            "hyper 10 ms scv 4",
            "10 ms or 1 s 1 %",
            "10ms or 1s 0.01",
            "10 ms or 1 s",
            "10 ms or 1 s 200 %",
            "uniform 5 ms..15 ms",
            "uniform 5 ms",
            "",
            "exp",
            "normal 5 ms",
            "5",
            "5 mss",
        ],
        expect![[r#"
            5 ms                       | 5 ms
            5ms                        | 5 ms
             0.4 ms                    | 400 us
            0 s                        | 0 s
            exp 5 ms                   | exp 5 ms
            exp 1.5 s                  | exp 1.5 s
            lognormal 6 ms scv 2       | lognormal 6 ms scv 2
            lognormal 6 ms scv 0.25    | lognormal 6 ms scv 0.25
            erlang 4 10 ms             | erlang 4 10 ms
            erlang 0 10 ms             ! An Erlang distribution with 0 stages is not drawn here. Write 1 to 1000 stages.
            erlang 10 ms               ! “erlang 10 ms” is not complete. Write it as in “erlang 4 10 ms”.
            hyper 10 ms scv 4          | hyper 10 ms scv 4
            10 ms or 1 s 1 %           | 10 ms or 1 s 1 %
            10ms or 1s 0.01            | 10 ms or 1 s 1 %
            10 ms or 1 s               ! “10 ms or 1 s” is not complete. Write it as in “10 ms or 1 s 1 %”.
            10 ms or 1 s 200 %         ! 200 % is more than the whole. Write 0 % to 100 %.
            uniform 5 ms..15 ms        | uniform 5 ms..15 ms
            uniform 5 ms               ! “uniform 5 ms” is not complete. Write it as in “uniform 5 ms..15 ms”.
                                       ! “” does not begin with a number. Write it as in “5 ms”.
            exp                        ! “exp” is not complete. Write it as in “exp 5 ms”.
            normal 5 ms                ! “normal” is not a distribution known here. Write a time (“5 ms”), or one of exp, lognormal, erlang, hyper, uniform before it.
            5                          ! “5” has no unit. Write it as in “5 ms”.
            5 mss                      ! “mss” is not a unit known here. Write it as in “5 ms”.
        "#]],
    );
}

#[test]
fn arrivals() {
    check::<Arrivals>(
        &[
            "poisson 90/s",
            "poisson 5400 requests/min",
            "constant 0.5/s",
            "closed 50 users think exp 1 s",
            "closed 1 user",
            "closed 9",
            "closed users",
            "diurnal 100/s..900/s",
            "poisson",
            "poisson 90",
            "90/s",
            "",
            "uniform 3/s",
        ],
        expect![[r#"
            poisson 90/s               | poisson 90/s
            poisson 5400 requests/min  | poisson 90/s
            constant 0.5/s             | constant 0.5/s
            closed 50 users think exp 1 s | closed 50 users think exp 1 s
            closed 1 user              | closed 1 user think 0 s
            closed 9                   | closed 9 users think 0 s
            closed users               ! “closed users” is not complete. Write it as in “closed 50 users think exp 1 s”.
            diurnal 100/s..900/s       | diurnal 100/s..900/s
            poisson                    ! “poisson” is not complete. Write it as in “poisson 90/s”.
            poisson 90                 ! “90” is not a rate: it does not say per what. Write it as in “1200/s”.
            90/s                       ! “90/s” does not say how requests arrive. Write “poisson 90/s” or “constant 90/s”.
                                       ! “” is not a way of arriving known here. Write it as in “poisson 90/s”, “constant 90/s” or “closed 50 users think exp 1 s”.
            uniform 3/s                ! “uniform” is not a way of arriving known here. Write it as in “poisson 90/s”, “constant 90/s” or “closed 50 users think exp 1 s”.
        "#]],
    );
}

#[test]
fn links() {
    check::<LinkName>(
        &["web -> db", "web->db", "  web  ->  db ", "web -> db -> x", "web", "-> db", "web -> we b"],
        expect![[r#"
        web -> db                  | web -> db
        web->db                    | web -> db
          web  ->  db              | web -> db
        web -> db -> x             ! “web -> db -> x” is not a link. Write it as in “web -> db”, with two names of components.
        web                        ! “web” is not a link. Write it as in “web -> db”, with two names of components.
        -> db                      ! “-> db” is not a link. Write it as in “web -> db”, with two names of components.
        web -> we b                ! “web -> we b” is not a link. Write it as in “web -> db”, with two names of components.
    "#]],
    );
}

#[test]
fn prices() {
    check::<Price>(
        &[
            "0.1008 USD/h",
            "$70/month",
            "0.09 USD/GB",
            "0.023 USD/GB-month",
            "0.4 USD/M requests",
            "3 EUR/h",
            "-1 USD/h",
            "1 USD/year",
            "free",
        ],
        expect![[r#"
        0.1008 USD/h               | 0.1008 USD/h
        $70/month                  | 70 USD/month
        0.09 USD/GB                | 0.09 USD/GB
        0.023 USD/GB-month         | 0.023 USD/GB-month
        0.4 USD/M requests         | 0.4 USD/M requests
        3 EUR/h                    ! “EUR” is not a unit known here. Write it as in “400 USD”.
        -1 USD/h                   ! “-1 USD/h” is a negative price. Write what it costs, or 0 USD/h.
        1 USD/year                 ! “1 USD/year” is not a price. Write it as in “0.1 USD/h”; it may be per h, month, GB, GB-month or M requests.
        free                       ! “free” is not a price. Write it as in “0.1 USD/h”; it may be per h, month, GB, GB-month or M requests.
    "#]],
    );
}
