import type { ErrorCode } from "../../src/core/errors.ts";
import { drawSetId, splitSecret } from "../../src/core/split.ts";
import { setName, type SetHeader, type Slip } from "../../src/core/slip.ts";
import { recordOf } from "../core/read.ts";
import { seeded } from "../core/seeded.ts";

/** One vector before it is written. */
export interface Scenario {
  readonly name: string;
  readonly comment: string;
  readonly documents: readonly string[];
  readonly acceptCorrections?: boolean;
  readonly set?: string;
  readonly expect: "password" | ErrorCode;
  readonly password?: string;
  /** The slips in the documents, in order, where every one of them can be read. */
  readonly slips?: readonly Slip[];
}

/** A vector as a file holds it. */
export interface Vector {
  readonly comment: string;
  readonly documents: readonly string[];
  readonly acceptCorrections: boolean;
  readonly set?: string;
  readonly expect: "password" | ErrorCode;
  readonly password?: string;
  readonly slips?: readonly {
    readonly name: string;
    readonly checkWord: string;
    readonly commitment: string;
  }[];
}

const PASSWORD = "kR7#mX2-vQ9+";

/** Slips of a set drawn from a seed; 2 of 3 and not blinded if nothing else is said. */
export function makeSet(
  seed: string,
  { password = PASSWORD, ...header }: Partial<SetHeader> & { readonly password?: string } = {},
): Slip[] {
  const random = seeded(seed);
  const setId = drawSetId(random);
  const defaults = { setId, scheme: "shamir", blinded: false, threshold: 2, total: 3 } as const;
  return splitSecret(new TextEncoder().encode(password), { ...defaults, ...header }, random);
}

/** The header of a concatenation. */
export function concat(parts: number): Omit<SetHeader, "setId"> {
  return { scheme: "concat", blinded: true, threshold: parts, total: parts };
}

export function nameOf(slips: readonly Slip[]): string {
  return setName(slips[0]!.setId);
}

/** The password of sets for which none was chosen. */
export const USUAL_PASSWORD = PASSWORD;

/** JSON in ASCII, so that blanks and marks of every kind can be seen. */
function ascii(json: string): string {
  return json.replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A list of strings on one line where prettier would leave it there. */
function list(key: string, values: readonly string[]): string {
  const items = values.map((value) => ascii(JSON.stringify(value)));
  const row = `  "${key}": [${items.join(", ")}],`;
  return row.length <= 100
    ? row
    : `  "${key}": [\n${items.map((item) => `    ${item}`).join(",\n")}\n  ],`;
}

/** A vector's file. */
export function vectorJson(scenario: Scenario): string {
  const { comment, documents, acceptCorrections = false, set, expect, password, slips } = scenario;
  const rest = JSON.stringify(
    { acceptCorrections, set, expect, password, slips: slips?.map(recordOf) },
    null,
    2,
  );
  const head = `{\n  "comment": ${JSON.stringify(comment)},\n`;
  return `${head}${list("documents", documents)}${ascii(rest.slice(1))}\n`;
}
