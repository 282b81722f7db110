//! A row of little bars: how a number went over time, where one number says too little.

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Which end of a number is trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bad {
    High,
    Low,
}

/// At most `width` bars from zero to `top`; a gap where there is no value. Neighbours share a bar,
/// which then shows the worst of them: a short trouble must not be averaged away.
pub(crate) fn spark(values: &[Option<f64>], top: f64, width: usize, bad: Bad) -> String {
    let bars = values.len().min(width.max(1));
    let bar = |at: usize| {
        let those = shared(values.len(), bars, at).filter_map(|at| values[at]);
        let worst = if bad == Bad::High { those.max_by(f64::total_cmp) } else { those.min_by(f64::total_cmp) };
        match worst {
            None => ' ',
            Some(value) if top > 0.0 => BARS[((value / top * 8.0).ceil().clamp(1.0, 8.0)) as usize - 1],
            Some(_) => BARS[0],
        }
    };
    (0..bars).map(bar).collect()
}

/// A row of marks under those bars whose time has something to it.
pub(crate) fn marks(marked: &[bool], width: usize) -> String {
    let bars = marked.len().min(width.max(1));
    let mark = |at: usize| if shared(marked.len(), bars, at).any(|at| marked[at]) { '^' } else { ' ' };
    (0..bars).map(mark).collect::<String>().trim_end().to_owned()
}

/// Which of `count` values the bar `at` of `bars` stands for.
fn shared(count: usize, bars: usize, at: usize) -> std::ops::Range<usize> {
    at * count / bars..(at + 1) * count / bars
}

#[cfg(test)]
mod tests {
    use super::{Bad, marks, spark};

    #[test]
    fn bars_grow_from_zero_and_share_their_room() {
        let some = |values: &[f64]| values.iter().copied().map(Some).collect::<Vec<_>>();
        assert_eq!(spark(&some(&[0.0, 1.0, 2.0, 4.0, 8.0]), 8.0, 60, Bad::High), "▁▁▂▄█");
        assert_eq!(spark(&some(&[1.0, 9.0, 1.0, 1.0]), 9.0, 2, Bad::High), "█▁");
        assert_eq!(spark(&some(&[1.0, 9.0, 9.0, 9.0]), 9.0, 2, Bad::Low), "▁█");
        assert_eq!(spark(&[Some(1.0), None, Some(1.0)], 1.0, 60, Bad::Low), "█ █");
        assert_eq!(spark(&some(&[0.0, 0.0]), 0.0, 60, Bad::High), "▁▁");
        assert_eq!(spark(&[], 1.0, 60, Bad::High), "");
        assert_eq!(marks(&[false, true, false, false], 2), "^");
    }
}
