// Leaves the page: a file for the reader's disk, a text for the clipboard.

/** Writes the pieces one by one, so that the page paints between them, and hands the file to the browser. */
export async function download(name: string, pieces: Iterable<string>): Promise<void> {
  const parts: string[] = [];
  for (const piece of pieces) {
    parts.push(piece);
    await new Promise((resume) => setTimeout(resume, 0));
  }
  const address = URL.createObjectURL(new Blob(parts, { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The clipboard interface is there on HTTPS and localhost only; elsewhere the old way. */
export function copy(text: string): void {
  const take = (event: ClipboardEvent): void => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", take, { once: true, capture: true });
  document.execCommand("copy");
  document.removeEventListener("copy", take, true);
}
