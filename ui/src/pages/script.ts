/** Loads a large ready-made bundle from our own origin, by a script element as the policy wants it. */
export function loadScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`cannot load ${url}`));
    document.head.append(script);
  });
}

/** Says on the page itself what went wrong, since these pages have nothing else to show. */
export function showFailure(error: unknown): void {
  const line = document.createElement("p");
  line.textContent = String(error);
  document.body.append(line);
}
