// An immutable list that shares with the one before it all that did not change: rows stand in chunks, and the next list
// has copies of the chunks in which something changed and the others as they were. A change among 100,000 rows copies a
// few hundred references, and what changed between two lists is found by comparing chunks.
// Always true: a list never changes; an editor makes one list and is of no use after it.

/** Rows in a chunk: a change copies one of them and the list of chunks, so neither should be long. */
export const CHUNK = 256;

type Chunk<T> = readonly T[];

export class Chunks<T> implements Iterable<T> {
  readonly length: number;
  /** Chunks that have gone at the front since the first of its line: so that two lists of one line can be compared. */
  readonly gone: number;
  readonly chunks: readonly Chunk<T>[];

  constructor(chunks: readonly Chunk<T>[] = [], length = 0, gone = 0) {
    this.chunks = chunks;
    this.length = length;
    this.gone = gone;
  }

  static of<T>(rows: readonly T[]): Chunks<T> {
    const count = Math.ceil(rows.length / CHUNK);
    return new Chunks(Array.from({ length: count }, (_, n) => rows.slice(n * CHUNK, (n + 1) * CHUNK)), rows.length);
  }

  /** As an array's, but a negative place is none. */
  at(place: number): T | undefined {
    return this.chunks[Math.floor(place / CHUNK)]?.[place % CHUNK];
  }

  *[Symbol.iterator](): Generator<T, undefined> {
    for (const chunk of this.chunks) yield* chunk;
    return undefined;
  }

  toArray(): T[] {
    return ([] as T[]).concat(...this.chunks);
  }

  edit(): Editor<T> {
    return new Editor(this);
  }
}

export const NO_CHUNKS: Chunks<never> = new Chunks<never>();

/** The next list in the making. */
export class Editor<T> {
  readonly #before: Chunks<T>;
  #chunks: Chunk<T>[] | null = null;
  readonly #mine = new Set<Chunk<T>>();
  #length: number;
  #gone: number;

  constructor(before: Chunks<T>) {
    this.#before = before;
    this.#length = before.length;
    this.#gone = before.gone;
  }

  get length(): number {
    return this.#length;
  }

  at(place: number): T | undefined {
    return (this.#chunks ?? this.#before.chunks)[Math.floor(place / CHUNK)]?.[place % CHUNK];
  }

  /** `place` is one that there is. */
  set(place: number, row: T): void {
    this.#own(Math.floor(place / CHUNK))[place % CHUNK] = row;
  }

  push(row: T): void {
    this.#own(Math.floor(this.#length / CHUNK)).push(row);
    this.#length += 1;
  }

  /** Takes the last row away; undefined where there is none. */
  pop(): T | undefined {
    if (this.#length === 0) return undefined;
    const at = Math.floor((this.#length - 1) / CHUNK);
    const row = this.#own(at).pop();
    this.#length -= 1;
    if (this.#length % CHUNK === 0) this.#chunks?.splice(at, 1);
    return row;
  }

  /** Lets the oldest go, by whole chunks, while more than `most` stay without them. */
  keep(most: number): void {
    const spare = Math.floor((this.#length - most) / CHUNK);
    if (spare <= 0) return;
    this.#chunks ??= this.#before.chunks.slice();
    this.#chunks.splice(0, spare);
    this.#length -= spare * CHUNK;
    this.#gone += spare;
  }

  /** The same list where nothing was done to it. */
  done(): Chunks<T> {
    return this.#chunks === null ? this.#before : new Chunks(this.#chunks, this.#length, this.#gone);
  }

  #own(at: number): T[] {
    this.#chunks ??= this.#before.chunks.slice();
    const known = this.#chunks[at];
    if (known !== undefined && this.#mine.has(known)) return known as T[];
    const mine = known === undefined ? [] : known.slice();
    this.#chunks[at] = mine;
    this.#mine.add(mine);
    return mine;
  }
}

/** Places at which `now` has another object than `before`, those beyond its end included. Fast where they share chunks. */
export function changed<T>(before: Chunks<T>, now: Chunks<T>): number[] {
  const places: number[] = [];
  const shift = now.gone - before.gone;
  now.chunks.forEach((chunk, n) => {
    const old = before.chunks[n + shift];
    if (old === chunk) return;
    for (let within = 0; within < chunk.length; within += 1) if (old?.[within] !== chunk[within]) places.push(n * CHUNK + within);
  });
  return places;
}

/** Whether `now` is `before` with nothing but more rows at its end and less at its front. */
export function goesOn<T>(before: Chunks<T>, now: Chunks<T>): boolean {
  const shift = now.gone - before.gone;
  if (shift < 0 || (shift >= before.chunks.length && before.length > 0)) return false;
  return before.chunks.slice(shift).every((old, n) => {
    const chunk = now.chunks[n];
    return chunk === old || (chunk !== undefined && old.every((row, within) => chunk[within] === row));
  });
}
