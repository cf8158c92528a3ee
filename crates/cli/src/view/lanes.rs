//! What updates say, and the texts that grow by them.

use std::collections::BTreeMap;

use deltaic::{Update, Usage, assembler::Progress};

use super::data::{Kind, Lane, Piece, Said};

/// The texts that grow, and where each is.
#[derive(Default)]
pub(super) struct Lanes {
    pub(super) list: Vec<Lane>,
    places: BTreeMap<(Kind, u64, Option<usize>), usize>,
}

impl Lanes {
    /// What the update says, in this row.
    pub(super) fn piece(&mut self, update: Update<'_>, row: usize) -> Piece {
        match update {
            Update::Text { choice, text } => self.grow(Kind::Text, choice, None, text),
            Update::Reasoning { choice, text, .. } => {
                self.grow(Kind::Reasoning, choice, None, text)
            }
            Update::Refusal { choice, text } => self.grow(Kind::Refusal, choice, None, text),
            Update::ToolCall {
                choice,
                call,
                tool_call,
            }
            | Update::ToolCallNamed {
                choice,
                call,
                tool_call,
            } => {
                let piece = self.grow(Kind::Call, choice, Some(call), "");
                let (_, lane) = self.lane(Kind::Call, choice, Some(call));
                lane.name.clone_from(&tool_call.function.name);
                lane.id.clone_from(&tool_call.id);
                piece
            }
            Update::Arguments {
                choice,
                call,
                text,
                arguments,
            } => {
                let (_, lane) = self.lane(Kind::Call, choice, Some(call));
                if arguments.progress() != Progress::Complete {
                    lane.complete = None;
                }
                self.grow(Kind::Call, choice, Some(call), text)
            }
            Update::ArgumentsComplete { choice, call, .. } => {
                let (_, lane) = self.lane(Kind::Call, choice, Some(call));
                lane.complete = Some(row);
                self.grow(Kind::Call, choice, Some(call), "")
            }
            Update::FunctionCall {
                choice,
                function,
                text,
            } => {
                let (_, lane) = self.lane(Kind::Call, choice, None);
                lane.name.clone_from(&function.name);
                self.grow(Kind::Call, choice, None, text)
            }
            Update::Finish { choice, reason } => of_choice(Kind::Finish, choice, reason),
            Update::Usage(usage) => piece(Kind::Usage, tokens(usage)),
            Update::Error(raw) => piece(Kind::Error, raw.into()),
            Update::Done => piece(Kind::Done, "[DONE]".into()),
            _ => piece(Kind::Other, String::new()),
        }
    }

    fn grow(&mut self, kind: Kind, choice: u64, call: Option<usize>, text: &str) -> Piece {
        let (at, lane) = self.lane(kind, choice, call);
        lane.text.push_str(text);
        lane.len += text.encode_utf16().count();
        Piece {
            kind,
            said: Said::Lane {
                lane: at,
                to: lane.len,
            },
        }
    }

    fn lane(&mut self, kind: Kind, choice: u64, call: Option<usize>) -> (usize, &mut Lane) {
        let Self { list, places } = self;
        let at = *places.entry((kind, choice, call)).or_insert(list.len());
        if at == list.len() {
            list.push(Lane {
                kind,
                choice,
                name: None,
                id: None,
                text: String::new(),
                len: 0,
                complete: None,
            });
        }
        let lane = list.get_mut(at).expect("it was there or was pushed");
        (at, lane)
    }
}

pub(super) fn piece(kind: Kind, text: String) -> Piece {
    let said = Said::Text { text };
    Piece { kind, said }
}

pub(super) fn of_choice(kind: Kind, choice: u64, text: &str) -> Piece {
    let text = text.into();
    let said = Said::Choice { choice, text };
    Piece { kind, said }
}

fn tokens(usage: &Usage) -> String {
    let figures = usage.figures();
    match (figures.prompt_tokens(), figures.completion_tokens()) {
        (Some(prompt), Some(completion)) => format!("{prompt} + {completion} tokens"),
        _ => usage.raw().text().into(),
    }
}
