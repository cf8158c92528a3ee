//! The code blocks of a document.

/// A block between two fences.
pub(crate) struct Block {
    /// Where it begins, from 1.
    pub(crate) line: usize,
    /// What stands behind the fence.
    pub(crate) kind: String,
    pub(crate) text: String,
    /// There is nothing but blank lines between this and the block before.
    pub(crate) is_right_behind: bool,
}

pub(crate) fn blocks(document: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut is_open, mut is_right_behind) = (false, false);
    for (at, line) in document.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), is_open) {
            (Some(kind), false) => {
                is_open = true;
                blocks.push(Block {
                    line: at + 1,
                    kind: kind.trim().to_owned(),
                    text: String::new(),
                    is_right_behind,
                });
            }
            (Some(_), true) => (is_open, is_right_behind) = (false, true),
            (None, true) => {
                let block = blocks.last_mut().expect("one is open");
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, false) => is_right_behind &= line.trim().is_empty(),
        }
    }
    assert!(!is_open, "the last block is closed");
    blocks
}

/// The commands of a block: its lines, those together that a backslash joins.
pub(crate) fn commands(block: &str) -> Vec<String> {
    let whole = block.replace("\\\n", " ");
    let lines = whole.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}
