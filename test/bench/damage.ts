import type { Gray } from "../../src/scan/gray.ts";
import { scale } from "../../src/scan/gray.ts";

/*
 * What happens to paper, and to its pictures. Everything here is made from a seed, so that the same
 * pictures come out at every run.
 */

/** Where the code stands on a page, in its pixels. */
export interface CodePlace {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/** A page as a scanner sees it at 200 dpi, and where its code stands. */
export interface ScannedPage {
  readonly picture: Gray;
  readonly code: CodePlace;
}

/** Numbers from 0 to 1, the same at every run: mulberry32 by Tommy Ettinger, in the public domain. */
export type Dice = () => number;

export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** About normally distributed, of mean 0 and deviation 1. */
function normal(dice: Dice): number {
  return Math.sqrt(-2 * Math.log(1 - dice())) * Math.cos(2 * Math.PI * dice());
}

const between = (dice: Dice, low: number, high: number): number => low + (high - low) * dice();

function clamp(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}

function map(picture: Gray, change: (value: number, x: number, y: number) => number): Gray {
  const { width, height } = picture;
  const data = new Uint8Array(picture.data.length);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) data[i] = clamp(change(picture.data[i]!, x, y));
  return { data, width, height };
}

/** The value between four pixels; `outside` beyond the picture. */
function sample({ data, width, height }: Gray, x: number, y: number, outside: number): number {
  if (x < 0 || y < 0 || x >= width - 1 || y >= height - 1) return outside;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const [fx, fy] = [x - left, y - top];
  const i = top * width + left;
  const above = data[i]! * (1 - fx) + data[i + 1]! * fx;
  const below = data[i + width]! * (1 - fx) + data[i + width + 1]! * fx;
  return above * (1 - fy) + below * fy;
}

/** Another picture, each of whose pixels comes from a place in this one. */
function warp(
  picture: Gray,
  width: number,
  height: number,
  from: (x: number, y: number) => readonly [number, number],
  outside = 255,
): Gray {
  const data = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const [sx, sy] = from(x, y);
      data[i] = clamp(sample(picture, sx, sy, outside));
    }
  return { data, width, height };
}

export function rotate(picture: Gray, degrees: number, outside = 255): Gray {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const width = Math.ceil(Math.abs(picture.width * cos) + Math.abs(picture.height * sin));
  const height = Math.ceil(Math.abs(picture.width * sin) + Math.abs(picture.height * cos));
  const turn = (x: number, y: number): readonly [number, number] => [
    (x - width / 2) * cos + (y - height / 2) * sin + picture.width / 2,
    (y - height / 2) * cos - (x - width / 2) * sin + picture.height / 2,
  ];
  return warp(picture, width, height, turn, outside);
}

/** The page as seen from aside: each row and column further away the more the tilt. */
export function perspective(picture: Gray, tiltX: number, tiltY: number, outside = 255): Gray {
  const { width, height } = picture;
  return warp(
    picture,
    width,
    height,
    (x, y) => {
      const [u, v] = [x / width - 0.5, y / height - 0.5];
      const depth = 1 / (1 - tiltX * u - tiltY * v);
      return [(u * depth + 0.5) * width, (v * depth + 0.5) * height];
    },
    outside,
  );
}

/** A Gaussian blur. */
export function blur(picture: Gray, sigma: number): Gray {
  const reach = Math.ceil(sigma * 3);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((sum, weight) => sum + weight);
  const pass = ({ data, width, height }: Gray, step: 1 | 0): Gray => {
    const out = new Uint8Array(data.length);
    for (let y = 0, i = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++) {
          const px = step === 1 ? Math.min(Math.max(x + k, 0), width - 1) : x;
          const py = step === 0 ? Math.min(Math.max(y + k, 0), height - 1) : y;
          sum += data[py * width + px]! * weights[k + reach]!;
        }
        out[i] = sum / total;
      }
    return { data: out, width, height };
  };
  return pass(pass(picture, 1), 0);
}

/** A camera that moved: each pixel smeared along a line. */
function smear(picture: Gray, length: number, degrees: number): Gray {
  const steps = Math.max(2, Math.round(length));
  const [dx, dy] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return map(picture, (_, x, y) => {
    let sum = 0;
    for (let k = 0; k < steps; k++) {
      const offset = (k / (steps - 1) - 0.5) * length;
      sum += sample(picture, x + dx * offset, y + dy * offset, 255);
    }
    return sum / steps;
  });
}

export function noise(picture: Gray, deviation: number, dice: Dice): Gray {
  return map(picture, (value) => value + normal(dice) * deviation);
}

function contrast(picture: Gray, black: number, white: number): Gray {
  return map(picture, (value) => black + ((white - black) * value) / 255);
}

/** Folds across the code: the paper shifted by a few pixels, worn white at the edge, and in shadow. */
function crease(page: ScannedPage, count: number, width: number, dice: Dice): Gray {
  let { picture } = page;
  const { left, top, size } = page.code;
  for (let n = 0; n < count; n++) {
    const angle = between(dice, -0.6, 0.6) + (n % 2) * (Math.PI / 2);
    const [nx, ny] = [-Math.sin(angle), Math.cos(angle)];
    const through =
      nx * (left + size * between(dice, 0.3, 0.7)) + ny * (top + size * between(dice, 0.3, 0.7));
    const shift = between(dice, 1, 3);
    const before = picture;
    picture = map(before, (_, x, y) => {
      const away = nx * x + ny * y - through;
      const value =
        away < 0 ? sample(before, x, y, 255) : sample(before, x - nx * shift, y - ny * shift, 255);
      if (Math.abs(away) < width / 2) return 200 + 55 * dice();
      const shadow = away > 0 && away < width * 4 ? 60 * (1 - away / (width * 4)) : 0;
      return value - shadow;
    });
  }
  return picture;
}

/** A stain over a part of the code: dark and opaque, or paper torn away. */
function stain(page: ScannedPage, share: number, dice: Dice): Gray {
  const { left, top, size } = page.code;
  const radius = size * Math.sqrt(share / Math.PI);
  // Off the corners, whose patterns no reader can do without.
  const [cx, cy] = [
    left + size * between(dice, 0.45, 0.75),
    top + size * between(dice, 0.45, 0.75),
  ];
  const shade = dice() < 0.5 ? between(dice, 30, 90) : 235;
  const wobble = Array.from({ length: 4 }, () => between(dice, -0.08, 0.08));
  return map(page.picture, (value, x, y) => {
    const angle = Math.atan2(y - cy, x - cx);
    const edge = wobble.reduce((sum, part, i) => sum + part * Math.sin((i + 2) * angle), 1);
    return Math.hypot(x - cx, y - cy) < radius * edge ? shade + 10 * normal(dice) : value;
  });
}

/** A copier: a little out of focus, specks, harder contrast, and a little larger or smaller. */
function photocopy(picture: Gray, dice: Dice, strength: number): Gray {
  const turned = rotate(picture, between(dice, -1.5, 1.5));
  const soft = noise(blur(turned, 0.9 * strength), 18 * strength, dice);
  const threshold = between(dice, 105, 165);
  const hard = map(soft, (value) => 128 + (value - threshold) * 3);
  return map(hard, (value) => (dice() < 0.0015 * strength ? 255 - value : value));
}

/** A phone at night: aslant, uneven light, a shadow, shaken, noisy, and in fewer pixels. */
function badPhotograph(page: ScannedPage, dice: Dice, strength: number): Gray {
  const turned = rotate(page.picture, between(dice, -25, 25), 90);
  const slanted = perspective(turned, between(dice, -0.25, 0.25), between(dice, -0.25, 0.25), 90);
  const { width, height } = slanted;
  const [lx, ly] = [width * between(dice, 0, 1), height * between(dice, 0, 1)];
  const reach = Math.hypot(width, height);
  const edge = between(dice, 0.3, 0.7) * width;
  const lit = map(slanted, (value, x, y) => {
    const light = 0.75 - (0.5 * Math.hypot(x - lx, y - ly)) / reach;
    const shade = x + 0.3 * y > edge + 0.15 * height ? 0.7 : 1;
    return (25 + value * 0.85) * light * shade;
  });
  const shaken = smear(blur(lit, 0.8 * strength), 1 + 2.2 * strength, between(dice, 0, 180));
  return scale(noise(shaken, 8 * strength, dice), between(dice, 0.75, 0.95));
}

/** A kind of damage: the page's picture after it, the stronger the further `level` is from 0 to 1. */
export type Damage = (page: ScannedPage, level: number, dice: Dice) => Gray;

const grow = (level: number, low: number, high: number): number => low + (high - low) * level;

/** Every kind that is measured, by its name. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  rotation: ({ picture }, _, dice) => rotate(picture, between(dice, 0, 360)),
  perspective: ({ picture }, level, dice) => {
    const sign = dice() < 0.5 ? -1 : 1;
    return perspective(picture, sign * grow(level, 0.1, 0.7), -sign * grow(level, 0.1, 0.5));
  },
  blur: ({ picture }, level) => blur(picture, grow(level, 1, 3.6)),
  noise: ({ picture }, level, dice) => noise(picture, grow(level, 20, 130), dice),
  "low contrast": ({ picture }, level, dice) => {
    const black = between(dice, 60, 170);
    return noise(contrast(picture, black, black + grow(level, 60, 9)), grow(level, 1, 2), dice);
  },
  crease: (page, level, dice) =>
    crease(page, 1 + Math.floor(level * 2.99), grow(level, 3, 14), dice),
  stain: (page, level, dice) => stain(page, grow(level, 0.03, 0.15), dice),
  "100 dpi": ({ picture }, level, dice) =>
    noise(blur(scale(rotate(picture, between(dice, -3, 3)), 0.5), grow(level, 0.3, 0.9)), 6, dice),
  "copy of a copy": ({ picture }, level, dice) =>
    photocopy(photocopy(picture, dice, grow(level, 0.7, 1.7)), dice, grow(level, 0.7, 1.7)),
  "bad photograph": (page, level, dice) => badPhotograph(page, dice, grow(level, 0.5, 1.8)),
};
