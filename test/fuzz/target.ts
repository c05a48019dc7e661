import { Assembly } from "../../src/core/assembly.ts";
import { sameBytes } from "../../src/core/bytes.ts";
import { readDocument } from "../../src/core/document.ts";
import { readSlip } from "../../src/core/reader.ts";
import { encodeSlip, type Slip } from "../../src/core/slip.ts";
import { spellText } from "../../src/core/spelling.ts";
import { decodeUtf8 } from "../../src/core/utf8.ts";
import { typedSlip } from "../core/typed.ts";
import { concat, makeSet } from "../vectors/scenario.ts";
import { fair } from "./fair.ts";

/** A reader of what others wrote. Anything but a result or a BreakglassError is a finding. */
export interface Target {
  /** Inputs to begin with. */
  seeds(): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** What is worth putting in somewhere. */
  readonly words: readonly string[];
  run(input: Uint8Array): void | Promise<void>;
}

export const ROOT = process.env["FUZZ_ROOT"]!;
export const bytes = (...texts: readonly string[]): Uint8Array[] =>
  texts.map((text) => Buffer.from(text));
export const text = (input: Uint8Array): string => Buffer.from(input).toString();

/** A finding, if something does not hold. */
export function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

export const sets: readonly (readonly Slip[])[] = [
  makeSet("fuzz"),
  makeSet("fuzz, blinded", { blinded: true, password: "x" }),
  makeSet("fuzz, in two", concat(2)),
  makeSet("fuzz, sixteen", { threshold: 3, total: 16 }),
];

/** A slip must read back from its own print as what it was. */
export function roundTrip(slip: Slip): void {
  const again = readSlip(readDocument(typedSlip(slip))[0]!, { acceptCorrections: false });
  check(again.spare === "agrees", "a slip's spare line does not agree with it");
  check(sameBytes(again.slip.payload, slip.payload), "a slip reads back as another");
  check(encodeSlip(again.slip).qr === encodeSlip(slip).qr, "a slip prints as another");
}

/** All slips in a text, and what they make together. */
export function readAll(document: string, acceptCorrections: boolean): void {
  const assembly = new Assembly();
  for (const draft of readDocument(document))
    fair(() => {
      const { slip } = readSlip(draft, { acceptCorrections });
      roundTrip(slip);
      assembly.add(slip);
    });
  for (const { name } of assembly.sets)
    fair(() => {
      spellText(decodeUtf8(assembly.recover(name).secret) ?? "");
    });
}
