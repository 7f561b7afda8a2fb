// One click is one order: the second half of a double-click and a held Enter key are the same wish.

/** Handlers for a button and for Enter in the fields beside it; each deliberate press calls `act` once. */
export function once(act: () => void): { click(event: MouseEvent): void; key(event: KeyboardEvent): void } {
  return {
    click(event) {
      // `detail` counts the clicks of one multi-click; a press of the keyboard has 0.
      if (event.detail <= 1) act();
    },
    key(event) {
      const input = event.target instanceof HTMLInputElement ? event.target : null;
      const field = input !== null && input.type === "text" && input.getAttribute("role") !== "combobox";
      if (!field) {
        if (event.repeat) event.preventDefault();
        return;
      }
      event.preventDefault();
      if (!event.repeat) act();
    },
  };
}
