//! What each exchange does with positions, days and money.

use super::check;
use expect_test::expect;

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
