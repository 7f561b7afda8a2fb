//! Why a recording is refused: the file, the line, the column, and what is wrong there.

use crate::words::Words;
use std::fmt;

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// The file cannot be read.
    Unreadable(String),
    /// Not UTF-8.
    Encoding,
    /// No header, or no row after it.
    Empty,
    /// A header of no known format.
    Header(String),
    /// A row with another number of cells than the header: expected, found.
    Cells(usize, usize),
    /// A line beyond all reason.
    LongLine,
    /// More rows than fit: the most.
    Rows(usize),
    /// A cell that is no number.
    Number(String),
    /// A number below zero.
    Negative(String),
    /// A price between two ticks of this size.
    Tick(String, f64),
    /// A cell that is no date or time.
    Time(String),
    /// Earlier than the row before.
    Order(String),
    /// The day's volume falls.
    VolumeFalls(String),
    /// High below low, or open or close beyond them.
    Range,
    /// Nothing says which instrument it is of.
    Unnamed,
    /// No rule for this code.
    Unknown(String),
}

/// A recording that cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) file: String,
    /// Counted from 1; the header is line 1. 0 where it is about the file.
    pub(crate) line: usize,
    /// Name of the column, and its place counted from 1.
    pub(crate) column: Option<(String, usize)>,
    pub(crate) kind: Kind,
}

impl Fault {
    /// The fault for a person.
    pub(crate) fn words(&self) -> Words {
        let what = self.kind.words();
        let (mut zh, mut en) = (format!("录制文件{}", self.file), format!("recording {}", self.file));
        if self.line > 0 {
            zh += &format!(" 第{}行", self.line);
            en += &format!(", line {}", self.line);
        }
        if let Some((name, place)) = &self.column {
            zh += &format!(" 第{place}列({name})");
            en += &format!(", column {place} ({name})");
        }
        Words::new(format!("{zh}：{}", what.zh), format!("{en}: {}", what.en))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().en)
    }
}

impl Kind {
    fn words(&self) -> Words {
        match self {
            Kind::Unreadable(why) => Words::new(format!("无法读取：{why}"), format!("cannot be read: {why}")),
            Kind::Encoding => Words::new(
                "不是UTF-8编码（若为GBK，请先转换：iconv -f GB18030 -t UTF-8）",
                "not UTF-8 text (if it is GBK, convert it first: iconv -f GB18030 -t UTF-8)",
            ),
            Kind::Empty => Words::new("没有数据行", "no rows"),
            Kind::Header(header) => Words::new(
                format!("无法识别的表头“{header}”，支持CTP行情、五档行情、外汇报价和K线"),
                format!("unknown header \"{header}\"; known are CTP ticks, five-level books, currency quotes and bars"),
            ),
            Kind::Cells(wanted, found) => Words::new(
                format!("应有{wanted}列，实有{found}列"),
                format!("{found} cells where the header has {wanted}"),
            ),
            Kind::LongLine => Words::new("行过长", "the line is too long"),
            Kind::Rows(most) => Words::new(format!("总行数超过{most}"), format!("more than {most} rows in all")),
            Kind::Number(text) => Words::new(format!("“{text}”不是数字"), format!("\"{text}\" is not a number")),
            Kind::Negative(text) => Words::new(format!("“{text}”小于0"), format!("\"{text}\" is below 0")),
            Kind::Tick(text, tick) => Words::new(
                format!("“{text}”不是最小变动价位{tick}的整数倍"),
                format!("\"{text}\" is not a multiple of the tick of {tick}"),
            ),
            Kind::Time(text) => {
                Words::new(format!("“{text}”不是日期时间"), format!("\"{text}\" is not a date and time"))
            }
            Kind::Order(text) => {
                Words::new(format!("时间“{text}”早于上一行"), format!("time \"{text}\" is earlier than the row before"))
            }
            Kind::VolumeFalls(text) => Words::new(
                format!("当日成交量“{text}”小于上一行"),
                format!("the day's volume \"{text}\" is below that of the row before"),
            ),
            Kind::Range => {
                Words::new("最高价、最低价与开盘价、收盘价矛盾", "high and low do not contain open and close")
            }
            Kind::Unnamed => Words::new(
                "无法得知是哪个合约，请写作 合约.交易所=路径",
                "nothing says which instrument it is of; write symbol.EXCHANGE=path",
            ),
            Kind::Unknown(symbol) => {
                Words::new(format!("没有合约{symbol}的规则"), format!("there is no rule for an instrument {symbol}"))
            }
        }
    }
}
