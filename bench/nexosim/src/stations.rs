//! The boxes that answer calls: the balancer, stations of some workers, the cache.

use std::collections::VecDeque;
use std::time::Duration;

use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::Output;
use serde::{Deserialize, Serialize};

use crate::clients::Call;
use crate::draws::Draws;

/// Round robin.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Balancer {
    servers: Vec<Output<Call>>,
    turn: usize,
}

#[Model]
impl Balancer {
    /// The port to one more server.
    pub(crate) fn add_server(&mut self) -> &mut Output<Call> {
        self.servers.push(Output::default());
        let last = self.servers.len() - 1;
        &mut self.servers[last]
    }

    /// Input port.
    pub(crate) async fn call(&mut self, call: Call) {
        let turn = self.turn;
        self.turn = (turn + 1) % self.servers.len();
        self.servers[turn].send(call).await;
    }
}

/// Some workers and one queue, first come first served.
#[derive(Serialize, Deserialize)]
pub(crate) struct Station {
    pub(crate) served: Output<Call>,
    idle: u32,
    waiting: VecDeque<Call>,
    mean: f64,
    draws: Draws,
}

#[Model]
impl Station {
    /// `mean` in ns.
    pub(crate) fn new(workers: u32, mean: f64, draws: Draws) -> Self {
        Self { served: Output::default(), idle: workers, waiting: VecDeque::new(), mean, draws }
    }

    /// Input port.
    pub(crate) fn call(&mut self, call: Call, cx: &Context<Self>) {
        if self.idle == 0 {
            self.waiting.push_back(call);
        } else {
            self.idle -= 1;
            self.serve(call, cx);
        }
    }

    fn serve(&mut self, call: Call, cx: &Context<Self>) {
        cx.schedule_event(self.draws.exponential(self.mean), schedulable!(Self::done), call).expect("a draw is never nothing");
    }

    #[nexosim(schedulable)]
    async fn done(&mut self, call: Call, cx: &Context<Self>) {
        match self.waiting.pop_front() {
            Some(next) => self.serve(next, cx),
            None => self.idle += 1,
        }
        self.served.send(call).await;
    }
}

/// Answers nine calls in ten after half a millisecond.
#[derive(Serialize, Deserialize)]
pub(crate) struct Cache {
    pub(crate) hit: Output<Call>,
    pub(crate) miss: Output<Call>,
    luck: Draws,
}

#[Model]
impl Cache {
    pub(crate) fn new(luck: Draws) -> Self {
        Self { hit: Output::default(), miss: Output::default(), luck }
    }

    /// Input port.
    pub(crate) fn call(&mut self, call: Call, cx: &Context<Self>) {
        cx.schedule_event(Duration::from_micros(500), schedulable!(Self::looked_up), call).expect("half a millisecond is not nothing");
    }

    #[nexosim(schedulable)]
    async fn looked_up(&mut self, call: Call) {
        if self.luck.unit() < 0.9 {
            self.hit.send(call).await;
        } else {
            self.miss.send(call).await;
        }
    }
}
