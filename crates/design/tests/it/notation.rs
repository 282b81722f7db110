//! Short notation, both ways.

use design::{Arrivals, Backoff, Distribution, Keys, LinkName, Price, Shed, What};
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
            normal 5 ms                ! “normal 5 ms” is not complete. Write it as in “normal 10 ms sd 2 ms”.
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
            diurnal 100/s..900/s       ! “diurnal 100/s..900/s” is not complete. Write it as in “diurnal 50/s..150/s every 10 min”.
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

#[test]
fn distributions_of_more_than_one_part() {
    check::<Distribution>(
        &[
            "normal 10 ms sd 2ms",
            "normal 10 ms",
            "pareto 1.5 ms shape 3.8",
            "pareto 1.5 ms shape 0",
            "pareto 0 s shape 2",
            "91.22 % pareto 0.235 ms shape 10 else exp 0.602 ms",
            "91.22% 5 ms  else  exp 1 ms",
            "50 % 20 % 1 ms else 2 ms else 3 ms",
            "50 % 1 ms else 20 % 2 ms else 3 ms",
            "50 % 1 ms or 2 s 1 % else uniform 1 ms..2 ms",
            "75 ms plus exp 3 ms",
            "75 ms plus 50 % exp 3 ms else 1 ms plus 2 ms",
            "50 % 75 ms plus exp 3 ms else 1 ms",
            "quantiles 0 % 1 ms, 50 % 2 ms, 99 % 10 ms, 100 % 40 ms",
            "quantiles 0% 1ms,100% 2ms",
            "10 % quantiles 0 % 1 ms, 100 % 2 ms else 5 ms",
            "quantiles 0 % 1 ms",
            "quantiles 0 % 1 ms, 50 % 2 ms",
            "quantiles 0 % 1 ms, 50 % 9 ms, 100 % 2 ms",
            "quantiles 0 % 1 ms, 50 % 2 ms, 50 % 3 ms, 100 % 4 ms",
            "quantiles 1 ms, 2 ms",
            "50 % 1 ms",
            "1 ms else 2 ms",
            "50 % 1 ms else 2 ms else 3 ms",
            "150 % 1 ms else 2 ms",
            "50 % else 2 ms",
            "5 %",
            "5 ms plus",
            "plus exp 3 ms",
            "1 ms plus 2 ms plus 3 ms plus 4 ms plus 5 ms",
            "1 ms plus 2 ms plus 3 ms plus 4 ms plus 5 ms plus 6 ms",
            "exp 366 d",
            "expp 5 ms",
            "gaussian 5 ms",
        ],
        expect![[r#"
            normal 10 ms sd 2ms        | normal 10 ms sd 2 ms
            normal 10 ms               ! “normal 10 ms” is not complete. Write it as in “normal 10 ms sd 2 ms”.
            pareto 1.5 ms shape 3.8    | pareto 1.5 ms shape 3.8
            pareto 1.5 ms shape 0      ! A shape of 0 is out of range for pareto. Write more than 0 and at most 1000; at most 1 has no mean.
            pareto 0 s shape 2         ! A Pareto distribution begins above 0 s. Write it as in “pareto 1.5 ms shape 3.8”.
            91.22 % pareto 0.235 ms shape 10 else exp 0.602 ms | 91.22 % pareto 235 us shape 10 else exp 602 us
            91.22% 5 ms  else  exp 1 ms | 91.22 % 5 ms else exp 1 ms
            50 % 20 % 1 ms else 2 ms else 3 ms | 50 % 20 % 1 ms else 2 ms else 3 ms
            50 % 1 ms else 20 % 2 ms else 3 ms | 50 % 1 ms else 20 % 2 ms else 3 ms
            50 % 1 ms or 2 s 1 % else uniform 1 ms..2 ms | 50 % 1 ms or 2 s 1 % else uniform 1 ms..2 ms
            75 ms plus exp 3 ms        | 75 ms plus exp 3 ms
            75 ms plus 50 % exp 3 ms else 1 ms plus 2 ms | 75 ms plus 50 % exp 3 ms else 1 ms plus 2 ms
            50 % 75 ms plus exp 3 ms else 1 ms | 50 % 75 ms plus exp 3 ms else 1 ms
            quantiles 0 % 1 ms, 50 % 2 ms, 99 % 10 ms, 100 % 40 ms | quantiles 0 % 1 ms, 50 % 2 ms, 99 % 10 ms, 100 % 40 ms
            quantiles 0% 1ms,100% 2ms  | quantiles 0 % 1 ms, 100 % 2 ms
            10 % quantiles 0 % 1 ms, 100 % 2 ms else 5 ms | 10 % quantiles 0 % 1 ms, 100 % 2 ms else 5 ms
            quantiles 0 % 1 ms         ! There are 1 quantiles, not 2 to 32. Write shares from 0 % to 100 % that rise, as in “quantiles 0 % 1 ms, 50 % 2 ms, 100 % 40 ms”.
            quantiles 0 % 1 ms, 50 % 2 ms ! The quantiles do not go from 0 % to 100 %. Write shares from 0 % to 100 % that rise, as in “quantiles 0 % 1 ms, 50 % 2 ms, 100 % 40 ms”.
            quantiles 0 % 1 ms, 50 % 9 ms, 100 % 2 ms ! After 50 % 9 ms comes 100 % 2 ms. Write shares from 0 % to 100 % that rise, as in “quantiles 0 % 1 ms, 50 % 2 ms, 100 % 40 ms”.
            quantiles 0 % 1 ms, 50 % 2 ms, 50 % 3 ms, 100 % 4 ms ! After 50 % 2 ms comes 50 % 3 ms. Write shares from 0 % to 100 % that rise, as in “quantiles 0 % 1 ms, 50 % 2 ms, 100 % 40 ms”.
            quantiles 1 ms, 2 ms       ! “ms” does not begin with a number. Write it as in “5 ms”.
            50 % 1 ms                  ! “50 % 1 ms” is not complete. Write it as in “90 % exp 1 ms else exp 10 ms”.
            1 ms else 2 ms             ! “else” has no share before it. Write it as in “90 % exp 1 ms else exp 10 ms”.
            50 % 1 ms else 2 ms else 3 ms ! “else” has no share before it. Write it as in “90 % exp 1 ms else exp 10 ms”.
            150 % 1 ms else 2 ms       ! 150 % is more than the whole. Write 0 % to 100 %.
            50 % else 2 ms             ! “else” is not a distribution known here. Write a time (“5 ms”), or one of exp, lognormal, erlang, hyper, uniform, normal, pareto, quantiles before it.
            5 %                        ! “5 %” is a plain number, but a time is needed. Write it as in “5 ms”.
            5 ms plus                  ! “ms plus” is not a unit known here. Write it as in “5 ms”.
            plus exp 3 ms              ! “plus” is not a distribution known here. Write a time (“5 ms”), or one of exp, lognormal, erlang, hyper, uniform, normal, pareto, quantiles before it.
            1 ms plus 2 ms plus 3 ms plus 4 ms plus 5 ms | 1 ms plus 2 ms plus 3 ms plus 4 ms plus 5 ms
            1 ms plus 2 ms plus 3 ms plus 4 ms plus 5 ms plus 6 ms ! More than 4 distributions are inside each other here. Write it with fewer parts, or as quantiles.
            exp 366 d                  ! 366 d is longer than a year. Check the unit.
            expp 5 ms                  ! “expp” is not a distribution known here. Did you mean “exp”?
            gaussian 5 ms              ! “gaussian” is not a distribution known here. Write “normal”.
        "#]],
    );
}

#[test]
fn arrivals_that_change() {
    check::<Arrivals>(
        &[
            "every erlang 2 12.5 ms",
            "every 10 ms",
            "bursty 20/s for 1 s, 180/s for 1s",
            "bursty 0/s for 1 s,180/s for 500 ms",
            "batches of 5, poisson 16/s",
            "batches of geometric 5, poisson 16/s",
            "ramp 100/s..3100/s in 5 min",
            "ramp 100/s .. 3100/s in 300 s",
            "steps 500/s, 1000/s from 2 min, 0/s from 4 min",
            "steps 500/s from 0 s",
            "diurnal 50/s..150/s every 10 min",
            "flash 200/s..600/s in 3 min, half-life 20 min",
            "flash 200/s..600/s in 3 min, half-life 20 min, at 5 min",
            "flash 200/s..600/s in 3 min, half-life 20 min, at 0 s",
            "trace launch",
            "trace ../x",
            "batches of 5",
            "batchs of 5, poisson 16/s",
        ],
        expect![[r#"
            every erlang 2 12.5 ms     | every erlang 2 12.5 ms
            every 10 ms                | every 10 ms
            bursty 20/s for 1 s, 180/s for 1s | bursty 20/s for 1 s, 180/s for 1 s
            bursty 0/s for 1 s,180/s for 500 ms | bursty 0/s for 1 s, 180/s for 500 ms
            batches of 5, poisson 16/s | batches of 5, poisson 16/s
            batches of geometric 5, poisson 16/s | batches of geometric 5, poisson 16/s
            ramp 100/s..3100/s in 5 min | ramp 100/s..3100/s in 5 min
            ramp 100/s .. 3100/s in 300 s | ramp 100/s..3100/s in 5 min
            steps 500/s, 1000/s from 2 min, 0/s from 4 min | steps 500/s, 1000/s from 2 min, 0/s from 4 min
            steps 500/s from 0 s       | steps 500/s
            diurnal 50/s..150/s every 10 min | diurnal 50/s..150/s every 10 min
            flash 200/s..600/s in 3 min, half-life 20 min | flash 200/s..600/s in 3 min, half-life 20 min
            flash 200/s..600/s in 3 min, half-life 20 min, at 5 min | flash 200/s..600/s in 3 min, half-life 20 min, at 5 min
            flash 200/s..600/s in 3 min, half-life 20 min, at 0 s | flash 200/s..600/s in 3 min, half-life 20 min
            trace launch               | trace launch
            trace ../x                 ! “../x” is not a name. Write letters, digits, - and _, beginning with a letter.
            batches of 5               ! “batches of 5” is not complete. Write it as in “batches of 5, poisson 16/s”.
            batchs of 5, poisson 16/s  ! “batchs” is not a way of arriving known here. Did you mean “batches”?
        "#]],
    );
}

#[test]
fn keys() {
    check::<Keys>(
        &[
            "uniform",
            "uniform of 1e4",
            "zipf 1.0",
            "zipf 0.99 of 10000",
            "fresh",
            "zipf 1.0; hot 30 %",
            "zipf 1 of 100 ; hot 0.3 on 1 keys",
            "uniform; hot 30 % on 100 keys, moves every 60 s",
            "uniform; hot 30 %, moves every 1 min",
            "uniform of",
            "uniform; hot",
            "normal",
            "",
        ],
        expect![[r#"
            uniform                    | uniform
            uniform of 1e4             | uniform of 10000
            zipf 1.0                   | zipf 1
            zipf 0.99 of 10000         | zipf 0.99 of 10000
            fresh                      | fresh
            zipf 1.0; hot 30 %         | zipf 1; hot 30 %
            zipf 1 of 100 ; hot 0.3 on 1 keys | zipf 1 of 100; hot 30 %
            uniform; hot 30 % on 100 keys, moves every 60 s | uniform; hot 30 % on 100 keys, moves every 1 min
            uniform; hot 30 %, moves every 1 min | uniform; hot 30 %, moves every 1 min
            uniform of                 ! “uniform of” is not complete. Write it as in “uniform of 10000”.
            uniform; hot               ! “hot” is not complete. Write it as in “hot 30 % on 100 keys, moves every 1 min”.
            normal                     ! “normal” does not say which keys are asked for. Write it as in “uniform”, “zipf 0.99 of 10000; hot 30 %” or “fresh”.
                                       ! “” does not say which keys are asked for. Write it as in “uniform”, “zipf 0.99 of 10000; hot 30 %” or “fresh”.
        "#]],
    );
}

#[test]
fn policies() {
    check::<Backoff>(
        &[
            "20 ms",
            "exponential 20 ms..1 s",
            "full jitter 20ms..1s",
            "equal jitter 20 ms..1 s",
            "decorrelated 20 ms..1 s",
            "full jitter",
            "none",
        ],
        expect![[r#"
            20 ms                      | 20 ms
            exponential 20 ms..1 s     | exponential 20 ms..1 s
            full jitter 20ms..1s       | full jitter 20 ms..1 s
            equal jitter 20 ms..1 s    | equal jitter 20 ms..1 s
            decorrelated 20 ms..1 s    | decorrelated 20 ms..1 s
            full jitter                ! “full jitter” is not complete. Write it as in “full jitter 20 ms..1 s”.
            none                       ! “none” is not a way of waiting before the next attempt. Write it as in “20 ms” or “full jitter 20 ms..1 s”.
        "#]],
    );
    check::<Shed>(
        &["late", "codel 5 ms 100 ms", "codel 5ms 100ms", "codel", "early"],
        expect![[r#"
        late                       | late
        codel 5 ms 100 ms          | codel 5 ms 100 ms
        codel 5ms 100ms            | codel 5 ms 100 ms
        codel                      ! “codel” is not complete. Write it as in “codel 5 ms 100 ms”.
        early                      ! “early” does not say which calls are turned away. Write “late” or “codel 5 ms 100 ms”.
    "#]],
    );
}

#[test]
fn faults() {
    check::<What>(
        &[
            "crash web",
            "crash web.2",
            "freeze db.1",
            "slow web x10",
            "slow web.2 x1.5",
            "cut web -> db",
            "cut web->db",
            "cut web -- db",
            "cut a-b -- c--d",
            "cut a --b",
            "loss web -> db 5 %",
            "lose zone us-east-1a",
            "lose region us-east",
            "flush cache",
            "hot buy 30 %",
            "deploy web errors 20 %",
            "deploy web slow x3",
            "down pay",
            "quota pay 10/s",
            "skew db.2 500 ms",
            "skew db.2 -500 ms",
            "load x2",
            "load buy x0.5",
            "load x2 x3",
            "rebalance clicks",
            "crash web now",
            "crash 1",
            "flush",
        ],
        expect![[r#"
            crash web                  | crash web
            crash web.2                | crash web.2
            freeze db.1                | freeze db.1
            slow web x10               | slow web x10
            slow web.2 x1.5            | slow web.2 x1.5
            cut web -> db              | cut web -> db
            cut web->db                | cut web -> db
            cut web -- db              | cut web -- db
            cut a-b -- c--d            | cut a-b -- c--d
            cut a --b                  | cut a -- b
            loss web -> db 5 %         | loss web -> db 5 %
            lose zone us-east-1a       | lose zone us-east-1a
            lose region us-east        | lose region us-east
            flush cache                | flush cache
            hot buy 30 %               | hot buy 30 %
            deploy web errors 20 %     | deploy web errors 20 %
            deploy web slow x3         | deploy web slow x3
            down pay                   | down pay
            quota pay 10/s             | quota pay 10/s
            skew db.2 500 ms           | skew db.2 500 ms
            skew db.2 -500 ms          | skew db.2 -500 ms
            load x2                    | load x2
            load buy x0.5              | load buy x0.5
            load x2 x3                 | load x2 x3
            rebalance clicks           | rebalance clicks
            crash web now              ! “web now” is not a component or one of its replicas. Write it as in “web”, or “web.1” for the first replica.
            crash 1                    ! “1” is not a component or one of its replicas. Write it as in “web”, or “web.1” for the first replica.
            flush                      ! “flush” is not complete. Write it as in “flush cache”.
        "#]],
    );
}

#[test]
fn arrivals_half_as_often() {
    let half = units::Share(500_000_000);
    let mut out = String::new();
    for text in [
        "poisson 90/s",
        "constant 1/s",
        "closed 50 users think exp 1 s",
        "every 10 % erlang 2 12 ms else 5 ms plus exp 1 ms",
        "every quantiles 0 % 1 ms, 100 % 2 ms",
        "bursty 20/s for 1 s, 180/s for 1 s",
        "batches of 5, poisson 16/s",
        "ramp 100/s..3100/s in 5 min",
        "steps 500/s, 1000/s from 2 min",
        "diurnal 50/s..150/s every 10 min",
        "flash 200/s..600/s in 3 min, half-life 20 min, at 1 min",
        "trace launch",
    ] {
        let arrivals: Arrivals = text.parse().unwrap();
        out.push_str(&format!("{text} | {}\n", arrivals.scaled(half)));
        assert_eq!(arrivals.scaled(units::Share::ONE), arrivals);
    }
    expect![[r#"
        poisson 90/s | poisson 45/s
        constant 1/s | constant 0.5/s
        closed 50 users think exp 1 s | closed 25 users think exp 1 s
        every 10 % erlang 2 12 ms else 5 ms plus exp 1 ms | every 10 % erlang 2 24 ms else 10 ms plus exp 2 ms
        every quantiles 0 % 1 ms, 100 % 2 ms | every quantiles 0 % 2 ms, 100 % 4 ms
        bursty 20/s for 1 s, 180/s for 1 s | bursty 10/s for 1 s, 90/s for 1 s
        batches of 5, poisson 16/s | batches of 5, poisson 8/s
        ramp 100/s..3100/s in 5 min | ramp 50/s..1550/s in 5 min
        steps 500/s, 1000/s from 2 min | steps 250/s, 500/s from 2 min
        diurnal 50/s..150/s every 10 min | diurnal 25/s..75/s every 10 min
        flash 200/s..600/s in 3 min, half-life 20 min, at 1 min | flash 100/s..300/s in 3 min, half-life 20 min, at 1 min
        trace launch | trace launch
    "#]]
    .assert_eq(&out);
}
