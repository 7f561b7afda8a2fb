//! Functions that may be longer than the limit. The list may only shrink.

pub(crate) struct Exemption {
    pub(crate) path: &'static str,
    pub(crate) function: &'static str,
    /// What it has now; the rule asks to lower this when it has fewer.
    pub(crate) lines: usize,
    #[expect(dead_code, reason = "for the reader")]
    pub(crate) reason: &'static str,
}

pub(crate) const EXEMPT: &[Exemption] = &[];
