/**
 * What a TIFF says of one of its pages: the values of each tag, under the name that utif2 gives it
 * (`t256`: the width).
 */
export type TiffPage = Record<`t${number}`, number[] | Uint8Array>;

/** Tags of pictures; those above are of cameras, and lead to directories of their own. */
const TAG_MAX = 532;
/** Directories of a file that are looked at; one that leads back to another would be no last one. */
const DIRECTORIES_MAX = 256;
/** As many values as a tag that is needed has at most: three for each colour that 16 bits can name. */
const VALUES_MAX = 3 * 65_536;
/** As many entries and values as are looked at: far more than the strips of 64 pages need. */
const ALL_MAX = 2_000_000;

/** Bytes of a value, by its type: byte, short, long, undefined. Others say nothing that is needed. */
const SIZES: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4, 7: 1, 13: 4 };

/**
 * Reads the directories of a TIFF, with no more values than the file has bytes, or pages need: an
 * array of many millions ends the program, and not only the thread that makes it.
 *
 * @throws RangeError if one of them lies outside the file
 */
export function tiffDirectories(file: ArrayBuffer): TiffPage[] {
  const view = new DataView(file);
  const little = view.getUint16(0) === 0x4949;
  const pages: TiffPage[] = [];
  let left = Math.min(view.byteLength, ALL_MAX);
  let at = view.getUint32(4, little);
  while (at !== 0) {
    if (pages.length === DIRECTORIES_MAX) throw new RangeError("too many directories");
    const count = view.getUint16(at, little);
    const page: TiffPage = {};
    for (let i = 0; i < count; i++) {
      const entry = at + 2 + 12 * i;
      const tag = view.getUint16(entry, little);
      const values = tag > TAG_MAX ? undefined : valuesAt(view, entry, little);
      left -= 1 + (values?.length ?? 0);
      if (left < 0) throw new RangeError("the same bytes are values again and again");
      if (values !== undefined) page[`t${tag}`] = values;
    }
    pages.push(page);
    at = view.getUint32(at + 2 + 12 * count, little);
  }
  return pages;
}

function valuesAt(
  view: DataView<ArrayBuffer>,
  entry: number,
  little: boolean,
): number[] | Uint8Array | undefined {
  const size = SIZES[view.getUint16(entry + 2, little)];
  const count = view.getUint32(entry + 4, little);
  if (size === undefined || count === 0) return undefined;
  const from = size * count <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  if (from + size * count > view.byteLength) throw new RangeError("values outside the file");
  const length = Math.min(count, VALUES_MAX);
  if (size === 1) return new Uint8Array(view.buffer, from, length);
  return Array.from({ length }, (_, i) =>
    size === 2 ? view.getUint16(from + 2 * i, little) : view.getUint32(from + 4 * i, little),
  );
}

/** The values of a tag. */
export function numbers(page: TiffPage, tag: number): readonly number[] {
  return [...(page[`t${tag}`] ?? [])];
}

/** The first value of a tag. */
export function first(page: TiffPage, tag: number): number | undefined {
  return page[`t${tag}`]?.[0];
}
