// Who wants to be told. Always true: one that fails keeps nobody else from being told.

export class Listeners<Events extends { readonly [Name in keyof Events]: (...args: never[]) => void }> {
  readonly #all = new Map<keyof Events, Set<{ readonly listener: Events[keyof Events] }>>();

  /** Returns how to take it off again. */
  add<Name extends keyof Events>(name: Name, listener: Events[Name]): () => void {
    const all = this.#all.get(name) ?? new Set();
    this.#all.set(name, all);
    const own = { listener };
    all.add(own);
    return () => all.delete(own);
  }

  tell<Name extends keyof Events>(name: Name, ...args: Parameters<Events[Name]>): void {
    for (const { listener } of [...(this.#all.get(name) ?? [])]) {
      try {
        listener(...args);
      } catch (error) {
        // Into the console and to whoever listens for errors of the page.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
