/** A grey picture, a byte for each pixel: 0 is black. */
export interface Gray {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** RGBA pixels, as a canvas and decoders have them. */
export interface Pixels {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The luminance of pixels, lying on white paper where they are transparent. */
export function grayOf({ data, width, height }: Pixels): Gray {
  const gray = new Uint8Array(width * height);
  for (let i = 0, p = 0; i < gray.length; i++, p += 4) {
    const luma = lumaAt(data, p);
    const alpha = data[p + 3]!;
    gray[i] = alpha === 255 ? luma : 255 - (((255 - luma) * alpha) >> 8);
  }
  return { data: gray, width, height };
}

function lumaAt(data: ArrayLike<number>, at: number): number {
  return (data[at]! * 77 + data[at + 1]! * 150 + data[at + 2]! * 29) >> 8;
}

/** The luminance of pixels of three bytes. */
export function grayOfRgb(data: Uint8Array): Uint8Array {
  const gray = new Uint8Array(Math.floor(data.length / 3));
  for (let i = 0, p = 0; i < gray.length; i++, p += 3) gray[i] = lumaAt(data, p);
  return gray;
}

/** Pixels of a bit, of which each row begins with a byte of its own: 0 is black. */
export function grayOfBits(bits: Uint8Array, width: number, height: number): Uint8Array {
  const gray = new Uint8Array(width * height);
  const across = Math.ceil(width / 8);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to++)
      gray[to] = (bits[y * across + (x >> 3)]! >> (7 - (x & 7))) & 1 ? 255 : 0;
  return gray;
}

/** A rectangle of a picture, as much of it as lies inside. */
export function crop(
  picture: Gray,
  left: number,
  top: number,
  width: number,
  height: number,
): Gray {
  const x0 = Math.max(0, Math.floor(left));
  const y0 = Math.max(0, Math.floor(top));
  const x1 = Math.min(picture.width, Math.ceil(left + width));
  const y1 = Math.min(picture.height, Math.ceil(top + height));
  const data = new Uint8Array((x1 - x0) * (y1 - y0));
  for (let y = y0; y < y1; y++)
    data.set(
      picture.data.subarray(y * picture.width + x0, y * picture.width + x1),
      (y - y0) * (x1 - x0),
    );
  return { data, width: x1 - x0, height: y1 - y0 };
}

/** The picture in another size: averaged where it shrinks, interpolated where it grows. */
export function scale(picture: Gray, factor: number): Gray {
  if (factor <= 0.5) return scale(halve(picture), factor * 2);
  const width = Math.max(1, Math.round(picture.width * factor));
  const height = Math.max(1, Math.round(picture.height * factor));
  const data = new Uint8Array(width * height);
  const from = picture.data;
  // Sixteenths of a pixel, so that the inner loop has whole numbers only.
  const columns = Int32Array.from({ length: width }, (_, x) => place(x, factor, picture.width));
  for (let y = 0; y < height; y++) {
    const sy = place(y, factor, picture.height);
    const top = (sy >> 4) * picture.width;
    const bottom = Math.min(top + picture.width, from.length - picture.width);
    const fy = sy & 15;
    for (let x = 0; x < width; x++) {
      const sx = columns[x]!;
      const left = sx >> 4;
      const right = Math.min(left + 1, picture.width - 1);
      const fx = sx & 15;
      const above = from[top + left]! * (16 - fx) + from[top + right]! * fx;
      const below = from[bottom + left]! * (16 - fx) + from[bottom + right]! * fx;
      data[y * width + x] = (above * (16 - fy) + below * fy) >> 8;
    }
  }
  return { data, width, height };
}

function place(target: number, factor: number, size: number): number {
  const source = ((target + 0.5) / factor - 0.5) * 16;
  return Math.min(Math.max(Math.round(source), 0), (size - 1) * 16);
}

function halve({ data: from, width: w, height: h }: Gray): Gray {
  const width = Math.max(1, w >> 1);
  const height = Math.max(1, h >> 1);
  const data = new Uint8Array(width * height);
  const right = w > 1 ? 1 : 0;
  const down = h > 1 ? w : 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const p = 2 * y * w + 2 * x;
      data[y * width + x] =
        (from[p]! + from[p + right]! + from[p + down]! + from[p + down + right]! + 2) >> 2;
    }
  return { data, width, height };
}

/** The average over a square of `2 * radius + 1` pixels around each pixel. */
export function boxBlur(picture: Gray, radius: number): Gray {
  const { width, height } = picture;
  const across = new Uint8Array(picture.data.length);
  const data = new Uint8Array(picture.data.length);
  for (let y = 0; y < height; y++) average(picture.data, across, y * width, 1, width, radius);
  for (let x = 0; x < width; x++) average(across, data, x, width, height, radius);
  return { data, width, height };
}

/** A running average along one row or column. */
function average(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  step: number,
  count: number,
  radius: number,
): void {
  let sum = 0;
  let size = 0;
  for (let i = 0; i < Math.min(radius, count); i++, size++) sum += from[start + i * step]!;
  for (let i = 0; i < count; i++) {
    if (i + radius < count) {
      sum += from[start + (i + radius) * step]!;
      size++;
    }
    if (i - radius > 0) {
      sum -= from[start + (i - radius - 1) * step]!;
      size--;
    }
    to[start + i * step] = sum / size;
  }
}

/**
 * The picture as if evenly lit: each pixel as it stands between the darkest and the lightest that
 * the paper around it has, roughly, so that shadows, stains and faint print are levelled.
 */
export function evenLight(picture: Gray, radius: number): Gray {
  const mean = boxBlur(picture, radius);
  const distance = new Uint8Array(picture.data.length);
  for (let i = 0; i < distance.length; i++)
    distance[i] = Math.abs(picture.data[i]! - mean.data[i]!);
  const spread = boxBlur({ ...picture, data: distance }, radius);
  const data = new Uint8Array(picture.data.length);
  for (let i = 0; i < data.length; i++) {
    const reach = Math.max(spread.data[i]!, 4) * 2;
    const level = 128 + ((picture.data[i]! - mean.data[i]!) * 127) / reach;
    data[i] = Math.min(255, Math.max(0, level));
  }
  return { ...picture, data };
}

/** Edges made steeper: what is blurred away from each pixel, added to it. */
export function sharpen(picture: Gray, radius: number, amount: number): Gray {
  const soft = boxBlur(boxBlur(picture, radius), radius);
  const data = new Uint8Array(picture.data.length);
  for (let i = 0; i < data.length; i++) {
    const value = picture.data[i]!;
    data[i] = Math.min(255, Math.max(0, value + amount * (value - soft.data[i]!)));
  }
  return { ...picture, data };
}

/** The middle one of the nine values around each pixel: takes out specks, and keeps edges. */
export function median(picture: Gray): Gray {
  const { data: from, width, height } = picture;
  const data = Uint8Array.from(from);
  const nine = new Uint8Array(9);
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      let n = 0;
      for (let p = (y - 1) * width + x; n < 9; p += width) {
        nine[n++] = from[p - 1]!;
        nine[n++] = from[p]!;
        nine[n++] = from[p + 1]!;
      }
      data[y * width + x] = nine.sort()[4]!;
    }
  return { ...picture, data };
}
