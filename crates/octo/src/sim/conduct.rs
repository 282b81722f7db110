//! Runs, on all cores, with progress for who waits and Ctrl-C for who does not. What is run is
//! said in `asked`, how a report reads in `pages`.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use design::{Experiment, Problem};
use sim::{Budget, Progress, Report, Run};

use crate::sim::watch::{Seen, Watch};

/// Steps between two looks at the clock and at Ctrl-C; some ten milliseconds.
const SLICE: u64 = 100_000;

/// What is to be run: so many experiments, made when their turn comes.
pub(crate) struct Work<'a> {
    pub(crate) count: usize,
    pub(crate) experiment: &'a (dyn Fn(usize) -> Experiment + Sync),
    pub(crate) budget: Budget,
    /// How long each runs in simulated time [ns].
    pub(crate) lasts: u64,
    /// Whether the first looks closely at some requests.
    pub(crate) traces: bool,
    /// What every one of them watches.
    pub(crate) watches: &'a [sim::Watch],
}

/// A run, and whether it came to its own end rather than to that of somebody's patience.
#[derive(Clone)]
pub(crate) struct Ran {
    pub(crate) report: Report,
    pub(crate) whole: bool,
}

/// Runs everything. `done` hears of each run in the order of the work, as soon as all before it
/// are there. After Ctrl-C the runs under way are reported as they are, and no other begins.
pub(crate) fn conduct(work: &Work<'_>, done: &mut dyn FnMut(usize, Ran)) -> Result<(), Vec<Problem>> {
    let next = AtomicUsize::new(0);
    let seen: Vec<Seen> = (0..work.count).map(|_| Seen::default()).collect();
    let broken = AtomicBool::new(false);
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(work.count);
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (send, next, seen, broken) = (send.clone(), &next, &seen, &broken);
            scope.spawn(move || {
                while !stopped(broken) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(seen) = seen.get(number) else { break };
                    let traces = work.traces && number == 0;
                    // Nobody listens any more once a problem was found.
                    drop(send.send((number, run(work, (work.experiment)(number), traces, seen, broken))));
                }
            });
        }
        drop(send);
        let result = listen(work, &seen, &receive, done);
        broken.store(result.is_err(), Ordering::Relaxed);
        result
    })
}

type Outcome = Result<Ran, Vec<Problem>>;

/// Takes runs as they come and hands them on in order.
fn listen(
    work: &Work<'_>,
    seen: &[Seen],
    receive: &mpsc::Receiver<(usize, Outcome)>,
    done: &mut dyn FnMut(usize, Ran),
) -> Result<(), Vec<Problem>> {
    let mut watch = Watch::new(work.lasts);
    let mut waiting: Vec<Option<Ran>> = (0..work.count).map(|_| None).collect();
    let mut handed_on = 0;
    loop {
        match receive.recv_timeout(Duration::from_millis(100)) {
            Ok((number, outcome)) => waiting[number] = Some(outcome?),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
        watch.look(seen);
        while let Some(ran) = waiting.get_mut(handed_on).and_then(Option::take) {
            watch.clear();
            done(handed_on, ran);
            handed_on += 1;
        }
    }
    watch.clear();
    // After Ctrl-C there may be gaps: what never began is not reported.
    for (number, ran) in waiting.into_iter().enumerate() {
        if let Some(ran) = ran {
            done(number, ran);
        }
    }
    Ok(())
}

fn run(work: &Work<'_>, experiment: Experiment, traces: bool, seen: &Seen, broken: &AtomicBool) -> Outcome {
    let mut run = Run::within(&experiment, work.budget)?;
    run.watching(work.watches);
    if traces {
        run.trace();
    }
    drop(experiment);
    let whole = loop {
        match run.advance(SLICE) {
            Progress::Done => break true,
            Progress::Running { .. } if stopped(broken) => break false,
            Progress::Running { done } => seen.note(done, SLICE),
        }
    };
    seen.note(1.0, 0);
    Ok(Ran { report: run.report(), whole })
}

fn stopped(broken: &AtomicBool) -> bool {
    broken.load(Ordering::Relaxed) || crate::sim::watch::interrupted()
}
