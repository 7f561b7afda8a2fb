//! Orders that are refused before the book is looked at.

use super::check;
use expect_test::expect;

#[test]
fn prices_that_are_refused() {
    check(
        "buy 0 rb open limit 3000 x1
         book rb 3000x9 / 3001x9 last 3000 limits 2820 3180
         book 600036 42x1000 / 42.01x1500 last 42
         buy 1 zz9999.SHFE open limit 3000 x1
         buy 2 rb open limit 3000.5 x1
         buy 3 rb open limit 3181 x1
         buy 4 rb open limit 2819 x1
         buy 5 rb open limit -1 x1
         buy 6 rb open limit 0 x1
         buy 7 rb open limit NaN x1
         buy 8 rb open limit inf x1
         buy 9 rb open limit 1e300 x1",
        expect![[r#"
            > buy 0 rb open limit 3000 x1
              log order 0 of rb2701.SHFE refused: the contract has no price yet
              order 0 REJECTED NO_MARKET
            > book rb 3000x9 / 3001x9 last 3000 limits 2820 3180
            > book 600036 42x1000 / 42.01x1500 last 42
            > buy 1 zz9999.SHFE open limit 3000 x1
              log order 1 of zz9999.SHFE refused: there is no contract zz9999.SHFE
              order 1 REJECTED UNKNOWN_CONTRACT
            > buy 2 rb open limit 3000.5 x1
              log order 2 of rb2701.SHFE refused: the price must be a multiple of the tick of 1
              order 2 REJECTED PRICE_TICK
            > buy 3 rb open limit 3181 x1
              log order 3 of rb2701.SHFE refused: the price is above the day's limit of 3180
              order 3 REJECTED PRICE_ABOVE_LIMIT
            > buy 4 rb open limit 2819 x1
              log order 4 of rb2701.SHFE refused: the price is below the day's limit of 2820
              order 4 REJECTED PRICE_BELOW_LIMIT
            > buy 5 rb open limit -1 x1
              log order 5 of rb2701.SHFE refused: the price must be above 0, got -1
              order 5 REJECTED PRICE_NOT_POSITIVE
            > buy 6 rb open limit 0 x1
              log order 6 of rb2701.SHFE refused: the price must be above 0, got 0
              order 6 REJECTED PRICE_NOT_POSITIVE
            > buy 7 rb open limit NaN x1
              log order 7 of rb2701.SHFE refused: the price is not a number
              order 7 REJECTED PRICE_NAN
            > buy 8 rb open limit inf x1
              log order 8 of rb2701.SHFE refused: the price is not a number
              order 8 REJECTED PRICE_NAN
            > buy 9 rb open limit 1e300 x1
              log order 9 of rb2701.SHFE refused: the price is above the day's limit of 3180
              order 9 REJECTED PRICE_ABOVE_LIMIT
        "#]],
    );
}

#[test]
fn volumes_and_the_rest_that_is_refused() {
    check(
        "book rb 3000x9 / 3001x9 last 3000 limits 2820 3180
         book 600036 42x1000 / 42.01x1500 last 42
         buy 10 rb open limit 3000 x0
         buy 11 rb open limit 3000 x-2
         buy 12 rb open limit 3000 xNaN
         buy 13 rb open limit 3000 x1e300
         buy 14 rb open limit 3000 x501
         buy 15 rb open limit 3000 x1.5
         buy 16 600036 none limit 42 x50
         buy 17 rb none limit 3000 x1
         buy 18 rb open rfq 3000 x1
         buy 19 rb open etf 3000 x1
         buy 20 rb open limit 2900 x499
         buy 21 rb open limit 2900 x1
         buy 21 rb open limit 2900 x1
         sell 22 rb close limit 2900 x1",
        expect![[r#"
            > book rb 3000x9 / 3001x9 last 3000 limits 2820 3180
            > book 600036 42x1000 / 42.01x1500 last 42
            > buy 10 rb open limit 3000 x0
              log order 10 of rb2701.SHFE refused: the volume must be above 0, got 0
              order 10 REJECTED VOLUME_NOT_POSITIVE
            > buy 11 rb open limit 3000 x-2
              log order 11 of rb2701.SHFE refused: the volume must be above 0, got -2
              order 11 REJECTED VOLUME_NOT_POSITIVE
            > buy 12 rb open limit 3000 xNaN
              log order 12 of rb2701.SHFE refused: the volume is not a number
              order 12 REJECTED VOLUME_NAN
            > buy 13 rb open limit 3000 x1e300
              log order 13 of rb2701.SHFE refused: the volume is above the 500 that one order may have
              order 13 REJECTED VOLUME_MAX
            > buy 14 rb open limit 3000 x501
              log order 14 of rb2701.SHFE refused: the volume is above the 500 that one order may have
              order 14 REJECTED VOLUME_MAX
            > buy 15 rb open limit 3000 x1.5
              log order 15 of rb2701.SHFE refused: the volume must be a multiple of 1
              order 15 REJECTED VOLUME_STEP
            > buy 16 600036 none limit 42 x50
              log order 16 of 600036.SSE refused: the volume must be a multiple of the lot of 100 (an odd rest can only be sold as a whole)
              order 16 REJECTED VOLUME_LOT
            > buy 17 rb none limit 3000 x1
              log order 17 of rb2701.SHFE refused: the order must say whether it opens or closes: the contract is held long and short side by side
              order 17 REJECTED OFFSET_MISSING
            > buy 18 rb open rfq 3000 x1
              log order 18 of rb2701.SHFE refused: order type RFQ is not supported
              order 18 REJECTED ORDER_TYPE
            > buy 19 rb open etf 3000 x1
              log order 19 of rb2701.SHFE refused: order type ETF is not supported
              order 19 REJECTED ORDER_TYPE
            > buy 20 rb open limit 2900 x499
              log order 20 of rb2701.SHFE refused: not enough money: 1159127.10 CNY needed, 1000000.00 CNY available
              order 20 REJECTED FUNDS
            > buy 21 rb open limit 2900 x1
              order 21 NOTTRADED 0/1
              account CNY balance 1000000.00 = available 997677.10 + margin 0.00 + frozen 2322.90
            > buy 21 rb open limit 2900 x1
              log order 21 of rb2701.SHFE refused: the order id is at work already
            > sell 22 rb close limit 2900 x1
              log order 22 of rb2701.SHFE refused: not enough of yesterday's position: 1 wanted, 0 available (on SHFE and INE CLOSE means yesterday's; use CLOSETODAY for today's)
              order 22 REJECTED POSITION_YESTERDAY
        "#]],
    );
}
