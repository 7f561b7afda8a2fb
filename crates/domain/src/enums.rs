//! VeighNa's enums (`vnpy.trader.constant`): member names and the values of both languages.
//!
//! VeighNa translates enum *values* by the locale of each process, so the same member travels as `多` or `Long`.
//! Inside we only know members; a value is looked up in both languages when it is read and written in the
//! language that the reader is known to have.

/// The language of a process's enum values and log texts (gettext decides it in VeighNa).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Chinese: VeighNa's default wherever the locale is not English.
    #[default]
    Zh,
    /// English.
    En,
}

/// One enum of the table: its variants with member name, Chinese value and English value.
macro_rules! veighna_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $member:literal $zh:literal $en:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every member, in VeighNa's order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The member's Python name, which is the same in every language and version.
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => $member),+ }
            }

            /// The member's value as a VeighNa process of that language has it.
            pub const fn value(self, language: Language) -> &'static str {
                match (self, language) {
                    $(($name::$variant, Language::Zh) => $zh, ($name::$variant, Language::En) => $en),+
                }
            }

            /// The member of this Python name.
            pub fn from_name(name: &str) -> Option<$name> {
                match name { $($member => Some($name::$variant),)+ _ => None }
            }

            /// The member that has this value in that language.
            pub fn from_value(value: &str, language: Language) -> Option<$name> {
                $name::ALL.iter().copied().find(|member| member.value(language) == value)
            }

            /// The member meant by a text of either language or by its Python name.
            pub fn parse(text: &str) -> Option<$name> {
                $name::from_value(text, Language::Zh)
                    .or_else(|| $name::from_value(text, Language::En))
                    .or_else(|| $name::from_name(text))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                $name::from_name(&text).ok_or_else(|| {
                    let members: Vec<&str> = $name::ALL.iter().map(|member| member.name()).collect();
                    serde::de::Error::custom(format_args!("{text:?} is none of {}", members.join(", ")))
                })
            }
        }
    };
}

veighna_enum! {
    /// Side of an order, trade or position.
    Direction {
        /// Bought, or a long position.
        Long "LONG" "多" "Long",
        /// Sold, or a short position.
        Short "SHORT" "空" "Short",
        /// A position of an account that nets.
        Net "NET" "净" "Net",
    }
}

veighna_enum! {
    /// Whether an order opens or closes, and which day's position it closes.
    Offset {
        /// Not said: venues that net need none.
        None "NONE" "" "",
        /// Opens.
        Open "OPEN" "开" "Open",
        /// Closes; on SHFE and INE this means yesterday's.
        Close "CLOSE" "平" "Close",
        /// Closes a position of today.
        CloseToday "CLOSETODAY" "平今" "Close Today",
        /// Closes a position of an earlier day.
        CloseYesterday "CLOSEYESTERDAY" "平昨" "Close Yesterday",
    }
}

veighna_enum! {
    /// Life of an order; see [`crate::status`] for the legal steps.
    Status {
        /// Sent, not yet answered.
        Submitting "SUBMITTING" "提交中" "Submitting",
        /// Resting, nothing traded.
        NotTraded "NOTTRADED" "未成交" "Not Traded",
        /// Resting, part traded.
        PartTraded "PARTTRADED" "部分成交" "Part Traded",
        /// Done.
        AllTraded "ALLTRADED" "全部成交" "All Traded",
        /// Cancelled, perhaps after a part was traded.
        Cancelled "CANCELLED" "已撤销" "Cancelled",
        /// Refused by the venue or by a check before it.
        Rejected "REJECTED" "拒单" "Rejected",
    }
}

veighna_enum! {
    /// Kind of instrument.
    Product {
        /// A share.
        Equity "EQUITY" "股票" "Stock",
        /// A futures contract.
        Futures "FUTURES" "期货" "Futures",
        /// An option.
        Option "OPTION" "期权" "Option",
        /// An index.
        Index "INDEX" "指数" "Index",
        /// A currency pair.
        Forex "FOREX" "外汇" "Forex",
        /// Spot goods.
        Spot "SPOT" "现货" "Spot",
        /// A fund traded like a share.
        Etf "ETF" "ETF" "ETF",
        /// A bond.
        Bond "BOND" "债券" "Bond",
        /// A warrant.
        Warrant "WARRANT" "权证" "Warrant",
        /// A spread of two contracts.
        Spread "SPREAD" "价差" "Spread",
        /// A fund.
        Fund "FUND" "基金" "Fund",
        /// A contract for difference.
        Cfd "CFD" "CFD" "CFD",
        /// A swap.
        Swap "SWAP" "互换" "Swap",
    }
}

veighna_enum! {
    /// How an order is to be filled.
    OrderType {
        /// At this price or better.
        Limit "LIMIT" "限价" "Limit",
        /// At the market.
        Market "MARKET" "市价" "Market",
        /// Becomes active when the market reaches the price.
        Stop "STOP" "STOP" "STOP",
        /// Fill what is there, cancel the rest.
        Fak "FAK" "FAK" "FAK",
        /// Fill all at once or cancel.
        Fok "FOK" "FOK" "FOK",
        /// Request for quote.
        Rfq "RFQ" "询价" "RFQ",
        /// Creation or redemption of a fund (VeighNa 4.1 and later only).
        Etf "ETF" "ETF" "ETF",
    }
}

veighna_enum! {
    /// Right of an option.
    OptionType {
        /// Right to buy.
        Call "CALL" "看涨期权" "Call",
        /// Right to sell.
        Put "PUT" "看跌期权" "Put",
    }
}

veighna_enum! {
    /// What new orders may do. Cancels always pass.
    TradingState {
        /// Every order.
        Active "ACTIVE" "正常" "Active",
        /// Only orders that reduce a position.
        Reducing "REDUCING" "只减仓" "Reducing only",
        /// None.
        Halted "HALTED" "停止" "Halted",
    }
}

veighna_enum! {
    /// Length of a bar.
    Interval {
        /// One minute.
        Minute "MINUTE" "1m" "1m",
        /// One hour.
        Hour "HOUR" "1h" "1h",
        /// One trading day.
        Daily "DAILY" "d" "d",
        /// One week.
        Weekly "WEEKLY" "w" "w",
        /// No bar: single ticks.
        Tick "TICK" "tick" "tick",
    }
}

impl Direction {
    /// Long for short and short for long; a net position has no opposite and stays.
    pub const fn opposite(self) -> Direction {
        match self {
            Direction::Long => Direction::Short,
            Direction::Short => Direction::Long,
            Direction::Net => Direction::Net,
        }
    }
}

impl Offset {
    /// Whether the order reduces a position.
    pub const fn closes(self) -> bool {
        matches!(self, Offset::Close | Offset::CloseToday | Offset::CloseYesterday)
    }
}

impl Status {
    /// Whether the order may still trade (VeighNa's `ACTIVE_STATUSES`).
    pub const fn is_active(self) -> bool {
        matches!(self, Status::Submitting | Status::NotTraded | Status::PartTraded)
    }
}

#[cfg(test)]
mod tests;
