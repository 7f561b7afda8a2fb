// What the rest of the page may do with the dock, without loading it. Null while there is none.
import { shallowRef } from "vue";

export interface Dock {
  open(id: string): void;
  close(id: string): void;
  restoreDefault(): void;
  /** As the dock writes it. */
  current(): unknown;
  /** False where it cannot be used; the dock then stays as it is. */
  use(layout: unknown): boolean;
}

export const dock = shallowRef<Dock | null>(null);
/** The panels that are in the dock. */
export const openPanels = shallowRef<ReadonlySet<string>>(new Set());
