// An immutable map of rows in the order in which they came, that shares with the one before it all that did not change.
// Where each key stands is written down once for all maps of one line: rows never leave it, and a key that is newer than
// a map stands beyond its end. Always true: a map never changes; a changed row stays in its place.
import { Chunks, NO_CHUNKS, type Editor } from "./chunks";

export class Keyed<T> implements ReadonlyMap<string, T> {
  readonly rows: Chunks<T>;
  readonly #places: Map<string, number>;

  constructor(rows: Chunks<T> = NO_CHUNKS, places: Map<string, number> = new Map()) {
    this.rows = rows;
    this.#places = places;
  }

  static of<T>(rows: Iterable<readonly [string, T]>): Keyed<T> {
    if (rows instanceof Keyed) return rows;
    const editor = new Keyed<T>().edit();
    for (const [key, row] of rows) editor.set(key, row);
    return editor.done();
  }

  get size(): number {
    return this.rows.length;
  }

  get(key: string): T | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.rows.at(place);
  }

  has(key: string): boolean {
    return (this.#places.get(key) ?? this.size) < this.size;
  }

  forEach(act: (row: T, key: string, map: ReadonlyMap<string, T>) => void): void {
    for (const [key, row] of this) act(row, key, this);
  }

  *entries(): Generator<[string, T], undefined> {
    for (const [key, place] of this.#places) {
      if (place >= this.size) return undefined;
      yield [key, this.rows.at(place) as T];
    }
    return undefined;
  }

  *keys(): Generator<string, undefined> {
    for (const [key] of this.entries()) yield key;
    return undefined;
  }

  values(): Generator<T, undefined> {
    return this.rows[Symbol.iterator]();
  }

  [Symbol.iterator](): Generator<[string, T], undefined> {
    return this.entries();
  }

  edit(): KeyedEditor<T> {
    return new KeyedEditor(this.rows, this.#places);
  }
}

/** The next map in the making. */
export class KeyedEditor<T> {
  readonly #rows: Editor<T>;
  #places: Map<string, number>;

  constructor(rows: Chunks<T>, places: Map<string, number>) {
    this.#rows = rows.edit();
    this.#places = places;
  }

  set(key: string, row: T): void {
    const place = this.#places.get(key);
    if (place !== undefined && place < this.#rows.length) return this.#rows.set(place, row);
    // Another map has gone on from the same one: this one goes its own way.
    if (this.#places.size !== this.#rows.length) this.#places = new Map([...this.#places].slice(0, this.#rows.length));
    this.#places.set(key, this.#rows.length);
    this.#rows.push(row);
  }

  done(): Keyed<T> {
    return new Keyed(this.#rows.done(), this.#places);
  }
}

/** The rows of any map, as a list that can be compared with another of its line. */
export function rowsOf<T>(map: ReadonlyMap<string, T>): Chunks<T> {
  return map instanceof Keyed ? (map as Keyed<T>).rows : Chunks.of([...map.values()]);
}
