//! A reader's part in its group: where it stands in the ticks and bars, and what it takes next.
//!
//! Always true: a reader that changes its wishes keeps its place; a part that is dropped has left its group.

use super::conn::Conn;
use super::group::{Group, Place};
use super::hub::Core;
use super::message::Message;
use super::watch::Watch;
use std::sync::Arc;

/// See the module.
pub(super) struct Part {
    pub(super) group: Arc<Group>,
    member: usize,
    place: Place,
    /// What has been watched since ticks and bars last went out, where wishes have changed since.
    before: Option<Arc<Watch>>,
}

impl Part {
    /// In the group of readers with this wish; `earlier` is the part that it takes the place of.
    pub(super) fn join(
        core: &Core,
        conn: &Arc<Conn>,
        watch: Watch,
        interval_ms: u64,
        mut earlier: Option<Part>,
    ) -> Part {
        let (mut place, mut before) = Default::default();
        if let Some(earlier) = &mut earlier {
            place = earlier.place;
            let watched = earlier.group.watch();
            before = Some(earlier.before.take().map_or_else(|| Arc::clone(watched), |before| before.common(watched)));
        }
        drop(earlier);
        let group = core.group(watch, interval_ms);
        let (member, offered) = group.join(Arc::clone(conn));
        place.offered = offered;
        // One that has seen nothing yet gets everything anyway.
        let before = before.filter(|_| place.seen > 0);
        Part { group, member, place, before }
    }

    /// What is new for the reader, and how many ticks and states of running bars it was spared.
    pub(super) fn take(&mut self, core: &Core) -> (Vec<Arc<Message>>, u64) {
        let (mut messages, mut conflated) = (Vec::new(), 0);
        if let Some(before) = self.before.take() {
            messages = self.group.newly_watched(core, &before, self.place);
        }
        if self.group.is_ahead_of(self.place)
            && let Some(given) = self.group.take(core, self.place)
        {
            self.place = given.place;
            conflated = given.conflated;
            messages.extend(given.messages);
        }
        (messages, conflated)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.group.leave(self.member);
    }
}
