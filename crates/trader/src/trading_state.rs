//! The trading state on disk: one word in a file of the state folder.
//!
//! Always true: the file holds a whole word; one that cannot be read stops the start, because guessing could let
//! orders through that somebody had stopped.

use domain::TradingState;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Its name in the state folder.
const FILE: &str = "trading_state";

/// Where the state is kept; nowhere for a trading process without a folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keeper(Option<PathBuf>);

impl Keeper {
    pub(crate) fn in_folder(folder: Option<&Path>) -> Keeper {
        Keeper(folder.map(|folder| folder.join(FILE)))
    }

    /// What was kept last; ACTIVE where nothing was.
    pub(crate) fn read(&self) -> Result<TradingState, String> {
        let Some(path) = &self.0 else { return Ok(TradingState::Active) };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(TradingState::Active),
            Err(error) => return Err(format!("cannot read {}: {error}", path.display())),
        };
        TradingState::from_name(text.trim()).ok_or_else(|| {
            format!("{} holds no trading state: write ACTIVE, REDUCING or HALTED into it", path.display())
        })
    }

    /// Keeps a state: on disk when this returns. Written beside and renamed, so that no half word is ever read.
    pub(crate) fn keep(&self, state: TradingState) -> Result<(), String> {
        let Some(path) = &self.0 else { return Ok(()) };
        let write = || {
            let beside = path.with_extension("new");
            let mut file = File::create(&beside)?;
            writeln!(file, "{}", state.name())?;
            file.sync_all()?;
            fs::rename(&beside, path)?;
            match path.parent() {
                Some(folder) => File::open(folder)?.sync_all(),
                None => Ok(()),
            }
        };
        write().map_err(|error: io::Error| format!("cannot write {}: {error}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_as_it_was_kept_and_nonsense_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let keeper = Keeper::in_folder(Some(folder.path()));
        assert_eq!(keeper.read(), Ok(TradingState::Active));
        for state in TradingState::ALL {
            keeper.keep(*state).expect("is written");
            assert_eq!(keeper.read(), Ok(*state));
        }
        fs::write(folder.path().join(FILE), "HAL").expect("is written");
        assert!(keeper.read().expect_err("is no state").contains("ACTIVE, REDUCING or HALTED"));
        assert!(Keeper::in_folder(Some(Path::new("/nowhere"))).keep(TradingState::Halted).is_err());
    }
}
