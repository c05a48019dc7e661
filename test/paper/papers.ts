import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { execFileSync } from "../child.ts";
import { parseCeremony } from "../../src/paper/ceremony-template.ts";
import type { PaperLayout } from "../../src/paper/ceremony-page.ts";
import type { PaperFacts, SetFacts } from "../../src/paper/facts.ts";
import { parseLabels } from "../../src/paper/labels.ts";
import { parseMinutes } from "../../src/paper/minutes-template.ts";
import type { Page } from "../../src/paper/page.ts";
import { renderPdf } from "../../src/paper/pdf.ts";
import { parseRunbook } from "../../src/paper/runbook.ts";
import { fonts } from "./samples.ts";

export function templateText(name: string): string {
  return readFileSync(new URL(`../../templates/${name}`, import.meta.url), "utf8");
}

export const ceremony = parseCeremony("ceremony.json", templateText("ceremony.json"), fonts);
export const runbook = parseRunbook("runbook.json", templateText("runbook.json"), fonts);
export const labels = parseLabels("labels.json", templateText("labels.json"), fonts);
export const minutes = parseMinutes("minutes.json", templateText("minutes.json"), fonts);

export const onA4: PaperLayout = { pageSize: "A4", fonts };
export const onLetter: PaperLayout = { pageSize: "Letter", fonts };

const PEOPLE = [
  "Anna Keller",
  "Łucja Żółkiewska",
  "Ελένη Παπαδάκη",
  "Юрий Щербаков",
  "Włodzimierz Brzęczyszczykiewicz-Łękołodzki z Chrząszczyrzewic",
];
const PLACES = [
  "Head office, vault 2, safe B",
  "Хранилище №2, Большая Никитская улица, дом 13/1, комната 305, сейф Б, слева",
];

/** A set of slips, each with a custodian, an alternate and a place. */
export function setOf(threshold: number, total: number, fields: Partial<SetFacts> = {}): SetFacts {
  return {
    set: "K7Q2",
    generation: 4,
    scheme: "shamir",
    threshold,
    total,
    replaceBy: "2027-02-21",
    slips: Array.from({ length: total }, (_, i) => ({
      slip: i + 1,
      custodian: `${PEOPLE[i % PEOPLE.length]!} ${i + 1}`,
      alternate: `${PEOPLE[(i + 1) % PEOPLE.length]!} Alternate`,
      location: PLACES[i % PLACES.length]!,
      site: "Graz",
      bag: `TE-${1000 + i}`,
    })),
    ...fields,
  };
}

const unissued = { set: undefined, generation: 5, replaceBy: undefined } as const;

export function factsOf(set: SetFacts, fields: Partial<PaperFacts> = {}): PaperFacts {
  return {
    organisation: "Sample Bank AG",
    account: "bg-1@contoso.onmicrosoft.com",
    secret: "password",
    anchor: "41-0123456789abcdef0123456789abcd",
    printed: "2026-11-23",
    set,
    earlier: [],
    alsoNeeded: ["FIDO2 key", "PIN"],
    items: [
      {
        name: "KEY-1",
        type: "FIDO2 key",
        serial: "FK-1",
        location: PLACES[0],
        custodian: PEOPLE[0],
      },
    ],
    people: [
      { name: `${PEOPLE[0]!} 1`, phone: "+43 1 234 567", email: "anna@example.org" },
      { name: `${PEOPLE[1]!} 2`, phone: "+43 1 234 568", email: undefined },
    ],
    ...fields,
  };
}

/** A rotation: the next set, and the slips of the last one to destroy. */
export function rotationOf(
  threshold: number,
  total: number,
  scheme: SetFacts["scheme"],
): PaperFacts {
  const next = setOf(threshold, total, { ...unissued, scheme });
  return factsOf(next, { earlier: [setOf(threshold, total, { scheme })] });
}

const anySet: fc.Arbitrary<SetFacts> = fc.oneof(
  fc
    .record({ total: fc.integer({ min: 2, max: 16 }), a: fc.nat(), known: fc.boolean() })
    .map(({ total, a, known }) => setOf(2 + (a % (total - 1)), total, known ? {} : unissued)),
  fc.constantFrom(2, 3).map((total) => setOf(total, total, { scheme: "concat" })),
  fc.constantFrom(2, 3).map((total) => {
    const set = setOf(2, total);
    const nobody = { custodian: undefined, alternate: undefined, location: undefined };
    return { ...set, slips: set.slips.map((slip) => ({ ...slip, ...nobody, bag: undefined })) };
  }),
);

export const anyFacts: fc.Arbitrary<PaperFacts> = fc
  .record({
    set: anySet,
    earlier: fc.array(anySet, { maxLength: 2 }),
    anchored: fc.boolean(),
    long: fc.boolean(),
    secret: fc.constantFrom("password", "pin"),
    alsoNeeded: fc.constantFrom([], ["FIDO2 key", "PIN"]),
  })
  .map(({ set, earlier, anchored, long, ...fields }) => {
    const named = earlier.map((one, i) => ({ ...one, set: `9N4${i}`, generation: 3 - i }));
    const facts = factsOf(set, { earlier: named, ...fields });
    const { account, anchor } = facts;
    return {
      ...facts,
      anchor: anchored ? anchor : undefined,
      account: long ? `emergency-access-0001@a-very-long-tenant-name.${account}` : account,
      organisation: long
        ? "Zürcher Kantonal- und Genossenschaftsbank Beteiligungsgesellschaft"
        : undefined,
    };
  });

export const anyLayout: fc.Arbitrary<PaperLayout> = fc.constantFrom(onA4, onLetter);

export function paperPdf(pages: readonly Page[]): Promise<Uint8Array> {
  const created = new Date(Date.UTC(2026, 10, 23, 12));
  return renderPdf(pages, { title: "paper", language: "en", created, fonts });
}

/** Runs a program on the PDF of some pages; `FILE` stands for it. */
export async function withPdf(
  pages: readonly Page[],
  tool: string,
  ...args: string[]
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "breakglass-papers-"));
  try {
    const path = join(folder, "paper.pdf");
    writeFileSync(path, await paperPdf(pages));
    const given = args.map((arg) => (arg === "FILE" ? path : arg));
    return execFileSync(tool, given, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
