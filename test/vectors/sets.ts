import type { ErrorCode } from "../../src/core/errors.ts";
import { encodeSlip, type Slip } from "../../src/core/slip.ts";
import { joinShamir } from "../../src/core/shamir.ts";
import { slipBody } from "../../src/core/slip.ts";
import { typedSlip } from "../core/typed.ts";
import { digestOf } from "./forge.ts";
import { concat, makeSet, nameOf, type Scenario } from "./scenario.ts";

/** Slips that are fine by themselves and give no password together. */
export function sets(): Scenario[] {
  return [...tooFew(), ...mixed(), ...altered(), ...contradictory()];
}

function fails(
  expect: ErrorCode,
  name: string,
  comment: string,
  slips: readonly (Slip | undefined)[],
  set?: string,
): Scenario {
  const given = slips.map((slip) => slip!);
  const documents = given.map((slip, i) =>
    i % 2 === 0 ? typedSlip(slip) : `${encodeSlip(slip).qr}\n`,
  );
  return {
    ...{ name, comment, documents, expect, slips: given },
    ...(set === undefined ? {} : { set }),
  };
}

/** A slip with one byte of its payload altered; its parity and check are made to fit. */
function alter(slip: Slip | undefined, place: number): Slip {
  const at = place < 0 ? slip!.payload.length + place : place;
  return { ...slip!, payload: slip!.payload.map((byte, i) => (i === at ? byte ^ 0x40 : byte)) };
}

function tooFew(): Scenario[] {
  const code: ErrorCode = "too-few";
  const one = makeSet("too-few-one");
  const twice = makeSet("too-few-same-twice");
  const thirds = makeSet("too-few-concat-3", concat(3));
  const many = makeSet("too-few-16of16", { threshold: 16, total: 16 });
  const here = makeSet("too-few-other-set");
  const there = makeSet("too-few-other-set/other");
  return [
    fails(code, "too-few-one", "one of two slips", [one[2]]),
    fails(code, "too-few-same-twice", "the same slip twice", [twice[0], twice[0]]),
    fails(code, "too-few-concat-3", "two of three parts", [thirds[2], thirds[0]]),
    fails(code, "too-few-16of16", "fifteen of sixteen slips", many.slice(1)),
    fails(
      code,
      "too-few-other-set",
      "a complete set and one slip of another, which is asked for",
      [here[0], here[1], there[0]],
      nameOf(there),
    ),
  ];
}

function mixed(): Scenario[] {
  const code: ErrorCode = "mixed-sets";
  const pair = (name: string, other: Parameters<typeof makeSet>[1] = {}): Slip[][] => [
    makeSet(name),
    makeSet(`${name}/other`, other),
  ];
  const [one, two] = pair("mixed-sets-one-each");
  const [new_, old] = pair("mixed-sets-both-complete", { password: "the one before" });
  const [whole, stray] = pair("mixed-sets-one-complete");
  const shares = makeSet("mixed-sets-header");
  const same = makeSet("mixed-sets-header/other", { setId: shares[0]!.setId, total: 4 });
  const long = makeSet("mixed-sets-length");
  const short = makeSet("mixed-sets-length/other", { setId: long[0]!.setId, password: "short" });
  return [
    fails(code, "mixed-sets-one-each", "one slip each of two sets", [one![0], two![1]]),
    fails(code, "mixed-sets-both-complete", "two complete sets", [
      ...new_!.slice(0, 2),
      ...old!.slice(1),
    ]),
    fails(code, "mixed-sets-one-complete", "a complete set and a slip of another", [
      stray![0],
      ...whole!.slice(1),
    ]),
    fails(code, "mixed-sets-header", "one set id, and totals of 3 and 4", [shares[0], same[1]]),
    fails(code, "mixed-sets-length", "one set id, and shares of two lengths", [long[0], short[1]]),
  ];
}

/** An altered byte whose check was made to fit. */
function altered(): Scenario[] {
  const [a, b] = makeSet("wrong-result-share");
  const halves = makeSet("wrong-result-fragment", concat(2));
  const parts = makeSet("wrong-result-digest", concat(2));
  const order = makeSet("wrong-result-order", { ...concat(2), password: "abcd" });
  const mine = makeSet("wrong-result-two-makings");
  const setId = mine[0]!.setId;
  const theirs = makeSet("wrong-result-two-makings/other", { setId, password: "kR7#mX2-vQ9-" });
  const foreign = makeSet("wrong-result-set-id").map((slip) => ({ ...slip, setId: 0x12345 }));
  const three = makeSet("misfit-one-of-three");
  const five = makeSet("misfit-two-of-five", { threshold: 3, total: 5 });
  const last = makeSet("misfit-blinded", { threshold: 3, total: 5, blinded: true });
  const rival = makeSet("misfit-same-index");
  return [
    fails("wrong-result", "wrong-result-share", "a byte of a share altered", [a, alter(b, -1)]),
    fails("wrong-result", "wrong-result-fragment", "a character of a fragment altered", [
      alter(halves[0], -1),
      halves[1],
    ]),
    fails("wrong-result", "wrong-result-digest", "a part of the digest altered", [
      parts[0],
      alter(parts[1], 10),
    ]),
    fails("wrong-result", "wrong-result-order", "the numbers of two fragments exchanged", [
      { ...order[0]!, index: 2 },
      { ...order[1]!, index: 1 },
    ]),
    fails("wrong-result", "wrong-result-two-makings", "one set id, two passwords of one length", [
      mine[0],
      theirs[1],
    ]),
    fails("wrong-result", "wrong-result-set-id", "the digest was made for another set id", [
      foreign[0],
      foreign[2],
    ]),
    fails("misfit", "misfit-one-of-three", "the first of three slips is altered, two are needed", [
      alter(three[0], 5),
      three[1],
      three[2],
    ]),
    fails("misfit", "misfit-two-of-five", "two of five slips are altered, three are needed", [
      five[0],
      alter(five[1], 0),
      five[2],
      five[3],
      alter(five[4], -1),
    ]),
    fails("misfit", "misfit-blinded", "four blinded slips, the share on the last is altered", [
      ...last.slice(0, 3),
      alter(last[3], 10),
    ]),
    fails("misfit", "misfit-same-index", "two contents of slip 1, one of which fits slip 2", [
      alter(rival[0], 3),
      rival[0],
      rival[1],
    ]),
  ];
}

/** A share that gives another password together with one that is known. */
function forgeShare(known: Slip, index: number, password: string): Slip {
  const bytes = new TextEncoder().encode(password);
  const secret = Uint8Array.from([...digestOf(known.setId, bytes), ...bytes]);
  // With two needed, a third point of the line through the secret at 0 and the known share: the
  // line's value there is a sum of both with factors that unit values show.
  const body = secret.map((byte, i) => lineThrough(byte, known.index, slipBody(known)[i]!, index));
  return { ...known, index, payload: body };
}

/** The value at x = `at` of the line with `zero` at 0 and `value` at `x`, over GF(2^8). */
function lineThrough(zero: number, x: number, value: number, at: number): number {
  for (let y = 0; y < 256; y++) {
    const joined = joinShamir([
      { index: x, body: Uint8Array.of(value) },
      { index: at, body: Uint8Array.of(y) },
    ]);
    if (joined[0] === zero) return y;
  }
  throw new Error("no such line");
}

function contradictory(): Scenario[] {
  const code: ErrorCode = "conflict";
  const blinded = makeSet("conflict-blind", { blinded: true });
  const concatBlind = makeSet("conflict-concat-blind", concat(2));
  const shares = makeSet("conflict-shamir-forged");
  const same = makeSet("conflict-same-index-forged");
  const halves = makeSet("conflict-concat-forged", { ...concat(2), password: "first-second" });
  const pass = new TextEncoder().encode("first-forged");
  const digest = digestOf(halves[0]!.setId, pass);
  const body = slipBody(halves[0]!);
  const forged = [...digest.map((byte, i) => byte ^ body[i]!), ...pass.slice(6)];
  const second = Uint8Array.from([...halves[1]!.payload.slice(0, 10), ...forged]);
  return [
    fails(code, "conflict-blind", "two contents of slip 2 that differ in the blind alone", [
      blinded[0],
      blinded[1],
      alter(blinded[1], 0),
    ]),
    fails(code, "conflict-concat-blind", "two contents of part 1 that differ in the blind", [
      alter(concatBlind[0], 9),
      concatBlind[0],
      concatBlind[1],
    ]),
    fails(
      code,
      "conflict-shamir-forged",
      "slip 3 was forged to give another password with slip 1",
      [shares[0], shares[1], forgeShare(shares[0]!, 3, "aR7#mX2-vQ9+")],
    ),
    fails(code, "conflict-same-index-forged", "two slips 2, which give two passwords with slip 1", [
      same[0],
      same[1],
      forgeShare(same[0]!, 2, "aR7#mX2-vQ9+"),
    ]),
    fails(code, "conflict-concat-forged", "two parts 2, which give two passwords with part 1", [
      halves[0],
      halves[1],
      { ...halves[1]!, payload: second },
    ]),
  ];
}
