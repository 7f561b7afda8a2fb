//! Every error of `/api/v1`, in one table: its name, its status, what it means. The OpenAPI document lists exactly these.
//!
//! A client decides by `code`; `detail` is for a person and may change.

use hyper::StatusCode;

/// One error: variant, name, status, title.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $name:literal $status:ident $title:literal),+ $(,)?) => {
        /// What went wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $variant),+ }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            /// The name in `code`.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$variant => $name),+ }
            }

            /// The status that it is answered with.
            pub const fn status(self) -> StatusCode {
                match self { $(Code::$variant => StatusCode::$status),+ }
            }

            /// What it means, the same for each occurrence.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$variant => $title),+ }
            }
        }
    };
}

codes! {
    /// The body is no JSON object, or the query cannot be read.
    Malformed "malformed" BAD_REQUEST "The request cannot be read",
    /// The stream's handshake has no good key.
    BadHandshake "bad_handshake" BAD_REQUEST "Not a WebSocket handshake",
    /// No token and no cookie came along.
    NotAuthenticated "not_authenticated" UNAUTHORIZED "Not logged in",
    /// The token is not one of ours, has ended, or was made before the password changed.
    TokenInvalid "token_invalid" UNAUTHORIZED "The session is not valid any more",
    /// Wrong user name or password.
    WrongCredentials "wrong_credentials" UNAUTHORIZED "Wrong user name or password",
    /// A page of another origin asks with our cookie.
    CrossSite "cross_site" FORBIDDEN "A page of another origin may not do this",
    /// The user's role does not let him.
    Forbidden "forbidden" FORBIDDEN "Your role does not allow this",
    /// The present password, which has to come along, is wrong.
    WrongPassword "wrong_password" FORBIDDEN "The present password is wrong",
    /// There is no such path.
    NotFound "not_found" NOT_FOUND "There is nothing at this address",
    /// The stream knows no such method.
    MethodUnknown "method_unknown" NOT_FOUND "There is no such method",
    /// No trading process of this name is configured.
    TraderNotFound "trader_not_found" NOT_FOUND "There is no trading process of this name",
    /// The trading process has no such contract.
    ContractNotFound "contract_not_found" NOT_FOUND "There is no such contract",
    /// The instrument has no tick, perhaps because nobody subscribed to it.
    TickNotFound "tick_not_found" NOT_FOUND "There is no tick of this instrument",
    /// There is no such order.
    OrderNotFound "order_not_found" NOT_FOUND "There is no such order",
    /// There is no such quote.
    QuoteNotFound "quote_not_found" NOT_FOUND "There is no such quote",
    /// There is no such position.
    PositionNotFound "position_not_found" NOT_FOUND "There is no such position",
    /// There is no such gateway.
    GatewayNotFound "gateway_not_found" NOT_FOUND "There is no such gateway",
    /// There is no such user.
    UserNotFound "user_not_found" NOT_FOUND "There is no such user",
    /// The user has no such session, or it has ended.
    SessionNotFound "session_not_found" NOT_FOUND "There is no such session",
    /// The page's last row is gone, or it never was one.
    CursorNotFound "cursor_not_found" NOT_FOUND "There is no page behind this cursor",
    /// The path is there for other methods.
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED "This method is not allowed here",
    /// The body did not arrive in time.
    BodyTooSlow "body_too_slow" REQUEST_TIMEOUT "The body did not arrive in time",
    /// The same id was used for something else before.
    IdConflict "id_conflict" CONFLICT "This id was used with another content",
    /// A person has said that this order of unknown outcome is dealt with.
    Acknowledged "acknowledged" CONFLICT "This order of unknown outcome was acknowledged",
    /// Somebody else has changed the settings since they were read.
    SettingsConflict "settings_conflict" CONFLICT "The settings were changed meanwhile",
    /// There is a user of this name.
    UserExists "user_exists" CONFLICT "There is such a user already",
    /// Nobody could decide any more who may log in.
    LastAdmin "last_admin" CONFLICT "One user at least has to be an admin",
    /// Nobody removes himself.
    OwnUser "own_user" CONFLICT "Nobody removes himself",
    /// The user stands in a configuration file.
    ConfiguredUser "configured_user" CONFLICT "This user stands in a configuration file",
    /// The body is too large.
    BodyTooLarge "body_too_large" PAYLOAD_TOO_LARGE "The body is too large",
    /// The body is not sent as JSON.
    MediaType "media_type" UNSUPPORTED_MEDIA_TYPE "The body has to be application/json",
    /// Fields are missing, unknown or wrong; `errors` names each.
    Invalid "invalid" UNPROCESSABLE_ENTITY "Fields of the request are wrong",
    /// A rule forbids it; it was not sent.
    RuleBroken "rule_broken" UNPROCESSABLE_ENTITY "A rule forbids this",
    /// The trading process answered with an error of its own.
    Refused "refused" UNPROCESSABLE_ENTITY "The trading process refused",
    /// The stream needs an upgrade to WebSocket 13.
    UpgradeRequired "upgrade_required" UPGRADE_REQUIRED "Not a WebSocket handshake",
    /// More requests than are allowed in this time.
    RateLimited "rate_limited" TOO_MANY_REQUESTS "Too many requests",
    /// Too many failed logins of late.
    LoginThrottled "login_throttled" TOO_MANY_REQUESTS "Too many failed logins",
    /// A fault of ours.
    Internal "internal" INTERNAL_SERVER_ERROR "Something of ours failed",
    /// This trading process or its version cannot do it.
    Unsupported "unsupported" NOT_IMPLEMENTED "The trading process does not offer this",
    /// The trading process is away; nothing was done.
    TraderAway "trader_away" SERVICE_UNAVAILABLE "The trading process is away",
    /// Certainly not sent; may be repeated.
    NotSent "not_sent" SERVICE_UNAVAILABLE "Certainly not sent",
    /// Too many at once; nothing was done.
    Busy "busy" SERVICE_UNAVAILABLE "Too much at once",
    /// All places of the stream are taken.
    NoSeat "no_seat" SERVICE_UNAVAILABLE "No seat",
    /// Sent, and no answer came: it may have been done.
    OutcomeUnknown "outcome_unknown" GATEWAY_TIMEOUT "The outcome is unknown",
}
