//! Where a search lays its question, and finds the answer: a search is a future that nobody else
//! wakes, so there is no runtime, and whoever holds it decides when it goes on.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use design::Experiment;
use sim::Report;

use super::{Runs, Stop};

type Answer = Result<Vec<Report>, Stop>;

/// Shared by a search and whoever holds it.
#[derive(Clone, Default)]
pub(crate) struct Desk(Rc<RefCell<Papers>>);

#[derive(Default)]
struct Papers {
    asked: Option<Vec<Experiment>>,
    answer: Option<Answer>,
    /// What was said since somebody listened.
    said: Vec<String>,
}

impl Desk {
    pub(super) async fn ask(&self, experiments: Vec<Experiment>) -> Answer {
        self.0.borrow_mut().asked = Some(experiments);
        poll_fn(|_| match self.0.borrow_mut().answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        })
        .await
    }

    pub(super) fn say(&self, what: &str) {
        self.0.borrow_mut().said.push(what.to_owned());
    }
}

/// What a search needs now.
#[derive(Debug)]
pub enum Step<T> {
    /// The reports of these, in their order.
    Run(Vec<Experiment>),
    Done(T),
}

/// A search under way, held by who runs for it.
pub struct Search<'a, T> {
    desk: Desk,
    course: Pin<Box<dyn Future<Output = T> + 'a>>,
}

impl<'a, T> Search<'a, T> {
    pub(crate) fn new<F: Future<Output = T> + 'a>(course: impl FnOnce(Desk) -> F) -> Self {
        let desk = Desk::default();
        Self { course: Box::pin(course(desk.clone())), desk }
    }

    /// The same search, with another form of its end.
    pub fn map<U: 'a>(self, form: impl FnOnce(T) -> U + 'a) -> Search<'a, U>
    where
        T: 'a,
    {
        let Self { desk, course } = self;
        Search { desk, course: Box::pin(async move { form(course.await) }) }
    }

    /// Goes on until it needs runs, or is done; then it must not be asked again.
    pub fn go_on(&mut self) -> Step<T> {
        match self.course.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(end) => Step::Done(end),
            Poll::Pending => Step::Run(self.desk.0.borrow_mut().asked.take().unwrap_or_default()),
        }
    }

    /// The reports that it asked for, or why there are none: then it ends with what it knows.
    pub fn answer(&mut self, answer: Answer) {
        self.desk.0.borrow_mut().answer = Some(answer);
    }

    /// What it has tried since this was asked last, for somebody who waits.
    pub fn said(&mut self) -> Vec<String> {
        std::mem::take(&mut self.desk.0.borrow_mut().said)
    }
}

/// Runs whatever a search asks for, to its end.
pub(crate) fn conduct<T>(mut search: Search<'_, T>, runs: &mut dyn Runs) -> T {
    loop {
        let step = search.go_on();
        search.said().iter().for_each(|what| runs.trying(what));
        match step {
            Step::Done(end) => return end,
            Step::Run(experiments) => search.answer(runs.run(experiments)),
        }
    }
}
