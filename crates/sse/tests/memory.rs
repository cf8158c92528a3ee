//! What is allocated, and that work is linear: by counts, not by clocks.

use std::iter;

use allocation_counter::measure;
use bytes::Bytes;
use deltaic_corpus::{cut, own};
use deltaic_sse::{BytesFramer, Framer};

/// The bytes of data of the events in `reads`.
fn frame<'r>(framer: &mut Framer, reads: impl IntoIterator<Item = &'r [u8]>) -> usize {
    let mut len = 0;
    for mut read in reads {
        while let Some(event) = framer.next(&mut read).expect("short") {
            len += event.data.len();
        }
    }
    len
}

#[test]
fn an_event_in_one_read_allocates_nothing() {
    for recording in own() {
        let mut framer = Framer::new();
        let reads = cut::by_event(&recording.bytes);
        let counted = measure(|| assert!(frame(&mut framer, reads.iter().copied()) > 0));
        assert_eq!(counted.count_total, 0, "{}", recording.name);
    }
}

#[test]
fn bytes_share_the_memory_of_their_input() {
    let recording = own().remove(0);
    let mut read = Bytes::from(recording.bytes);
    let all = read.as_ptr_range();
    let mut framer = BytesFramer::new();
    // The first slice of a `Bytes` makes it shared, which allocates once.
    let _shared = read.clone();
    while let Some(event) = framer.next(&mut read).expect("short") {
        let data = event.data.as_ptr_range();
        assert!(all.contains(&data.start) && data.end <= all.end);
    }
}

#[test]
fn events_share_the_id_that_lasts() {
    let stream = format!("id: 1\n\n{}", "data: a\n\n".repeat(1_000));
    let mut read = Bytes::from(stream);
    let _shared = read.clone();
    let mut framer = BytesFramer::new();
    let counted = measure(|| {
        let mut count = 0;
        while let Some(event) = framer.next(&mut read).expect("short") {
            assert_eq!(event.id.as_deref(), Some(&b"1"[..]));
            count += 1;
        }
        assert_eq!(count, 1_000);
    });
    // The ID itself, and what makes a `Bytes` of it shared.
    assert!(
        counted.count_total <= 4,
        "{} allocations",
        counted.count_total
    );
}

#[test]
fn an_event_owns_no_room_that_only_comments_took() {
    let comment = format!("data: a\n: {}\n", "x".repeat(64 << 10));
    let mut framer = BytesFramer::new();
    let mut event = None;
    let counted = measure(|| {
        let (begun, rest) = comment.split_at(100);
        for part in [begun, rest] {
            let mut read = Bytes::copy_from_slice(part.as_bytes());
            assert_eq!(framer.next(&mut read).expect("short"), None);
        }
        event = framer.next(&mut Bytes::from("\n")).expect("short");
    });
    assert!(
        counted.bytes_current < 1 << 10,
        "{} bytes",
        counted.bytes_current
    );
    assert_eq!(event.expect("whole").data, "a");
}

#[test]
fn a_small_event_does_not_hold_on_to_the_memory_of_a_large_one() {
    let mut framer = BytesFramer::new();
    let large = format!("data: {}\n\n", "x".repeat(400 << 10));
    let mut kept = Vec::new();
    let counted = measure(|| {
        for event in [&*large]
            .into_iter()
            .chain(iter::repeat_n("data: 0123456789\n\n", 2_000))
        {
            let (a, b) = event.as_bytes().split_at(9);
            for part in [a, b] {
                let mut read = Bytes::copy_from_slice(part);
                kept.extend(
                    framer
                        .next(&mut read)
                        .expect("short")
                        .map(|event| event.data),
                );
            }
        }
        kept.remove(0);
    });
    assert_eq!(kept.len(), 2_000);
    assert!(
        counted.bytes_current < 512 << 10,
        "{} bytes",
        counted.bytes_current
    );
}

#[test]
fn a_huge_event_leaves_no_memory_behind() {
    let huge = format!("data: {}\n\ndata: a\n\n", "x".repeat(4 << 20));
    let mut framer = Framer::new();
    let counted = measure(|| {
        frame(&mut framer, cut::into(huge.as_bytes(), 1460));
    });
    assert!(counted.bytes_max >= 4 << 20, "it straddles");
    assert!(
        counted.bytes_current <= 64 << 10,
        "{} bytes",
        counted.bytes_current
    );
}

#[test]
fn what_straddles_costs_its_length_however_small_the_reads() {
    for len in [1 << 20, 2 << 20, 4 << 20] {
        let stream = format!("data: {}\n\n", "x".repeat(len));
        let mut framer = Framer::new();
        let counted = measure(|| {
            assert_eq!(frame(&mut framer, cut::into(stream.as_bytes(), 1)), len);
        });
        // A buffer that doubles: as many steps as there are bits, four lengths in all; but
        // sixteen steps at first.
        assert!(
            counted.count_total < 40,
            "{} allocations",
            counted.count_total
        );
        assert!(
            counted.bytes_total < 4 * len as u64 + (32 << 10),
            "{} bytes",
            counted.bytes_total
        );
    }
}

#[test]
fn the_memory_for_what_straddles_is_used_again() {
    let mut framer = Framer::new();
    // A buffer of just as much as is kept.
    let (line, end) = (["data: ", &"x".repeat((64 << 10) - 6)].concat(), b"\n\n");
    let mut read = |reads: &[&[u8]]| frame(&mut framer, reads.iter().copied());
    let (a, b) = line.as_bytes().split_at(32 << 10);
    read(&[a, b, end]);
    let counted = measure(|| {
        for _ in 0..10 {
            read(&[a, b, end]);
        }
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn bytes_that_straddle_are_moved_out_once() {
    let event = Bytes::from(["data: ", &"x".repeat(94), "\n\n"].concat());
    let (mut a, mut b) = (event.slice(..60), event.slice(60..));
    let mut framer = BytesFramer::new();
    let counted = measure(|| {
        assert_eq!(framer.next(&mut a).expect("short"), None);
        let event = framer.next(&mut b).expect("short").expect("whole");
        assert_eq!(event.data.len(), 94);
    });
    // The first part, the whole, and what makes it shared: no copy to fit.
    assert!(
        counted.count_total <= 3,
        "{} allocations",
        counted.count_total
    );
}
