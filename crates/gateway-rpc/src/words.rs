//! Texts in both languages.

use domain::Language;

/// One text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl Words {
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Words {
        Words { zh: zh.into(), en: en.into() }
    }

    pub(crate) fn get(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// Levels of Python's `logging`.
pub(crate) const INFO: i32 = 20;
/// See [`INFO`].
pub(crate) const WARNING: i32 = 30;
/// See [`INFO`].
pub(crate) const ERROR: i32 = 40;
