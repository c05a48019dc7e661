import type { Engines } from "./engines.ts";
import { boxBlur, crop, evenLight, median, scale, sharpen, type Gray } from "./gray.ts";
import { readWithQr } from "./qr.ts";
import { beginsLikeSlip } from "./slip-text.ts";
import { readWithZxing, type Place, type Seen } from "./zxing.ts";

/** What one look at a picture found. */
type Attempt = (picture: Gray, engines: Engines) => Promise<readonly string[]>;

/** Larger pictures are made smaller first; a page of 200 dpi is not. */
const PIXELS = 4_500_000;
/** The second reader takes no longer side. */
const QR_SIDE_MAX = 4096;
/** A code that was noticed is looked at in about this size. */
const CODE_SIZE = 560;
/** Of the places noticed only so many are looked at; in a text many look a little like codes. */
const PLACES_MAX = 6;

const zxing =
  (change: (picture: Gray) => Gray, ...look: Parameters<typeof readWithZxing>[2][]): Attempt =>
  async (picture, engines) =>
    (await readWithZxing(change(picture), engines, look[0]))?.texts ?? [];

const qr =
  (change: (picture: Gray) => Gray): Attempt =>
  (picture) => {
    const changed = change(picture);
    if (Math.max(changed.width, changed.height) > QR_SIDE_MAX) return Promise.resolve([]);
    const text = readWithQr(changed, QR_TIME);
    return Promise.resolve(text === undefined ? [] : [text]);
  };

/** What the second reader may take for one look, in milliseconds: several times what it needs. */
const QR_TIME = 400;
const same = (picture: Gray): Gray => picture;

const blurred = zxing((picture) => boxBlur(picture, 2));
const halved = zxing((picture) => scale(picture, 0.5));
const atMiddleGrey = zxing(same, { binarizer: "FixedThreshold" });
const evenlyLit = zxing((picture) => evenLight(picture, 20), { binarizer: "FixedThreshold" });
const sharpened = zxing((picture) => sharpen(boxBlur(picture, 1), 3, 4));

/**
 * Looks for one slip beside another; the second reader is not among them, for it would only find
 * the same again.
 */
const LOOKS_FOR_MORE: readonly Attempt[] = [blurred, halved, evenlyLit, sharpened];

/**
 * Looks in turn, each of which read pictures that those before did not (test/bench); the cheapest
 * for what it gains comes first.
 */
const ATTEMPTS: readonly Attempt[] = [
  blurred,
  halved,
  atMiddleGrey,
  qr((picture) => boxBlur(picture, 2)),
  evenlyLit,
  qr(same),
  zxing((picture) => scale(picture, 1.5)),
  sharpened,
  zxing((picture) => evenLight(boxBlur(picture, 1), 40)),
  qr((picture) => evenLight(picture, 40)),
  zxing(same, { tryDenoise: true, tryInvert: true, tryRotate: true }),
  zxing(median),
];

/**
 * Looks at a picture again and again, each time otherwise, until nothing that was noticed is left
 * unread, nothing else can be tried, or time is up.
 *
 * @param first what the first look at it saw
 * @param hasRoom whether there may be slips of which nothing was noticed beside those read
 * @param until when to stop, by `Date.now()`: no look is begun that would end later, were it as slow as
 *   the slowest before it
 */
export async function lookAgain(
  picture: Gray,
  first: Seen,
  hasRoom: boolean,
  engines: Engines,
  until: number,
): Promise<readonly string[]> {
  const texts = new Set(first.texts);
  const readSlip = (): boolean => [...texts].some(beginsLikeSlip);
  let slowest = 0;
  const timeIsUp = (): boolean => Date.now() + slowest > until;
  const attempt = async (look: Attempt, part: Gray): Promise<void> => {
    await engines.breathe?.();
    const began = Date.now();
    for (const text of await look(part, engines)) texts.add(text);
    slowest = Math.max(slowest, Date.now() - began);
  };

  const wasRead = readSlip();
  let left = 0;
  for (const place of first.unread.filter(isSquarish).slice(0, PLACES_MAX)) {
    const part = closeUp(picture, place);
    const before = texts.size;
    for (const look of ATTEMPTS) {
      if (texts.size > before || timeIsUp()) break;
      await attempt(look, part);
    }
    if (texts.size === before) left++;
  }
  if (!hasRoom && readSlip() && (wasRead || left === 0)) return [...texts];

  const page = shrink(picture);
  if (wasRead) {
    for (const look of LOOKS_FOR_MORE) if (!timeIsUp()) await attempt(look, page);
    return [...texts];
  }
  for (const look of ATTEMPTS) {
    if (readSlip() || timeIsUp()) return [...texts];
    await attempt(look, page);
  }
  if (page !== picture)
    for (const tile of tiles(picture))
      for (const look of ATTEMPTS.slice(0, 5)) {
        if (readSlip() || timeIsUp()) return [...texts];
        await attempt(look, tile);
      }
  return [...texts];
}

/** The same for a picture that only zxing can decode: in the ways that it has itself. */
export async function lookAgainAtFile(
  file: Uint8Array,
  first: readonly string[],
  engines: Engines,
): Promise<readonly string[]> {
  const texts = new Set(first);
  for (const binarizer of ["FixedThreshold", "GlobalHistogram"] as const)
    for (const text of (await readWithZxing(file, engines, { binarizer }))?.texts ?? [])
      texts.add(text);
  return [...texts];
}

function isSquarish({ width, height }: Place): boolean {
  return width > 20 && height > 20 && width < 3 * height && height < 3 * width;
}

/** A place and what is around it, for a part of a code may be all that was noticed. */
function closeUp(picture: Gray, place: Place): Gray {
  const size = Math.max(place.width, place.height);
  const margin = size * 0.5;
  const part = crop(
    picture,
    place.left - margin,
    place.top - margin,
    place.width + 2 * margin,
    place.height + 2 * margin,
  );
  return scale(part, Math.min(3, Math.max(0.1, CODE_SIZE / size)));
}

function shrink(picture: Gray): Gray {
  const factor = Math.sqrt(PIXELS / (picture.width * picture.height));
  return factor < 1 ? scale(picture, factor) : picture;
}

/** The picture in overlapping parts of about the size of a page at 200 dpi, none of them scaled. */
function* tiles(picture: Gray): Generator<Gray> {
  const side = 2000;
  const step = 1400;
  for (let top = 0; top === 0 || top + side - step < picture.height; top += step)
    for (let left = 0; left === 0 || left + side - step < picture.width; left += step)
      yield crop(picture, left, top, side, side);
}
