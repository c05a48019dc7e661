import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";
import { setName, type Slip } from "../../src/core/slip.ts";
import type { Fonts } from "../../src/paper/fonts.ts";
import type { Page } from "../../src/paper/page.ts";
import { renderPdf } from "../../src/paper/pdf.ts";
import type { SlipDetails } from "../../src/paper/slip-details.ts";
import type { SlipLayout } from "../../src/paper/slip-page.ts";
import { parseWording } from "../../src/paper/wording.ts";

function ttf(name: string): Uint8Array {
  const path = `../../node_modules/dejavu-fonts-ttf/ttf/${name}.ttf`;
  return new Uint8Array(readFileSync(new URL(path, import.meta.url)));
}

export const fonts: Fonts = {
  regular: ttf("DejaVuSans"),
  bold: ttf("DejaVuSans-Bold"),
  mono: ttf("DejaVuSansMono"),
  monoBold: ttf("DejaVuSansMono-Bold"),
};

export const template = readFileSync(new URL("../../templates/slip.json", import.meta.url), "utf8");
const wording = parseWording("slip.json", template, fonts);

export const a4: SlipLayout = { pageSize: "A4", wording, fonts };
export const letter: SlipLayout = { pageSize: "Letter", wording, fonts };

export const details: SlipDetails = {
  organisation: "Sample Bank AG",
  account: "bg-1@contoso.onmicrosoft.com",
  generation: 4,
  issued: "2026-11-23",
  replaceBy: "2027-02-21",
  custodian: "Anna Keller",
  alternate: "Bernd Ohm",
  location: "Head office, vault 2, safe B",
  alsoNeeded: ["FIDO2 key", "PIN"],
  anchor: undefined,
};

/** Names and places of the length that a slip has to take, in three scripts. */
export const longDetails: SlipDetails = {
  organisation: "Zürcher Kantonal- und Genossenschaftsbank Beteiligungsgesellschaft",
  account: "emergency-access-account-0001@a-very-long-tenant-name.onmicrosoft.com",
  generation: 1234,
  issued: "2026-11-23",
  replaceBy: "2027-02-21",
  custodian: "Włodzimierz Brzęczyszczykiewicz-Łękołodzki z Chrząszczyrzewic",
  alternate: "Αλέξανδρος Παπαδημητρίου-Κωνσταντινόπουλος του Νικολάου",
  location: "Хранилище №2, Большая Никитская улица, дом 13/1, комната 305, сейф Б, слева",
  alsoNeeded: ["FIDO2 key", "PIN of the key", "building badge"],
  anchor: "1234 0123456789abcdef0123456789abcd",
};

/** Bytes that look random and are the same every time. */
function someBytes(length: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state >> 16;
  });
}

export function shamirSlip(bodyBytes: number, fields: Partial<Slip> = {}): Slip {
  const { blinded = false } = fields;
  const payload = someBytes(bodyBytes + (blinded ? 10 : 0), bodyBytes);
  return {
    setId: 0x9dee2,
    scheme: "shamir",
    blinded,
    threshold: 2,
    total: 3,
    index: 2,
    payload,
    ...fields,
  };
}

export function concatSlip(fragment: string, fields: Partial<Slip> = {}): Slip {
  const payload = Buffer.concat([someBytes(14), Buffer.from(fragment, "utf8")]);
  return {
    setId: 123456,
    scheme: "concat",
    blinded: true,
    threshold: 2,
    total: 2,
    index: 1,
    payload: new Uint8Array(payload),
    ...fields,
  };
}

const setId = fc.integer({ min: 0, max: 2 ** 20 - 1 });

const anyShamir: fc.Arbitrary<Slip> = fc
  .record({
    setId,
    blinded: fc.boolean(),
    total: fc.integer({ min: 2, max: 16 }),
    body: fc.uint8Array({ minLength: 5, maxLength: 260 }),
    a: fc.nat(),
    b: fc.nat(),
  })
  .map(({ setId, blinded, total, body, a, b }) => ({
    setId,
    scheme: "shamir",
    blinded,
    total,
    threshold: 2 + (a % (total - 1)),
    index: 1 + (b % total),
    payload: blinded ? new Uint8Array([...someBytes(10), ...body]) : body,
  }));

/** Fragments of every length, of letters as in passwords and of any Unicode at all. */
const anyConcat: fc.Arbitrary<Slip> = fc
  .record({
    setId,
    total: fc.constantFrom(2, 3),
    index: fc.constantFrom(1, 2),
    fragment: fc.oneof(
      fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 256 }),
      fc
        .string({ unit: "binary", minLength: 1, maxLength: 64 })
        .filter((text) => Buffer.from(text).toString() === text),
    ),
  })
  .map(({ setId, total, index, fragment }) =>
    concatSlip(fragment, { setId, total, threshold: total, index }),
  );

/** Every kind of slip that can be printed. */
export const anySlip: fc.Arbitrary<Slip> = fc.oneof(anyShamir, anyConcat);

const created = new Date(Date.UTC(2026, 10, 23, 12));

export function pdfOf(slip: Slip, pages: readonly Page[]): Promise<Uint8Array> {
  const title = `${setName(slip.setId)} slip ${slip.index} of ${slip.total}`;
  return renderPdf(pages, { title, language: wording.language, created, fonts });
}

/** Matches the error that refuses something; the message as a whole, or by a pattern. */
export function failure(code: ErrorCode, message: string | RegExp): Error {
  const matching: unknown = typeof message === "string" ? message : expect.stringMatching(message);
  return expect.objectContaining({ code, message: matching }) as Error;
}
