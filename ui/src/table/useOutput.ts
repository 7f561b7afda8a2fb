// What the reader takes out of a table: a file, a row as text; and the widths at which all of it is seen.
import type { ComputedRef, Ref, ShallowRef } from "vue";
import { t } from "../i18n";
import type { Column } from "./columns";
import { csvPieces, fileName } from "./csv";
import { CUT, fitted, measureIn, sample } from "./fit";
import { copy, download } from "./save";
import type { Arrangement } from "./useLayout";
import type { View } from "./view";

export interface Shown<T> {
  readonly box: Readonly<Ref<HTMLElement | null>>;
  readonly view: ShallowRef<View<T>>;
  readonly table: Arrangement<T>;
  /** The first row in sight. */
  readonly from: ComputedRef<number>;
  /** The row where the keyboard is, or -1. */
  active(): number;
}

export function useOutput<T>({ box, view, table, from, active }: Shown<T>, name: () => string) {
  const line = (row: T): string => table.shown.value.map((column) => column.text(row)).join("\t");

  /** Ctrl+C takes what is marked, whole where a cell shows only the begin of it; else the row where the keyboard is. */
  function copied(event: ClipboardEvent): void {
    // The panel may be in a window of its own.
    const selection = box.value?.ownerDocument.getSelection();
    const index = active();
    const text = selection?.isCollapsed === false ? uncut(selection) : index < 0 ? null : line(view.value.at(index));
    if (text === null) return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  }

  /** Null where nothing that is marked is cut. */
  function uncut(selection: Selection): string | null {
    const { startContainer, startOffset, endContainer } = selection.getRangeAt(0);
    if (startContainer === endContainer && startContainer.nodeType === Node.TEXT_NODE) {
      const cell = startContainer.parentElement?.closest<HTMLElement>(".dt-cut");
      return cell != null && selection.toString().endsWith(CUT) ? cell.title.slice(startOffset) : null;
    }
    const rows = [...(box.value?.querySelectorAll<HTMLElement>(".dt-body") ?? [])].filter((row) => selection.containsNode(row, true));
    if (!rows.some((row) => row.querySelector(".dt-cut") !== null)) return null;
    return rows.map((row) => line(view.value.at(Number(row.dataset["index"])))).join("\n");
  }

  function fit(columns: readonly Column<T>[]): void {
    if (box.value === null) return;
    const heads = new Map(columns.map((column) => [column.id, t(column.title)]));
    table.resize(fitted(columns, heads, sample(view.value, from.value), measureIn(box.value)));
  }

  function save(): void {
    const columns = table.shown.value;
    void download(fileName(name(), new Date()), csvPieces(columns, columns.map((column) => t(column.title)), view.value));
  }

  return { copied, copyRow: (row: T) => copy(line(row)), fit, save };
}
