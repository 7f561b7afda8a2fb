//! temporary
use crate::cli::{UserOptions, WebOptions};
pub(crate) fn run(_: &WebOptions) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}
pub(crate) fn check(_: &WebOptions) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}
pub(crate) fn user(_: &UserOptions) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}
