//! Finished arguments as a type of the caller's.

use alloc::string::String;

use serde::de::DeserializeOwned;

use crate::completion::Function;

impl Function {
    /// The arguments, as the caller's own type: read in place, on the buffer that
    /// they grew in.
    ///
    /// No arguments at all count as `{}`: so some servers call a tool that takes
    /// none.
    ///
    /// # Errors
    ///
    /// If they are no JSON, or none of that type.
    pub fn into_arguments<T: DeserializeOwned>(self) -> Result<T, simd_json::Error> {
        let mut text = String::from(self.arguments).into_bytes();
        if text.is_empty() {
            text.extend(b"{}");
        }
        simd_json::serde::from_slice(&mut text)
    }
}
