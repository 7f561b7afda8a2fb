//! What is encoded anew when something changes.

use super::*;
use crate::replica::CHUNK_ROWS;
use std::sync::atomic::{AtomicUsize, Ordering};

struct Counted(usize, Arc<AtomicUsize>);

impl RestRow for Counted {
    fn write_rest(&self, out: &mut Vec<u8>, _: Language) {
        self.1.fetch_add(1, Ordering::Relaxed);
        out.extend_from_slice(self.0.to_string().as_bytes());
    }
}

async fn encoded(table: &Table<usize, Counted>, old: Option<&Encoded>) -> Encoded {
    let (version, work) = changes(table, old);
    let form = Form {
        variant: "Zh",
        open: Bytes::from_static(b"["),
        close: "]",
        write: Arc::new(|row: &Counted, out: &mut Vec<u8>| row.write_rest(out, Language::Zh)),
    };
    let chunks = encode(work, form).await;
    let open = Bytes::from_static(if chunks.is_empty() { b"[" } else { b"" });
    Encoded::new((1, version, "Zh"), chunks, (open, "]"))
}

fn text(encoded: &Encoded) -> String {
    assert_eq!(encoded.length, encoded.body.iter().map(Bytes::len).sum::<usize>());
    String::from_utf8(encoded.body.concat()).unwrap()
}

#[tokio::test]
async fn one_changed_row_costs_its_chunk() {
    let count = Arc::new(AtomicUsize::new(0));
    let mut table = Table::default();
    let rows = CHUNK_ROWS * 20 + 1;
    assert_eq!(text(&encoded(&table, None).await), "[]");
    for key in 0..rows {
        table.insert(key, Arc::new(Counted(key, Arc::clone(&count))));
    }
    let first = encoded(&table, None).await;
    let expected = |change: &dyn Fn(usize) -> usize| {
        let rows: Vec<String> = (0..rows).map(|row| change(row).to_string()).collect();
        format!("[{}]", rows.join(","))
    };
    assert_eq!(text(&first), expected(&|row| row));
    assert_eq!(count.swap(0, Ordering::Relaxed), rows);
    table.insert(CHUNK_ROWS * 3, Arc::new(Counted(7, Arc::clone(&count))));
    let second = encoded(&table, Some(&first)).await;
    assert_eq!(text(&second), expected(&|row| if row == CHUNK_ROWS * 3 { 7 } else { row }));
    assert_eq!(count.swap(0, Ordering::Relaxed), CHUNK_ROWS);
    // Most chunks change: one buffer again, kept rows copied as bytes.
    for key in 0..CHUNK_ROWS * 12 {
        table.insert(key, Arc::new(Counted(8, Arc::clone(&count))));
    }
    let third = encoded(&table, Some(&second)).await;
    assert_eq!(text(&third), expected(&|row| if row < CHUNK_ROWS * 12 { 8 } else { row }));
    assert_eq!(count.swap(0, Ordering::Relaxed), CHUNK_ROWS * 12);
}
