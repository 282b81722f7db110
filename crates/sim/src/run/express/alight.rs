//! A job alights from the express: all that it left unwritten is written, and it goes on like any
//! other.

use super::super::Run;
use super::routes::{Express, Stop, ops_of};
use crate::job::{EXPRESS, Frame, NONE, NOT_YET};
use crate::program::Op;
use crate::time::later;

impl Run {
    /// Finds out who may ride; whoever rides alights if their way is not what it was.
    pub(in crate::run) fn settle_express(&mut self) {
        self.leave_tiers();
        for stop in &mut self.express.stops {
            self.table.edges[stop.edge as usize].calls += std::mem::take(&mut stop.calls);
        }
        let mut express = Express::new(&self.table);
        if self.tracer.is_on() {
            express.leave_sources();
        }
        if self.on_foot {
            express.close();
        }
        if express != self.express {
            self.alight_all();
            self.express = express;
        }
        self.settle_tiers();
    }

    /// Before anything happens that the express does not know.
    pub(in crate::run) fn alight_all(&mut self) {
        if self.express.routes.iter().any(|route| route.open) {
            self.jobs.all().into_iter().for_each(|place| self.alight(place));
        }
    }

    pub(in crate::run) fn alight(&mut self, place: u32) {
        if self.jobs[place].flags & EXPRESS == 0 {
            return;
        }
        self.leave_tier(place);
        self.jobs.frame(place, 0).rounds = 0;
        for depth in 1..=self.jobs[place].depth {
            let frame = self.frame_seen(place, depth);
            *self.jobs.frame(place, depth) = frame;
            if !self.express.stops[frame.step as usize].counted {
                // Whoever does not ride counts as open.
                self.table.stations[frame.station as usize].open += 1;
            }
        }
        self.jobs.write_parts(place);
        self.jobs[place].flags &= !EXPRESS;
        let first = *self.jobs.frame_of(place, 1);
        let job = &mut self.jobs[place];
        if job.depth > 0 && first.timer != NONE {
            let timeout = self.express.stops[first.step as usize].timeout;
            let sent = if self.express.stops[first.step as usize].passes { job.intended } else { job.sent };
            job.deadline = job.deadline.min(later(sent, timeout));
        }
    }

    /// A frame as it would be if the job did not ride.
    pub(in crate::run) fn frame_seen(&self, place: u32, depth: u8) -> Frame {
        let (job, frame) = (&self.jobs[place], *self.jobs.frame_of(place, depth));
        if job.flags & EXPRESS == 0 || depth == 0 {
            return frame;
        }
        let program = self.table.classes[job.class as usize].program;
        let is_open = |step: &u32| {
            let (step, at) = (&self.table.programs.steps[*step as usize], job.at);
            step.depth == depth && step.send < at && at <= step.exit + 1
        };
        let sent = ops_of(&self.table, program).filter_map(|op| if let Op::Send(step) = op { Some(step) } else { None });
        let Some(number) = sent.filter(is_open).last() else { return frame };
        let stop = &self.express.stops[number as usize];
        let (timer, deadline) = if stop.guarded && job.timer != NONE { (job.timer, job.deadline) } else { (NONE, NOT_YET) };
        let known = Frame { deadline, step: number, timer, rounds: 0, attempts: u16::from(stop.guarded), locks: false, pause: 0, ..frame };
        if stop.passes {
            return Frame { arrived: job.intended, started: job.intended, begun: job.intended, station: stop.first, ..known };
        }
        if depth == job.depth && !self.is_past_service(place, stop) {
            // Whoever is on the way has not begun; what stands there is of an earlier visit.
            let begun = if job.arrived == NOT_YET { NOT_YET } else { job.begun };
            return Frame { arrived: job.arrived, started: begun, begun, station: job.station, ..known };
        }
        match (stop.keeps, stop.holds) {
            (true, true) => Frame { begun: known.started, ..known },
            (true, false) => Frame { arrived: NOT_YET, ..known },
            _ => Frame { arrived: NOT_YET, station: stop.first, ..known },
        }
    }

    /// Whether a visit has called others, and its frame is written.
    fn is_past_service(&self, place: u32, stop: &Stop) -> bool {
        let at = self.jobs[place].at;
        self.table.programs.steps[stop.step as usize].send + 2 < at && at <= stop.exit
    }
}
