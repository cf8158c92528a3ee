//! What is to become of a member.

#[cfg(feature = "alloc")]
use alloc::string::String;
use core::{error, fmt};

use crate::{
    error::{Expected, ParseError},
    scan::Scan,
};

/// What is to become of the members at a path.
///
/// A path is the names of members, the outermost first, with a full stop between
/// them; `[*]` behind a name is each object of a list: `model`,
/// `usage.total_tokens`, `choices[*].delta.reasoning`. A path ends in a name. A
/// name has none of `.`, `[`, `]`, `"`, `\` and control characters.
///
/// What is there more than once is meant each time, however it is spelled. What has
/// another shape than the path says, or is not there, stays as it is.
///
/// ```
/// use deltaic_chunk::{Edit, EditError};
///
/// let edit = Edit::remove("choices[*].delta.reasoning")?;
/// assert_eq!((edit.path(), edit.json()), ("choices[*].delta.reasoning", None));
/// assert_eq!(Edit::remove("choices[0]").unwrap_err(), EditError::Path);
/// assert!(matches!(Edit::replace("model", "no JSON").unwrap_err(), EditError::Json(_)));
/// # Ok::<(), EditError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Edit<T> {
    /// Invariant: by the rules above.
    path: T,
    change: Change<T>,
}

#[derive(Clone, Copy, Debug)]
enum Change<T> {
    Remove,
    /// Invariant: the text here and below is one JSON value without line ends.
    Replace(T),
    Set(T),
}

impl<T: AsRef<str>> Edit<T> {
    /// The member is taken out, with its comma.
    ///
    /// ```
    /// use deltaic_chunk::{Edit, splice};
    ///
    /// let edits = [Edit::remove("choices[*].delta.reasoning")?];
    /// let data = br#"{"choices":[{"delta":{"reasoning":"Hm","content":"Hi"}},{"delta":{}}]}"#;
    /// let mut removed = Vec::new();
    /// splice(data, &edits, |splice| removed.push(&data[splice.range]))?;
    /// assert_eq!(removed, [br#""reasoning":"Hm","#]);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If `path` is none.
    pub fn remove(path: T) -> Result<Self, EditError> {
        Self::new(path, Change::Remove)
    }

    /// Where there is a value, `json` stands in its place.
    ///
    /// ```
    /// use deltaic_chunk::{Edit, quoted};
    ///
    /// let alias = "our \"own\"";
    /// let edit = Edit::replace("model".to_owned(), quoted(alias).to_string())?;
    /// # Ok::<(), deltaic_chunk::EditError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If `path` is none, or `json` is not one JSON value in one line.
    pub fn replace(path: T, json: T) -> Result<Self, EditError> {
        Self::new(path, Change::Replace(json))
    }

    /// As [`Edit::replace`]; and an object on the path that has no such member gets
    /// one, as its last. What holds it is never made.
    ///
    /// ```
    /// use deltaic_chunk::{Edit, splice};
    ///
    /// let edits = [Edit::set("usage.cost", "0.1")?];
    /// let mut told = Vec::new();
    /// splice(br#"{"usage":{"total_tokens":9}}"#, &edits, |splice| told.push(splice.to_string()))?;
    /// assert_eq!(told, [r#","cost":0.1"#]);
    /// // There is no `usage` to hold it.
    /// splice(br#"{"id":"c1"}"#, &edits, |_| panic!("nothing to change"))?;
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Edit::replace`].
    pub fn set(path: T, json: T) -> Result<Self, EditError> {
        Self::new(path, Change::Set(json))
    }

    fn new(path: T, change: Change<T>) -> Result<Self, EditError> {
        let depth = depth(path.as_ref()).ok_or(EditError::Path)?;
        if let Change::Replace(json) | Change::Set(json) = &change {
            check(json.as_ref(), depth)?;
        }
        Ok(Self { path, change })
    }

    /// The path.
    #[inline]
    #[must_use]
    pub fn path(&self) -> &str {
        self.path.as_ref()
    }

    /// What stands there from now on; `None` if the member is taken out.
    ///
    /// ```
    /// use deltaic_chunk::Edit;
    ///
    /// let set = Edit::set("usage.cost", "0.10")?;
    /// assert_eq!((set.path(), set.json()), ("usage.cost", Some("0.10")));
    /// assert_eq!(Edit::remove("usage")?.json(), None);
    /// # Ok::<(), deltaic_chunk::EditError>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn json(&self) -> Option<&str> {
        match &self.change {
            Change::Remove => None,
            Change::Replace(json) | Change::Set(json) => Some(json.as_ref()),
        }
    }

    #[inline]
    pub(crate) fn is_set(&self) -> bool {
        matches!(self.change, Change::Set(_))
    }

    /// The same edit, with texts of its own.
    ///
    /// ```
    /// use deltaic_chunk::{Edit, EditError};
    ///
    /// /// What is read from a configuration is kept longer than its text.
    /// fn read(line: &str) -> Result<Edit<String>, EditError> {
    ///     let (path, json) = line.split_once('=').ok_or(EditError::Path)?;
    ///     Ok(Edit::replace(path, json)?.to_owned())
    /// }
    ///
    /// let edit = read(&String::from("model=\"ours\""))?;
    /// assert_eq!(edit, Edit::replace("model", "\"ours\"")?);
    /// # Ok::<(), EditError>(())
    /// ```
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_owned(&self) -> Edit<String> {
        let text = |text: &T| String::from(text.as_ref());
        Edit {
            path: text(&self.path),
            change: match &self.change {
                Change::Remove => Change::Remove,
                Change::Replace(json) => Change::Replace(text(json)),
                Change::Set(json) => Change::Set(text(json)),
            },
        }
    }
}

impl<T: AsRef<str>> Eq for Edit<T> {}

impl<T: AsRef<str>, U: AsRef<str>> PartialEq<Edit<U>> for Edit<T> {
    #[inline]
    fn eq(&self, other: &Edit<U>) -> bool {
        self.path() == other.path()
            && self.is_set() == other.is_set()
            && self.json() == other.json()
    }
}

/// In how many objects and lists a member at this path lies; `None` if it is no
/// path.
fn depth(path: &str) -> Option<usize> {
    let mut depth = 0;
    let mut is_list = false;
    for step in path.split('.') {
        let list = step.strip_suffix("[*]");
        let name = list.unwrap_or(step);
        let is_bad = |char: char| matches!(char, '[' | ']' | '"' | '\\') || char.is_control();
        if name.is_empty() || name.contains(is_bad) {
            return None;
        }
        is_list = list.is_some();
        depth += 1 + usize::from(is_list);
    }
    (!is_list).then_some(depth)
}

/// Whether `json` may stand so many objects and lists deep, in one line.
fn check(json: &str, depth: usize) -> Result<(), EditError> {
    if json.contains(['\n', '\r']) {
        return Err(EditError::LineEnd);
    }
    let read = Scan::whole(json.as_bytes(), |scan, text| scan.value(text, depth));
    read.map_err(EditError::Json)
}

/// Why there is no such edit.
///
/// ```
/// use deltaic_chunk::{Edit, EditError, Expected};
///
/// assert_eq!(Edit::remove("choices.").unwrap_err(), EditError::Path);
/// assert_eq!(Edit::replace("model", "\n1").unwrap_err(), EditError::LineEnd);
/// let Err(EditError::Json(error)) = Edit::replace("model", "ours") else {
///     panic!("it has no quotes");
/// };
/// assert_eq!((error.expected, error.offset), (Expected::Value, 0));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EditError {
    /// The path is none.
    Path,
    /// The value is not JSON, or too deep where the path leads.
    Json(ParseError),
    /// The value has line ends: they would end the line that it stands in.
    LineEnd,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "expected a path like `model` or `choices[*].delta.x`",
            Self::Json(ParseError {
                expected: Expected::LessDepth,
                ..
            }) => "expected a value with less nesting",
            Self::Json(_) => "expected one JSON value",
            Self::LineEnd => "expected a value without line ends",
        })
    }
}

impl error::Error for EditError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Json(error) => Some(error),
            Self::Path | Self::LineEnd => None,
        }
    }
}
