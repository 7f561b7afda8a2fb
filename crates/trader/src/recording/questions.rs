//! Questions for bars, on their way from the engine's answer to the thread that looks into the database.

use crate::limits::QUESTIONS_WAITING;
use domain::{BarData, HistoryRequest};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A question, with what the gateway answered.
pub(crate) struct Question {
    pub(crate) reply: bridge::Reply,
    pub(crate) request: HistoryRequest,
    /// Bars, or why the gateway has none.
    pub(crate) gateway: Result<Vec<BarData>, String>,
}

/// Those that wait.
#[derive(Default)]
pub(crate) struct Questions {
    waiting: Mutex<Waiting>,
    filled: Condvar,
}

#[derive(Default)]
struct Waiting {
    questions: VecDeque<Question>,
    is_closed: bool,
}

impl Questions {
    /// Adds one; when too many wait it is refused at once.
    pub(crate) fn ask(&self, question: Question) {
        let mut waiting = self.waiting();
        if waiting.questions.len() >= QUESTIONS_WAITING || waiting.is_closed {
            drop(waiting);
            return question.reply.refuse(bridge::Code::Busy, "too many questions for bars are waiting");
        }
        waiting.questions.push_back(question);
        drop(waiting);
        self.filled.notify_one();
    }

    /// Waits for the next; `None` once closed.
    pub(super) fn next(&self) -> Option<Question> {
        let mut waiting = self.waiting();
        loop {
            if waiting.is_closed {
                return None;
            }
            if let Some(question) = waiting.questions.pop_front() {
                return Some(question);
            }
            waiting = self.filled.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// No more are answered; who still waits hears that nobody did.
    pub(crate) fn close(&self) {
        let mut waiting = self.waiting();
        waiting.is_closed = true;
        waiting.questions.clear();
        drop(waiting);
        self.filled.notify_all();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
