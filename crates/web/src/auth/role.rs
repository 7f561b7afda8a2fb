//! What a user may do. A ladder: each role may do what those below it may.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A user's role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks, and changes nothing but what is his own.
    Viewer,
    /// Trades, too.
    Trader,
    /// Decides who may log in, too. A user of a file that knows no roles is one.
    #[default]
    Admin,
}

/// No role has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of admin, trader, viewer")]
pub struct NoRole;

impl Role {
    /// Names of all of them, as the API and `users.json` write them.
    pub const NAMES: &[&str] = &["admin", "trader", "viewer"];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Trader => "trader",
            Role::Admin => "admin",
        }
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Role> {
        [Role::Viewer, Role::Trader, Role::Admin].into_iter().find(|role| role.name() == name)
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    pub(super) fn is_admin(&self) -> bool {
        *self == Role::Admin
    }
}

impl FromStr for Role {
    type Err = NoRole;

    fn from_str(name: &str) -> Result<Role, NoRole> {
        Role::from_name(name).ok_or(NoRole)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
