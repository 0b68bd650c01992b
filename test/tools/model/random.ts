/**
 * The model's only source of random numbers: a generator with a seed, so that the seed determines everything that
 * happens. Not for secrets. Follows sfc32 of PractRand (Chris Doty-Humphrey), seeded by a 32-bit FNV-1a hash of a text.
 */

export class Random {
  readonly #state: [number, number, number, number];

  /** @param seed the same text gives the same numbers */
  constructor(seed: string) {
    let hash = 0x811c9dc5;
    for (const character of seed) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    this.#state = [hash, hash ^ 0x9e3779b9, hash ^ 0x243f6a88, 1];
    for (let round = 0; round < 15; round++) this.#uint32();
  }

  /** From 0 to less than 1. */
  next(): number {
    return this.#uint32() / 2 ** 32;
  }

  /** An integer from 0 to less than `limit`. */
  int(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** From `low` to `high`. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low));
  }

  /** Whether an event with this probability happens. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws Error for an empty list */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.int(items.length)];
    if (item === undefined) throw new Error("there is nothing to pick from");
    return item;
  }

  /** Like `pick`, but usually one of the last three, so that several actors choose the same one. */
  pickHot<Item>(items: readonly Item[]): Item {
    return this.pick(this.chance(0.7) ? items.slice(-3) : items);
  }

  /** A random name from a table of names and weights. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const entries = Object.entries<number>(weights) as [Name, number][];
    let rest = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      rest -= weight;
      if (rest < 0) return name;
    }
    throw new Error("there is nothing to pick from");
  }

  /**
   * Milliseconds: from half of `usual` to twice that. One in twenty is sixteen times as long, and one in a hundred even
   * longer.
   */
  wait(usual: number): number {
    const tail = this.chance(0.05) ? (this.chance(0.2) ? 7 : 4) : 0;
    return Math.ceil(usual * 2 ** (this.next() * 2 + tail - 1));
  }

  /** Fills an array, as crypto.getRandomValues does. */
  fill<View extends ArrayBufferView>(view: View): View {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let at = 0; at < bytes.length; at++) bytes[at] = this.#uint32() & 0xff;
    return view;
  }

  hex(bytes: number): string {
    return Buffer.from(this.fill(new Uint8Array(bytes))).toString("hex");
  }

  /** RFC 9562 §5.4. */
  uuid(): `${string}-${string}-${string}-${string}-${string}` {
    const digits = this.hex(16);
    const variant = "89ab"[this.int(4)];
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
  }

  #uint32(): number {
    const [a, b, c, counter] = this.#state;
    const sum = (a + b + counter) | 0;
    this.#state[3] = (counter + 1) | 0;
    this.#state[0] = b ^ (b >>> 9);
    this.#state[1] = (c + (c << 3)) | 0;
    this.#state[2] = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
