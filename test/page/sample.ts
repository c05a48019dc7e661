import { encodeSlip, groupLine, type Slip } from "../../src/core/slip.ts";
import { typedSlip } from "../core/typed.ts";
import { makeSet } from "../vectors/scenario.ts";

export { USUAL_PASSWORD as SAMPLE_PASSWORD } from "../vectors/scenario.ts";

/** Three slips of which two are enough. */
export const slips = makeSet("sample") as [Slip, Slip, Slip];
/** Of another making. */
export const others = makeSet("another sample") as [Slip, Slip, Slip];

/** A slip's lines as printed, and its spare line last. */
export function linesOf(slip: Slip): string[] {
  const { lines, spare } = encodeSlip(slip);
  return [...lines, spare].map(groupLine);
}

export const texts = slips.map(typedSlip) as [string, string, string];
export const otherTexts = others.map(typedSlip) as [string, string, string];

export function qrOf(slip: Slip): string {
  return encodeSlip(slip).qr;
}

/** A slip with another share, and a check that was made to fit. */
export function altered(slip: Slip): Slip {
  const payload = Uint8Array.from(slip.payload);
  payload[payload.length - 1]! ^= 1;
  return { ...slip, payload };
}
