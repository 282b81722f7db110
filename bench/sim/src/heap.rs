//! The allocator of this program: the system's, which counts the bytes in use once it is told to.
//! Until then it costs one read of a flag per allocation, and the loops measured make next to none.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering::Relaxed};

pub(crate) struct Counting;

static COUNTS: AtomicBool = AtomicBool::new(false);
static IN_USE: AtomicIsize = AtomicIsize::new(0);
static PEAK: AtomicIsize = AtomicIsize::new(0);

/// From here on; what was there before is not counted.
pub(crate) fn count() {
    COUNTS.store(true, Relaxed);
}

/// The most bytes that were in use at once, if they were counted.
pub(crate) fn peak() -> Option<usize> {
    COUNTS.load(Relaxed).then(|| PEAK.load(Relaxed).unsigned_abs())
}

fn changed(by: isize) {
    if COUNTS.load(Relaxed) {
        PEAK.fetch_max(IN_USE.fetch_add(by, Relaxed) + by, Relaxed);
    }
}

// An allocator is unsafe by its trait. Each method hands its arguments on to the system's unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        changed(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        changed(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        changed(-(layout.size() as isize));
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // The old block and the new one may both be there for a moment.
        changed(size as isize);
        let moved = unsafe { System.realloc(pointer, layout, size) };
        changed(-(layout.size() as isize));
        moved
    }
}
