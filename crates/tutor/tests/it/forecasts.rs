//! What is left as a range: by examples, and the laws that hold for every list of modules.

use expect_test::expect;
use proptest::prelude::*;
use record::Moment;
use tutor::{Forecast, OpenModule, Priors, forecast};

use crate::setup::{five, record};

#[test]
fn the_range_shrinks_with_what_is_known_and_done() {
    let curriculum = five();
    let stories = [
        "",
        "a.n1 placement right",
        "a.n1 placement wrong\nb.n1 placement unknown\nc.n1 placement unknown",
        "taught a",
        "taught a\na.n1 practice right\na.n2 practice right\na.n1 practice right seed=1\na.n2 practice right seed=1",
        "a.n1 placement right\nb.n1 placement right\nc.n1 placement right\nd.n1 placement right\ne.n1 placement right\n\
         a.n2 placement right\nb.n2 placement right\nc.n2 placement right\nd.n2 placement right\ne.n2 placement right",
    ];
    let told = stories.map(|story| {
        let Forecast { modules, minutes: (low, high) } = forecast(&curriculum, &Priors::default(), &record(&curriculum, story).entries);
        format!("{modules} modules, {low} to {high} minutes")
    });
    expect![[r#"
        5 modules, 52 to 127 minutes
        4 modules, 37 to 99 minutes
        5 modules, 76 to 171 minutes
        5 modules, 47 to 116 minutes
        4 modules, 40 to 104 minutes
        0 modules, 0 to 0 minutes"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn days_follow_from_hours_a_week() {
    const DAY: i64 = 86_400_000;
    let left = Forecast { modules: 9, minutes: (9 * 60, 14 * 60) };
    let now = Moment(20_000 * DAY + 5);
    assert_eq!(
        [1, 3, 14, 100].map(|hours| left.days(hours, now)),
        [Some((20_063, 20_098)), Some((20_021, 20_033)), Some((20_005, 20_007)), Some((20_001, 20_001)),]
    );
    assert_eq!(left.days(0, now), None);
    assert_eq!(Forecast::of(&[]), Forecast { modules: 0, minutes: (0, 0) });
    assert_eq!(Forecast::of(&[]).days(3, now), None);
}

fn ahead() -> impl Strategy<Value = Vec<OpenModule>> {
    prop::collection::vec((0.0..=1.0_f64, 0.0..40.0_f64).prop_map(|(p, lesson)| OpenModule { p, lesson }), 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn more_evidence_of_knowing_never_makes_it_longer(modules in ahead(), at: prop::sample::Index, more in 0.0..=1.0_f64) {
        prop_assume!(!modules.is_empty());
        let before = Forecast::of(&modules);
        let mut surer = modules.clone();
        let module = &mut surer[at.index(modules.len())];
        module.p += (1.0 - module.p) * more;
        let after = Forecast::of(&surer);
        prop_assert!(after.minutes.0 <= before.minutes.0 && after.minutes.1 <= before.minutes.1, "{before:?} {after:?}");
    }

    #[test]
    fn less_to_do_never_takes_longer(modules in ahead(), at: prop::sample::Index, share in 0.0..=1.0_f64) {
        prop_assume!(!modules.is_empty());
        let before = Forecast::of(&modules);
        let mut fewer = modules.clone();
        let gone = fewer.remove(at.index(modules.len()));
        let without = Forecast::of(&fewer);
        fewer.push(OpenModule { lesson: gone.lesson * share, ..gone });
        let shorter = Forecast::of(&fewer);
        for after in [without, shorter] {
            prop_assert!(after.minutes.0 <= before.minutes.0 && after.minutes.1 <= before.minutes.1, "{before:?} {after:?}");
        }
    }

    #[test]
    fn more_hours_a_week_never_make_it_later(modules in ahead(), hours in 1..100_u8, now in 0..2_000_000_000_000_i64) {
        let left = Forecast::of(&modules);
        let (less, more) = (left.days(hours, Moment(now)), left.days(hours + 1, Moment(now)));
        if let (Some(less), Some(more)) = (less, more) {
            prop_assert!(more.0 <= less.0 && more.1 <= less.1 && more.0 <= more.1);
            prop_assert!(more.0 >= now.div_euclid(86_400_000));
        }
        prop_assert!(left.minutes.0 <= left.minutes.1);
    }

    #[test]
    fn nonsense_is_bounded(p in prop::num::f64::ANY, lesson in prop::num::f64::ANY) {
        let left = Forecast::of(&[OpenModule { p, lesson }]);
        prop_assert!(left.minutes.1 < 1_000);
    }
}
