/** A source of numbers that is the same for the same seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 to below a limit. */
  below(limit: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** Inputs do not grow beyond this. */
const LENGTH_MAX = 256 * 1024;

const NUMBERS = ["0", "-1", "1e9", "255", "65536", "9007199254740993", "4294967296"];

/** One input made from others: a few changes, of bytes, of words, of whole parts. */
export function mutate(
  dice: Dice,
  corpus: readonly Uint8Array[],
  words: readonly string[],
): Uint8Array {
  let input = Buffer.from(dice.of(corpus));
  for (let changes = 1 + dice.below(6); changes > 0; changes--)
    input = change(dice, input, corpus, words);
  return input.subarray(0, LENGTH_MAX);
}

function change(
  dice: Dice,
  input: Buffer,
  corpus: readonly Uint8Array[],
  words: readonly string[],
): Buffer<ArrayBuffer> {
  const at = dice.below(input.length + 1);
  const to = Math.min(input.length, at + 1 + dice.below(dice.of([2, 8, 64, 1024])));
  const put = (what: Uint8Array, from = at, until = at): Buffer<ArrayBuffer> =>
    Buffer.concat([input.subarray(0, from), what, input.subarray(until)]);
  switch (dice.below(10)) {
    case 0: // one bit
      return put(Uint8Array.of((input[at] ?? 0) ^ (1 << dice.below(8))), at, at + 1);
    case 1: // one byte
      return put(Uint8Array.of(dice.below(256)), at, at + 1);
    case 2: // one printable character
      return put(Uint8Array.of(32 + dice.below(95)), at, at + 1);
    case 3:
      return put(Buffer.from(dice.of([...words, ...NUMBERS])));
    case 4: // a word in place of something
      return put(Buffer.from(dice.of([...words, ...NUMBERS])), at, to);
    case 5:
      return put(new Uint8Array(0), at, to);
    case 6: // a part again
      return put(input.subarray(at, to));
    case 7: // a part many times
      return put(Buffer.concat(Array<Buffer>(dice.of([2, 16, 100])).fill(input.subarray(at, to))));
    case 8: {
      // the rest from another input
      const other = dice.of(corpus);
      return put(other.subarray(dice.below(other.length + 1)), at, input.length);
    }
    default: {
      // a part moved to another place
      const part = Buffer.from(input.subarray(at, to));
      const rest = put(new Uint8Array(0), at, to);
      const where = dice.below(rest.length + 1);
      return Buffer.concat([rest.subarray(0, where), part, rest.subarray(where)]);
    }
  }
}
