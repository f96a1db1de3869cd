//! Measuring the sides of a ratio in turn, so that what the machine does meanwhile meets all of them.

use std::time::Duration;

use crate::cpu;

/// How often each side has its turn. Odd, so that the median is one of the turns.
pub(crate) const ROUNDS: usize = 7;

/// For how long a side works at its turn, about.
const TURN: Duration = Duration::from_millis(250);

/// One side: does its work for a turn, and says how many microseconds of CPU one operation took.
pub(crate) type Side<'s> = Box<dyn FnMut() -> f64 + 's>;

/// Has every side take its turns; gives the median of each.
pub(crate) fn side_by_side<const N: usize>(mut sides: [Side<'_>; N]) -> [f64; N] {
    let mut turns: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    for _ in 0..ROUNDS {
        for (side, turns) in sides.iter_mut().zip(&mut turns) {
            turns.push(side());
        }
    }
    turns.map(median)
}

/// A side in this very thread. It is warmed up first, which shows how often it fits into a turn.
pub(crate) fn here<'s, T>(mut operation: impl FnMut() -> T + 's) -> Side<'s> {
    let mut times = 1;
    let mut took = turn(times, &mut operation);
    while took < TURN / 10 {
        times *= 2;
        took = turn(times, &mut operation);
    }
    let one = took / times;
    let times = u32::try_from(TURN.as_nanos() / one.as_nanos().max(1))
        .unwrap_or(u32::MAX)
        .max(1);
    Box::new(move || microseconds(turn(times, &mut operation), times))
}

fn turn<T>(times: u32, operation: &mut impl FnMut() -> T) -> Duration {
    let before = cpu::of_thread();
    for _ in 0..times {
        std::hint::black_box(operation());
    }
    cpu::of_thread().saturating_sub(before)
}

/// Microseconds of each of so many.
pub(crate) fn microseconds(all: Duration, times: u32) -> f64 {
    all.as_secs_f64() * 1e6 / f64::from(times)
}

/// The one in the middle.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
