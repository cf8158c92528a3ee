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
    /// ```
    /// use deltaic_assembler::Function;
    ///
    /// // A map, or a type of yours that is `Deserialize`.
    /// type Arguments = std::collections::BTreeMap<String, u32>;
    /// let mut function = Function::default();
    /// assert!(function.clone().into_arguments::<Arguments>()?.is_empty());
    /// # let mut assembler = deltaic_assembler::Assembler::new();
    /// # let chunk = br#"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{\"a\":1}"}}]}}]}"#;
    /// # assembler.push(&deltaic_chunk::Payload::parse(chunk).unwrap(), 0);
    /// # function = assembler.completion().choices[0].message.tool_calls[0].function.clone();
    /// assert_eq!(&*function.arguments, r#"{"a":1}"#);
    /// assert_eq!(function.into_arguments::<Arguments>()?["a"], 1);
    /// # Ok::<(), simd_json::Error>(())
    /// ```
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
