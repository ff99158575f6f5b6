//! Huge pages for large allocations, on the terms NumPy has them.
//!
//! NumPy advises the kernel to back every allocation of 4 MiB and more with huge pages, unless
//! `NUMPY_MADVISE_HUGEPAGE=0`; Rust's system allocator does not, and the switch of the C library
//! (`glibc.malloc.hugetlb`) works in some processes and not in others: glibc 2.36 compares the
//! kernel's setting in a buffer it does not terminate. So every Rust worker does as NumPy does.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::OnceLock;

const LARGE: usize = 4 << 20;
const PAGE: usize = 4096;

/// The system allocator; large allocations ask for huge pages.
pub struct Advised;

#[global_allocator]
static ALLOCATOR: Advised = Advised;

/// Whether the harness lets large allocations ask, as NumPy reads it; it allocates little.
fn wanted() -> bool {
    static WANTED: OnceLock<bool> = OnceLock::new();
    *WANTED.get_or_init(|| std::env::var_os("NUMPY_MADVISE_HUGEPAGE").is_none_or(|v| v != "0"))
}

fn advise(at: *mut u8, size: usize) {
    if size < LARGE || at.is_null() || !wanted() {
        return;
    }
    let skipped = at.align_offset(PAGE);
    // SAFETY: the range lies inside the allocation; advice changes no value. A kernel that
    // refuses leaves small pages, which the harness sees.
    #[cfg(target_os = "linux")]
    unsafe {
        libc::madvise(at.add(skipped).cast(), size - skipped, libc::MADV_HUGEPAGE)
    };
}

// SAFETY: every call goes to the system allocator unchanged.
unsafe impl GlobalAlloc for Advised {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let at = unsafe { System.alloc(layout) };
        advise(at, layout.size());
        at
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let at = unsafe { System.alloc_zeroed(layout) };
        advise(at, layout.size());
        at
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let at = unsafe { System.realloc(at, layout, size) };
        advise(at, size);
        at
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    #[test]
    fn large_allocations_are_advised_and_small_ones_are_not() {
        let advised = |size: usize| {
            let held = vec![0u8; size];
            let address = held.as_ptr() as usize + size / 2;
            let maps = fs::read_to_string("/proc/self/smaps").unwrap();
            let mut inside = false;
            for line in maps.lines() {
                let range = line.split(' ').next().unwrap_or_default();
                if let Some((low, high)) = range.split_once('-') {
                    let bound = |text| usize::from_str_radix(text, 16).unwrap_or(0);
                    inside = (bound(low)..bound(high)).contains(&address);
                } else if inside && line.starts_with("VmFlags:") {
                    return line.split(' ').any(|flag| flag == "hg");
                }
            }
            panic!("the allocation is in no mapping");
        };
        assert!(!advised(1 << 20));
        assert!(advised(8 << 20));
    }
}
