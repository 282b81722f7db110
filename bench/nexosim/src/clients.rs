//! The clients: they send, wait, give up and try again, and keep the latencies.

use std::time::Duration;

use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::Output;
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use crate::draws::Draws;

/// One attempt of a request, as it goes from box to box.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Call {
    /// When the request was first sent.
    sent: MonotonicTime,
    /// Where the clients keep what became of it, if they are impatient.
    slot: u32,
}

/// How long an attempt may take, and what follows.
#[derive(Serialize, Deserialize)]
pub(crate) struct Patience {
    attempts: u8,
    lasts: Duration,
    /// The longest first pause; each later one may be twice as long [s].
    pause: f64,
    draws: Draws,
    slots: Vec<Attempt>,
    free: Vec<u32>,
}

/// Kept until both its work is done and its time is over.
#[derive(Serialize, Deserialize)]
struct Attempt {
    number: u8,
    is: Is,
}

#[derive(PartialEq, Serialize, Deserialize)]
enum Is {
    Open,
    Answered,
    Abandoned,
}

impl Patience {
    /// 100 ms, and two more attempts after U(0, 50 ms x 2^attempt).
    pub(crate) fn w3(draws: Draws) -> Self {
        Self { attempts: 3, lasts: Duration::from_millis(100), pause: 0.05, draws, slots: Vec::new(), free: Vec::new() }
    }

    fn open(&mut self, number: u8) -> u32 {
        let attempt = Attempt { number, is: Is::Open };
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = attempt;
            return slot;
        }
        self.slots.push(attempt);
        self.slots.len() as u32 - 1
    }
}

/// What came of it all.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Counted {
    /// Of answered requests [ns].
    pub(crate) latencies: Vec<u64>,
    pub(crate) attempts: u64,
    pub(crate) failed: u64,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Clients {
    pub(crate) call: Output<Call>,
    left: u64,
    /// Between two requests [ns].
    gap: f64,
    arrivals: Draws,
    patience: Option<Patience>,
    counted: Counted,
}

#[Model]
impl Clients {
    pub(crate) fn new(requests: u64, gap: f64, arrivals: Draws, patience: Option<Patience>) -> Self {
        Self { call: Output::default(), left: requests, gap, arrivals, patience, counted: Counted::default() }
    }

    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        self.schedule_next(cx);
    }

    fn schedule_next(&mut self, cx: &Context<Self>) {
        if self.left > 0 {
            self.left -= 1;
            cx.schedule_event(self.arrivals.exponential(self.gap), schedulable!(Self::send), ()).expect("a draw is never nothing");
        }
    }

    #[nexosim(schedulable)]
    async fn send(&mut self, _: (), cx: &Context<Self>) {
        self.schedule_next(cx);
        self.attempt(cx.time(), 0, cx).await;
    }

    #[nexosim(schedulable)]
    async fn again(&mut self, (sent, number): (MonotonicTime, u8), cx: &Context<Self>) {
        self.attempt(sent, number, cx).await;
    }

    async fn attempt(&mut self, sent: MonotonicTime, number: u8, cx: &Context<Self>) {
        self.counted.attempts += 1;
        let mut call = Call { sent, slot: 0 };
        if let Some(patience) = &mut self.patience {
            call.slot = patience.open(number);
            cx.schedule_event(patience.lasts, schedulable!(Self::time_over), call).expect("patience is not nothing");
        }
        self.call.send(call).await;
    }

    #[nexosim(schedulable)]
    fn time_over(&mut self, call: Call, cx: &Context<Self>) {
        let Some(patience) = &mut self.patience else { return };
        let attempt = &mut patience.slots[call.slot as usize];
        if attempt.is == Is::Answered {
            patience.free.push(call.slot);
            return;
        }
        attempt.is = Is::Abandoned;
        let number = attempt.number + 1;
        if number == patience.attempts {
            self.counted.failed += 1;
            return;
        }
        let pause = patience.pause * patience.draws.unit() * f64::from(1 << (number - 1));
        let pause = Duration::from_secs_f64(pause).max(Duration::from_nanos(1));
        cx.schedule_event(pause, schedulable!(Self::again), (call.sent, number)).expect("a pause is never nothing");
    }

    /// Input port.
    pub(crate) fn answer(&mut self, call: Call, cx: &Context<Self>) {
        if let Some(patience) = &mut self.patience {
            let attempt = &mut patience.slots[call.slot as usize];
            if attempt.is == Is::Abandoned {
                patience.free.push(call.slot);
                return;
            }
            attempt.is = Is::Answered;
        }
        self.counted.latencies.push(cx.time().duration_since(call.sent).as_nanos() as u64);
    }

    /// Replier port.
    pub(crate) async fn counted(&mut self) -> Counted {
        std::mem::take(&mut self.counted)
    }
}
