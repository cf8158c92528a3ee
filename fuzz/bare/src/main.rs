//! Framing and parsing with nothing below them: no `std`, no allocator.
//!
//! The program reads a recording and exits with 0 if it found in it what is
//! there. That it links at all is a proof: its panic handler calls a function
//! that does not exist, so the linker refuses it as soon as one call of what is
//! used here can reach a panic.
#![no_std]
#![no_main]

mod everything;
mod read;

use core::{hint::black_box, panic::PanicInfo};

const CAPITAL: &[u8] = include_bytes!("../../../corpus/recordings/cerebras-capital.sse");
const HI: &[u8] = include_bytes!("../../../corpus/recordings/groq-hi.sse");

#[link(name = "c")]
unsafe extern "C" {}

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    // The compiler must not know what it reads, nor how it is cut.
    let (capital, hi) = black_box((CAPITAL, HI));
    for len in black_box([1, 7, 64, 1448, 1 << 20]) {
        if read::recording(capital, len) != read::CAPITAL {
            return 1;
        }
        if read::recording(hi, len) != read::HI {
            return 2;
        }
    }
    everything::call(hi);
    0
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        fn deltaic_can_panic() -> !;
    }
    // SAFETY: it is never called, for it does not exist.
    unsafe { deltaic_can_panic() }
}
