//! Kinds of orders against the book.

use super::check;
use expect_test::expect;

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
