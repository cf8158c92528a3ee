//! Updates as a person reads them, as they come.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use deltaic::{Update, Updates};

use crate::terminal::shown;

const DIM: Style = Style::new().dimmed();
const CALL: Style = AnsiColor::Cyan.on_default();
const ERROR: Style = AnsiColor::Red.on_default();

/// Writes updates as a person reads them: text plain, reasoning dim, each tool
/// call on a line of its own that ends when its arguments are complete.
///
/// Every piece closes its own style, so that the terminal is left as it was
/// wherever the stream, or the reader's patience, ends.
pub(crate) struct Renderer {
    out: Box<dyn Write>,
    /// What the last piece was, and whose.
    last: Piece,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Piece {
    /// A line has ended, or none has begun.
    Nothing,
    Text(u64),
    Reasoning(u64),
    Refusal(u64),
    Call(u64, usize),
    Function(u64),
}

impl Renderer {
    pub(crate) fn new(out: Box<dyn Write>) -> Self {
        Self {
            out,
            last: Piece::Nothing,
        }
    }

    pub(crate) fn render(&mut self, updates: Updates<'_>) -> io::Result<()> {
        for update in updates {
            self.update(update)?;
        }
        self.flush()
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Ends the line that is begun, if one is.
    pub(crate) fn end_line(&mut self) -> io::Result<()> {
        if self.last != Piece::Nothing {
            writeln!(self.out)?;
        }
        self.last = Piece::Nothing;
        Ok(())
    }

    /// Writes a line about the stream.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{DIM}[{text}]{DIM:#}")?;
        self.out.flush()
    }

    fn update(&mut self, update: Update<'_>) -> io::Result<()> {
        match update {
            Update::Text { choice, text } => {
                self.piece(Piece::Text(choice), Style::new(), &shown(text))
            }
            Update::Reasoning { choice, text, .. } => {
                self.piece(Piece::Reasoning(choice), DIM, &shown(text))
            }
            Update::Refusal { choice, text } => {
                self.piece(Piece::Refusal(choice), ERROR, &shown(text))
            }
            Update::Arguments {
                choice, call, text, ..
            } => self.piece(Piece::Call(choice, call), CALL, &shown(text)),
            Update::ToolCall {
                choice,
                call,
                tool_call,
            } => {
                let name = tool_call.function.name.as_deref().unwrap_or("?");
                let name = format!("→ {} ", shown(name));
                self.piece(Piece::Call(choice, call), CALL, &name)
            }
            Update::ArgumentsComplete { .. } => {
                write!(self.out, "{CALL} ✓{CALL:#}")?;
                self.end_line()
            }
            Update::FunctionCall { choice, text, .. } => {
                self.piece(Piece::Function(choice), CALL, &shown(text))
            }
            Update::Error(raw) => {
                self.end_line()?;
                writeln!(self.out, "{ERROR}error: {}{ERROR:#}", shown(raw))
            }
            _ => Ok(()),
        }
    }

    fn piece(&mut self, piece: Piece, style: Style, text: &str) -> io::Result<()> {
        if self.last != piece {
            self.end_line()?;
            let choice = match piece {
                Piece::Nothing => 0,
                Piece::Text(choice)
                | Piece::Reasoning(choice)
                | Piece::Refusal(choice)
                | Piece::Call(choice, _)
                | Piece::Function(choice) => choice,
            };
            if choice > 0 {
                write!(self.out, "{DIM}{choice}: {DIM:#}")?;
            }
        }
        self.last = piece;
        write!(self.out, "{style}{text}{style:#}")
    }
}
