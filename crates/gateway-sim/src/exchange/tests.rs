//! Scenarios that a trader can read, and laws that hold over any sequence of inputs.

mod laws;
mod script;

use expect_test::{Expect, expect};
use script::Theatre;

fn check(script: &str, wanted: Expect) {
    wanted.assert_eq(&Theatre::new().play(script));
}

#[test]
fn a_limit_order_takes_what_is_there_and_rests() {
    check(
        "book rb 3000x5 2999x9 / 3001x3 3002x8 last 3000
         buy 1 rb open limit 3001 x5
         book rb 3000x5 / 3002x8 last 3001
         book rb 2999x5 / 3001x1 last 3001
         cancel 1
         cancel 1",
        expect![[r#"
            > book rb 3000x5 2999x9 / 3001x3 3002x8 last 3000
            > buy 1 rb open limit 3001 x5
              order 1 NOTTRADED 0/5
              order 1 PARTTRADED 3/5
              trade 1 bought 3 at 3001 for 1
              position rb2701 Long 3 (yesterday 0, frozen 0) at 3001.00 profit -30.00
              account CNY balance 999961.00 = available 987950.99 + margin 7202.40 + frozen 4807.60
            > book rb 3000x5 / 3002x8 last 3001
            > book rb 2999x5 / 3001x1 last 3001
              order 1 PARTTRADED 4/5
              trade 2 bought 1 at 3001 for 1
              position rb2701 Long 4 (yesterday 0, frozen 0) at 3001.00 profit 0.00
              account CNY balance 999988.00 = available 987981.00 + margin 9603.20 + frozen 2403.80
            > cancel 1
              order 1 CANCELLED 4/5
              account CNY balance 999988.00 = available 990384.80 + margin 9603.20 + frozen 0.00
            > cancel 1
              log nothing to cancel: order 1 is unknown or finished
        "#]],
    );
}

#[test]
fn market_orders_walk_the_book_and_what_is_left_is_cancelled() {
    check(
        "book rb 3000x5 2999x9 / 3001x3 3002x8 last 3000
         buy 1 rb open market x5
         buy 2 rb open market x50
         buy 3 rb open market x1
         book rb 3000x5 / 3001x3 last 3000
         sell 4 rb closetoday market x2",
        expect![[r#"
            > book rb 3000x5 2999x9 / 3001x3 3002x8 last 3000
            > buy 1 rb open market x5
              order 1 NOTTRADED 0/5
              order 1 PARTTRADED 3/5
              trade 1 bought 3 at 3001 for 1
              order 1 ALLTRADED 5/5
              trade 2 bought 2 at 3002 for 1
              position rb2701 Long 5 (yesterday 0, frozen 0) at 3001.40 profit -70.00
              account CNY balance 999914.99 = available 987909.39 + margin 12005.60 + frozen 0.00
            > buy 2 rb open market x50
              order 2 NOTTRADED 0/50
              order 2 PARTTRADED 6/50
              trade 3 bought 6 at 3002 for 2
              log nobody trades the remaining 44 of order 2, which are cancelled
              order 2 CANCELLED 6/50
              position rb2701 Long 11 (yesterday 0, frozen 0) at 3001.73 profit -190.00
              account CNY balance 999776.98 = available 973361.78 + margin 26415.20 + frozen 0.00
            > buy 3 rb open market x1
              order 3 NOTTRADED 0/1
              log nobody trades the remaining 1 of order 3, which are cancelled
              order 3 CANCELLED 0/1
              account CNY balance 999776.98 = available 973361.78 + margin 26415.20 + frozen 0.00
            > book rb 3000x5 / 3001x3 last 3000
            > sell 4 rb closetoday market x2
              order 4 NOTTRADED 0/2
              order 4 ALLTRADED 2/2
              trade 4 sold 2 at 3000 for 4
              position rb2701 Long 9 (yesterday 0, frozen 0) at 3001.73 profit -155.45
              account CNY balance 999770.98 = available 978158.54 + margin 21612.44 + frozen 0.00
        "#]],
    );
}

#[test]
fn fill_and_kill_takes_a_part_and_fill_or_kill_all_or_nothing() {
    check(
        "book i 780x5 / 780.5x3 781x8 last 780
         buy 1 i open fak 780.5 x4
         buy 2 i open fok 781 x9
         buy 3 i open fok 781 x8
         sell 4 i close fok 780 x3",
        expect![[r#"
            > book i 780x5 / 780.5x3 781x8 last 780
            > buy 1 i open fak 780.5 x4
              order 1 NOTTRADED 0/4
              order 1 PARTTRADED 3/4
              trade 1 bought 3 at 780.5 for 1
              log nobody trades the remaining 1 of order 1, which are cancelled
              order 1 CANCELLED 3/4
              position i2701 Long 3 (yesterday 0, frozen 0) at 780.50 profit -150.00
              account CNY balance 999826.58 = available 971728.58 + margin 28098.00 + frozen 0.00
            > buy 2 i open fok 781 x9
              order 2 NOTTRADED 0/9
              log fill-or-kill order 2 was cancelled: 9 wanted, the book has 8
              order 2 CANCELLED 0/9
              account CNY balance 999826.58 = available 971728.58 + margin 28098.00 + frozen 0.00
            > buy 3 i open fok 781 x8
              order 3 NOTTRADED 0/8
              order 3 ALLTRADED 8/8
              trade 2 bought 8 at 781 for 3
              position i2701 Long 11 (yesterday 0, frozen 0) at 780.86 profit -950.00
              account CNY balance 998964.10 = available 895890.10 + margin 103074.00 + frozen 0.00
            > sell 4 i close fok 780 x3
              order 4 NOTTRADED 0/3
              order 4 ALLTRADED 3/3
              trade 3 sold 3 at 780 for 4
              position i2701 Long 8 (yesterday 0, frozen 0) at 780.86 profit -690.91
              account CNY balance 998940.70 = available 923977.80 + margin 74962.91 + frozen 0.00
        "#]],
    );
}

#[test]
fn a_stop_order_waits_for_its_price_and_is_refused_then_if_it_cannot_be_carried() {
    check(
        "book rb 3000x5 / 3001x3 last 3000
         buy 1 rb open stop 3010 x2
         sell 2 rb closetoday stop 2990 x1
         book rb 3008x5 / 3009x3 last 3009
         book rb 3010x5 / 3011x1 last 3010
         book rb 2989x5 / 2990x1 last 2990
         sell 3 rb close stop 2980 x1
         book rb 2979x5 / 2981x1 last 2980",
        expect![[r#"
            > book rb 3000x5 / 3001x3 last 3000
            > buy 1 rb open stop 3010 x2
              order 1 NOTTRADED 0/2
            > sell 2 rb closetoday stop 2990 x1
              order 2 NOTTRADED 0/1
            > book rb 3008x5 / 3009x3 last 3009
            > book rb 3010x5 / 3011x1 last 3010
              log stop order 1 triggered at 3010
              order 1 PARTTRADED 1/2
              trade 1 bought 1 at 3011 for 1
              log nobody trades the remaining 1 of order 1, which are cancelled
              order 1 CANCELLED 1/2
              position rb2701 Long 1 (yesterday 0, frozen 0) at 3011.00 profit -10.00
              account CNY balance 999986.99 = available 997578.19 + margin 2408.80 + frozen 0.00
            > book rb 2989x5 / 2990x1 last 2990
              log stop order 2 triggered at 2990
              order 2 ALLTRADED 1/1
              trade 2 sold 1 at 2989 for 2
              position rb2701 Long 0 (yesterday 0, frozen 0) at 0.00 profit 0.00
              account CNY balance 999774.00 = available 999774.00 + margin 0.00 + frozen 0.00
            > sell 3 rb close stop 2980 x1
              order 3 NOTTRADED 0/1
            > book rb 2979x5 / 2981x1 last 2980
              log stop order 3 triggered at 2980
              log order 3 of rb2701.SHFE refused: not enough of yesterday's position: 1 wanted, 0 available (on SHFE and INE CLOSE means yesterday's; use CLOSETODAY for today's)
              order 3 REJECTED 0/1
        "#]],
    );
}

#[test]
fn shanghai_tells_today_from_yesterday() {
    check(
        "book rb 3000x9 / 3001x9 last 3000
         buy 1 rb open limit 3001 x3
         sell 2 rb close limit 3000 x1
         sell 3 rb closetoday limit 3000 x1
         book rb 3010x9 / 3011x9 last 3010
         settle
         book rb 3020x9 / 3021x9 last 3020
         buy 4 rb open limit 3021 x1
         sell 5 rb closetoday limit 3020 x2
         sell 6 rb close limit 3020 x2
         sell 7 rb closeyesterday limit 3020 x1",
        expect![[r#"
            > book rb 3000x9 / 3001x9 last 3000
            > buy 1 rb open limit 3001 x3
              order 1 NOTTRADED 0/3
              order 1 ALLTRADED 3/3
              trade 1 bought 3 at 3001 for 1
              position rb2701 Long 3 (yesterday 0, frozen 0) at 3001.00 profit -30.00
              account CNY balance 999961.00 = available 992758.60 + margin 7202.40 + frozen 0.00
            > sell 2 rb close limit 3000 x1
              log order 2 of rb2701.SHFE refused: not enough of yesterday's position: 1 wanted, 0 available (on SHFE and INE CLOSE means yesterday's; use CLOSETODAY for today's)
              order 2 REJECTED POSITION_YESTERDAY
            > sell 3 rb closetoday limit 3000 x1
              order 3 NOTTRADED 0/1
              order 3 ALLTRADED 1/1
              trade 2 sold 1 at 3000 for 3
              position rb2701 Long 2 (yesterday 0, frozen 0) at 3001.00 profit -20.00
              account CNY balance 999958.00 = available 995156.40 + margin 4801.60 + frozen 0.00
            > book rb 3010x9 / 3011x9 last 3010
            > settle
              position rb2701 Long 2 (yesterday 2, frozen 0) at 3010.00 profit 0.00
              account CNY balance 1000158.00 = available 995342.00 + margin 4816.00 + frozen 0.00
              account USD balance 100000.00 = available 100000.00 + margin 0.00 + frozen 0.00
              account USDT balance 100000.00 = available 100000.00 + margin 0.00 + frozen 0.00
              log 2026-11-23 settled: 180.00 marked to market, 0 open orders cancelled
            > book rb 3020x9 / 3021x9 last 3020
            > buy 4 rb open limit 3021 x1
              order 4 NOTTRADED 0/1
              order 4 ALLTRADED 1/1
              trade 3 bought 1 at 3021 for 4
              position rb2701 Long 3 (yesterday 2, frozen 0) at 3013.67 profit 190.00
              account CNY balance 1000344.98 = available 993112.18 + margin 7232.80 + frozen 0.00
            > sell 5 rb closetoday limit 3020 x2
              log order 5 of rb2701.SHFE refused: not enough of today's position: 2 wanted, 1 available
              order 5 REJECTED POSITION_TODAY
            > sell 6 rb close limit 3020 x2
              order 6 NOTTRADED 0/2
              order 6 ALLTRADED 2/2
              trade 4 sold 2 at 3020 for 6
              position rb2701 Long 1 (yesterday 0, frozen 0) at 3021.00 profit -10.00
              account CNY balance 1000338.94 = available 997922.14 + margin 2416.80 + frozen 0.00
            > sell 7 rb closeyesterday limit 3020 x1
              log order 7 of rb2701.SHFE refused: not enough of yesterday's position: 1 wanted, 0 available (on SHFE and INE CLOSE means yesterday's; use CLOSETODAY for today's)
              order 7 REJECTED POSITION_YESTERDAY
        "#]],
    );
}

#[test]
fn elsewhere_close_takes_today_first() {
    check(
        "book m 3000x9 / 3001x9 last 3000
         sell 1 m open limit 3000 x2
         settle
         book m 3000x9 / 3001x9 last 3000
         sell 2 m open limit 3000 x1
         buy 3 m close limit 2990 x2
         buy 4 m close limit 2990 x2
         cancel 3
         buy 5 m close limit 3001 x2
         sell 6 m none limit 3001 x2",
        expect![[r#"
            > book m 3000x9 / 3001x9 last 3000
            > sell 1 m open limit 3000 x2
              order 1 NOTTRADED 0/2
              order 1 ALLTRADED 2/2
              trade 1 sold 2 at 3000 for 1
              position m2701 Short 2 (yesterday 0, frozen 0) at 3000.00 profit 0.00
              account CNY balance 999997.00 = available 995197.00 + margin 4800.00 + frozen 0.00
            > settle
              position m2701 Short 2 (yesterday 2, frozen 0) at 3000.00 profit 0.00
              account CNY balance 999997.00 = available 995197.00 + margin 4800.00 + frozen 0.00
              account USD balance 100000.00 = available 100000.00 + margin 0.00 + frozen 0.00
              account USDT balance 100000.00 = available 100000.00 + margin 0.00 + frozen 0.00
              log 2026-11-23 settled: 0.00 marked to market, 0 open orders cancelled
            > book m 3000x9 / 3001x9 last 3000
            > sell 2 m open limit 3000 x1
              order 2 NOTTRADED 0/1
              order 2 ALLTRADED 1/1
              trade 2 sold 1 at 3000 for 2
              position m2701 Short 3 (yesterday 2, frozen 0) at 3000.00 profit 0.00
              account CNY balance 999995.50 = available 992795.50 + margin 7200.00 + frozen 0.00
            > buy 3 m close limit 2990 x2
              order 3 NOTTRADED 0/2
              position m2701 Short 3 (yesterday 2, frozen 2) at 3000.00 profit 0.00
              account CNY balance 999995.50 = available 992795.50 + margin 7200.00 + frozen 0.00
            > buy 4 m close limit 2990 x2
              log order 4 of m2701.DCE refused: not enough position: 2 wanted, 1 available
              order 4 REJECTED POSITION
            > cancel 3
              order 3 CANCELLED 0/2
              position m2701 Short 3 (yesterday 2, frozen 0) at 3000.00 profit 0.00
              account CNY balance 999995.50 = available 992795.50 + margin 7200.00 + frozen 0.00
            > buy 5 m close limit 3001 x2
              order 5 NOTTRADED 0/2
              order 5 ALLTRADED 2/2
              trade 3 bought 2 at 3001 for 5
              position m2701 Short 1 (yesterday 1, frozen 0) at 3000.00 profit 0.00
              account CNY balance 999972.50 = available 997572.50 + margin 2400.00 + frozen 0.00
            > sell 6 m none limit 3001 x2
              log order 6 of m2701.DCE refused: the order must say whether it opens or closes: the contract is held long and short side by side
              order 6 REJECTED OFFSET_MISSING
        "#]],
    );
}

#[test]
fn shares_are_sold_from_the_next_day_on() {
    check(
        "book 600036 42x1000 / 42.01x1500 last 42 limits 37.8 46.2
         buy 1 600036 none limit 42.01 x1000
         buy 2 600036 none limit 42.01 x150
         sell 3 600036 none limit 42 x500
         sell 4 600036 none limit 42 x2000
         settle
         book 600036 43x1000 / 43.01x1500 last 43
         sell 5 600036 none limit 43 x950
         sell 6 600036 none market x1000
         sell 7 600036 none market x100",
        expect![[r#"
            > book 600036 42x1000 / 42.01x1500 last 42 limits 37.8 46.2
            > buy 1 600036 none limit 42.01 x1000
              order 1 NOTTRADED 0/1000
              order 1 ALLTRADED 1000/1000
              trade 1 bought 1000 at 42.01 for 1
              position 600036 Net 1000 (yesterday 0, frozen 0) at 42.01 profit -10.00
              account CNY balance 999979.50 = available 957979.50 + margin 42000.00 + frozen 0.00
            > buy 2 600036 none limit 42.01 x150
              log order 2 of 600036.SSE refused: the volume must be a multiple of the lot of 100 (an odd rest can only be sold as a whole)
              order 2 REJECTED VOLUME_LOT
            > sell 3 600036 none limit 42 x500
              log order 3 of 600036.SSE refused: T+1: shares bought today can be sold tomorrow; 500 wanted, 0 can be sold
              order 3 REJECTED NEXT_DAY
            > sell 4 600036 none limit 42 x2000
              log order 4 of 600036.SSE refused: not enough position: 2000 wanted, 0 available
              order 4 REJECTED POSITION
            > settle
              position 600036 Net 1000 (yesterday 1000, frozen 0) at 42.01 profit -10.00
              account CNY balance 999979.50 = available 957979.50 + margin 42000.00 + frozen 0.00
              account USD balance 100000.00 = available 100000.00 + margin 0.00 + frozen 0.00
              account USDT balance 100000.00 = available 100000.00 + margin 0.00 + frozen 0.00
              log 2026-11-23 settled: 0.00 marked to market, 0 open orders cancelled
            > book 600036 43x1000 / 43.01x1500 last 43
            > sell 5 600036 none limit 43 x950
              log order 5 of 600036.SSE refused: the volume must be a multiple of the lot of 100 (an odd rest can only be sold as a whole)
              order 5 REJECTED VOLUME_LOT
            > sell 6 600036 none market x1000
              order 6 NOTTRADED 0/1000
              order 6 ALLTRADED 1000/1000
              trade 2 sold 1000 at 43 for 6
              position 600036 Net 0 (yesterday 0, frozen 0) at 0.00 profit 0.00
              account CNY balance 1000947.25 = available 1000947.25 + margin 0.00 + frozen 0.00
            > sell 7 600036 none market x100
              log order 7 of 600036.SSE refused: not enough position: 100 wanted, 0 available
              order 7 REJECTED POSITION
        "#]],
    );
}

#[test]
fn a_perpetual_nets_and_turns_round() {
    check(
        "book BTCUSDT 60000x1.5 / 60000.1x0.5 60000.2x3 last 60000
         buy 1 BTCUSDT none limit 60000.2 x1.5
         sell 2 BTCUSDT none limit 60100 x1
         sell 3 BTCUSDT none limit 60100 x2
         book BTCUSDT 60100x2.2 / 60100.1x0.5 last 60100
         sell 4 BTCUSDT none market x5
         cancel 3
         buy 5 BTCUSDT none limit 60000.05 x0.001
         buy 6 BTCUSDT none limit 60000 x0.0005",
        expect![[r#"
            > book BTCUSDT 60000x1.5 / 60000.1x0.5 60000.2x3 last 60000
            > buy 1 BTCUSDT none limit 60000.2 x1.5
              order 1 NOTTRADED 0/1.5
              order 1 PARTTRADED 0.5/1.5
              trade 1 bought 0.5 at 60000.1 for 1
              order 1 ALLTRADED 1.5/1.5
              trade 2 bought 1 at 60000.2 for 1
              position BTCUSDT Net 1.5 (yesterday 0, frozen 0) at 60000.17 profit -0.25
              account USDT balance 99954.75 = available 95454.74 + margin 4500.01 + frozen 0.00
            > sell 2 BTCUSDT none limit 60100 x1
              order 2 NOTTRADED 0/1
              account USDT balance 99954.75 = available 95424.69 + margin 4500.01 + frozen 30.05
            > sell 3 BTCUSDT none limit 60100 x2
              order 3 NOTTRADED 0/2
              account USDT balance 99954.75 = available 90857.09 + margin 4500.01 + frozen 4597.65
            > book BTCUSDT 60100x2.2 / 60100.1x0.5 last 60100
              order 2 ALLTRADED 1/1
              trade 3 sold 1 at 60100 for 2
              position BTCUSDT Net -0.7 (yesterday 0, frozen 0) at 60100.00 profit -0.00
              account USDT balance 100038.64 = available 95507.10 + margin 2103.50 + frozen 2428.04
              order 3 PARTTRADED 1.2/2
              trade 4 sold 1.2 at 60100 for 3
              position BTCUSDT Net -0.7 (yesterday 0, frozen 0) at 60100.00 profit -0.00
              account USDT balance 100038.64 = available 95507.10 + margin 2103.50 + frozen 2428.04
            > sell 4 BTCUSDT none market x5
              order 4 NOTTRADED 0/5
              log nobody trades the remaining 5 of order 4, which are cancelled
              order 4 CANCELLED 0/5
              account USDT balance 100038.64 = available 95507.10 + margin 2103.50 + frozen 2428.04
            > cancel 3
              order 3 CANCELLED 1.2/2
              account USDT balance 100038.64 = available 97935.14 + margin 2103.50 + frozen 0.00
            > buy 5 BTCUSDT none limit 60000.05 x0.001
              log order 5 of BTCUSDT.GLOBAL refused: the price must be a multiple of the tick of 0.1
              order 5 REJECTED PRICE_TICK
            > buy 6 BTCUSDT none limit 60000 x0.0005
              log order 6 of BTCUSDT.GLOBAL refused: the volume must be a multiple of 0.001
              order 6 REJECTED VOLUME_STEP
        "#]],
    );
}

#[test]
fn options_are_paid_by_the_buyer_and_secured_by_the_seller() {
    check(
        "book IF2612 4600x9 / 4600.2x9 last 4600
         book IO2612-C-4600 80x9 / 80.4x9 last 80.2
         buy 1 IO2612-C-4600 open limit 80.4 x2
         sell 2 IO2612-C-4600 open limit 80 x1
         book IO2612-C-4600 90x9 / 90.4x9 last 90
         profit
         settle
         book IO2612-C-4600 90x9 / 90.4x9 last 90
         sell 3 IO2612-C-4600 close limit 90 x2
         expire IO2612-C-4600
         buy 4 IO2612-C-4600 open limit 90.4 x1",
        expect![[r#"
            > book IF2612 4600x9 / 4600.2x9 last 4600
            > book IO2612-C-4600 80x9 / 80.4x9 last 80.2
            > buy 1 IO2612-C-4600 open limit 80.4 x2
              order 1 NOTTRADED 0/2
              order 1 ALLTRADED 2/2
              trade 1 bought 2 at 80.4 for 1
              position IO2612-C-4600 Long 2 (yesterday 0, frozen 0) at 80.40 profit -40.00
              account CNY balance 999930.00 = available 983890.00 + margin 16040.00 + frozen 0.00
            > sell 2 IO2612-C-4600 open limit 80 x1
              order 2 NOTTRADED 0/1
              order 2 ALLTRADED 1/1
              trade 2 sold 1 at 80 for 2
              position IO2612-C-4600 Short 1 (yesterday 0, frozen 0) at 80.00 profit -20.00
              account CNY balance 999895.00 = available 928655.00 + margin 71240.00 + frozen 0.00
            > book IO2612-C-4600 90x9 / 90.4x9 last 90
            > profit
              position IO2612-C-4600 Long 2 (yesterday 0, frozen 0) at 80.40 profit 1920.00
              position IO2612-C-4600 Short 1 (yesterday 0, frozen 0) at 80.00 profit -1000.00
              account CNY balance 1000875.00 = available 927675.00 + margin 73200.00 + frozen 0.00
            > settle
              position IO2612-C-4600 Long 2 (yesterday 2, frozen 0) at 80.40 profit 1920.00
              position IO2612-C-4600 Short 1 (yesterday 1, frozen 0) at 80.00 profit -1000.00
              account CNY balance 1000875.00 = available 927675.00 + margin 73200.00 + frozen 0.00
              account USD balance 100000.00 = available 100000.00 + margin 0.00 + frozen 0.00
              account USDT balance 100000.00 = available 100000.00 + margin 0.00 + frozen 0.00
              log 2026-11-23 settled: 0.00 marked to market, 0 open orders cancelled
            > book IO2612-C-4600 90x9 / 90.4x9 last 90
            > sell 3 IO2612-C-4600 close limit 90 x2
              order 3 NOTTRADED 0/2
              order 3 ALLTRADED 2/2
              trade 3 sold 2 at 90 for 3
              position IO2612-C-4600 Long 0 (yesterday 0, frozen 0) at 0.00 profit 0.00
              account CNY balance 1000845.00 = available 945645.00 + margin 55200.00 + frozen 0.00
            > expire IO2612-C-4600
              trade 4 bought 1 at 90 for expiry-IO2612-C-4600
              position IO2612-C-4600 Short 0 (yesterday 0, frozen 0) at 0.00 profit 0.00
              account CNY balance 1000845.00 = available 1000845.00 + margin 0.00 + frozen 0.00
              log IO2612-C-4600.CFFEX has expired, its position was settled in cash at 90
            > buy 4 IO2612-C-4600 open limit 90.4 x1
              log order 4 of IO2612-C-4600.CFFEX refused: the contract has expired
              order 4 REJECTED EXPIRED
        "#]],
    );
}

#[test]
fn every_refusal_before_the_book() {
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
         buy 9 rb open limit 1e300 x1
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

#[test]
fn a_quote_is_two_orders_that_live_apart() {
    check(
        "book rb 3000x9 / 3001x9 last 3000
         quote q rb 2999x2 open / 3002x2 open
         book rb 3002x1 / 3003x9 last 3002
         unquote q
         quote r rb 2999x0 open / 3004x1 close
         unquote r
         quote s rb 2999x0 open / 3004x0 open",
        expect![[r#"
            > book rb 3000x9 / 3001x9 last 3000
            > quote q rb 2999x2 open / 3002x2 open
              order qB NOTTRADED 0/2
              quote q NOTTRADED
              account CNY balance 1000000.00 = available 990386.40 + margin 0.00 + frozen 9613.60
              order qA NOTTRADED 0/2
              quote q NOTTRADED
              account CNY balance 1000000.00 = available 990386.40 + margin 0.00 + frozen 9613.60
            > book rb 3002x1 / 3003x9 last 3002
              order qA PARTTRADED 1/2
              quote q PARTTRADED
              trade 1 sold 1 at 3002 for qA
              position rb2701 Short 1 (yesterday 0, frozen 0) at 3002.00 profit 0.00
              account CNY balance 999997.00 = available 990386.40 + margin 2401.60 + frozen 7209.00
            > unquote q
              order qB CANCELLED 0/2
              quote q PARTTRADED
              account CNY balance 999997.00 = available 997595.40 + margin 2401.60 + frozen 0.00
              order qA CANCELLED 1/2
              quote q CANCELLED
              account CNY balance 999997.00 = available 997595.40 + margin 2401.60 + frozen 0.00
            > quote r rb 2999x0 open / 3004x1 close
              log order rA of rb2701.SHFE refused: not enough of yesterday's position: 1 wanted, 0 available (on SHFE and INE CLOSE means yesterday's; use CLOSETODAY for today's)
              order rA REJECTED POSITION_YESTERDAY
              quote r REJECTED
            > unquote r
              log nothing to cancel: order r is unknown or finished
            > quote s rb 2999x0 open / 3004x0 open
              log order s of rb2701.SHFE refused: the volume must be above 0, got 0
              quote s REJECTED
        "#]],
    );
}

#[test]
fn at_the_limit_up_nothing_can_be_bought() {
    check(
        "book rb 3180x900 / last 3180 limits 2820 3180
         buy 1 rb open market x1
         buy 2 rb open limit 3180 x1
         buy 3 rb open stop 3100 x1
         book rb 3179x5 / 3180x3 last 3180 limits 2820 3180",
        expect![[r#"
            > book rb 3180x900 / last 3180 limits 2820 3180
            > buy 1 rb open market x1
              order 1 NOTTRADED 0/1
              log nobody trades the remaining 1 of order 1, which are cancelled
              order 1 CANCELLED 0/1
              account CNY balance 1000000.00 = available 1000000.00 + margin 0.00 + frozen 0.00
            > buy 2 rb open limit 3180 x1
              order 2 NOTTRADED 0/1
              account CNY balance 1000000.00 = available 997452.82 + margin 0.00 + frozen 2547.18
            > buy 3 rb open stop 3100 x1
              order 3 NOTTRADED 0/1
            > book rb 3179x5 / 3180x3 last 3180 limits 2820 3180
              order 2 ALLTRADED 1/1
              trade 1 bought 1 at 3180 for 2
              position rb2701 Long 2 (yesterday 0, frozen 0) at 3180.00 profit 0.00
              account CNY balance 999993.64 = available 994905.64 + margin 5088.00 + frozen 0.00
              log stop order 3 triggered at 3100
              order 3 ALLTRADED 1/1
              trade 2 bought 1 at 3180 for 3
              position rb2701 Long 2 (yesterday 0, frozen 0) at 3180.00 profit 0.00
              account CNY balance 999993.64 = available 994905.64 + margin 5088.00 + frozen 0.00
        "#]],
    );
}
