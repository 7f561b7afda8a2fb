//! The newest lines of the log, for whoever asks later.

use crate::limits::LOG_LINES;
use domain::LogData;
use std::collections::VecDeque;
use std::sync::Arc;

/// Lines, oldest first; beyond [`LOG_LINES`] the oldest goes.
#[derive(Default)]
pub(crate) struct Backlog(VecDeque<Arc<LogData>>);

impl Backlog {
    pub(crate) fn push(&mut self, line: &Arc<LogData>) {
        if self.0.len() == LOG_LINES {
            self.0.pop_front();
        }
        self.0.push_back(Arc::clone(line));
    }

    /// Up to `most` of the newest.
    pub(crate) fn newest(&self, most: usize) -> Vec<Arc<LogData>> {
        self.0.iter().skip(self.0.len().saturating_sub(most)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_the_newest_lines() {
        let mut backlog = Backlog::default();
        for number in 0..LOG_LINES + 5 {
            let msg = number.to_string();
            backlog.push(&Arc::new(LogData { gateway_name: "SIM".into(), msg, level: 20, time: None }));
        }
        assert_eq!(backlog.newest(usize::MAX).len(), LOG_LINES);
        let two: Vec<String> = backlog.newest(2).iter().map(|line| line.msg.clone()).collect();
        assert_eq!(two, [(LOG_LINES + 3).to_string(), (LOG_LINES + 4).to_string()]);
    }
}
