// The cells of one row. A component of its own, so that a row is painted again only when it is another object or
// something that its texts read has changed; its place is none of its business.
import { defineComponent, h, type PropType, type VNodeChild } from "vue";
import type { Column } from "./columns";
import { cut } from "./fit";

export type CellSlots = Readonly<Record<string, ((props: { row: object }) => VNodeChild) | undefined>>;

/** Tones of bold text, and of a price beside which stands an arrow. */
const STRONG = "strong";
const ARROW = /\b(rise|fall)\b/;
const ARROW_PX = 14;

export const RowCells = defineComponent({
  name: "RowCells",
  props: {
    row: { type: Object as PropType<object>, required: true },
    columns: { type: Array as PropType<readonly Column<object>[]>, required: true },
    slots: { type: Object as PropType<CellSlots>, required: true },
    /** Distance of sticky columns from the left edge, in px, by id. */
    stuck: { type: Object as PropType<Readonly<Record<string, number>>>, required: true },
    /** In px, in the order of the columns; the last one's with what is left. */
    widths: { type: Array as PropType<readonly number[]>, required: true },
    /** Width of the buttons' column; 0 where there is none. */
    actions: { type: Number, required: true },
  },
  setup(props) {
    const cell = (column: Column<object>, index: number): VNodeChild => {
      const { row, stuck, widths } = props;
      const left = stuck[column.id];
      const [text, tone] = [column.text(row), column.tone?.(row) ?? ""];
      const isStrong = tone.includes(STRONG);
      const seen = cut(text, (widths[index] ?? 0) - (ARROW.test(tone) ? ARROW_PX : 0), isStrong);
      // Where it is cut, all of it is told where the pointer rests, and read aloud.
      const whole = seen === text ? undefined : text;
      const classes = ["dt-cell", { number: column.number === true, "dt-stuck": left !== undefined, "dt-cut": whole !== undefined }, tone];
      const style = { width: `${widths[index] ?? 0}px`, ...(left === undefined ? null : { "--dt-left": `${left}px` }) };
      // In an array the text keeps its node; alone it would be a new one at every change.
      return h("span", { key: column.id, role: "gridcell", class: classes, "data-col": column.id, style, title: whole, "aria-label": whole }, [seen]);
    };
    const actions = (): VNodeChild =>
      h("span", { key: "", role: "gridcell", class: "dt-cell dt-actions dt-stuck", style: { width: `${props.actions}px` } }, props.slots["actions"]?.({ row: props.row }) ?? undefined);
    return () => [...(props.actions > 0 ? [actions()] : []), ...props.columns.map(cell)] as never;
  },
});
