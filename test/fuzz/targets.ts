import { readFileSync, readdirSync } from "node:fs";
import { IssueForm } from "../../src/cli/issuing/issue-form.ts";
import { given as fieldsGiven } from "../../src/cli/journal/deed.ts";
import { deedOf } from "../../src/cli/journal/deed.ts";
import { asText, csvRow } from "../../src/cli/journal/entry-text.ts";
import { calendarFile } from "../../src/cli/register/calendar.ts";
import { evidenceTables } from "../../src/cli/register/evidence-tables.ts";
import { chainText, summaryText } from "../../src/cli/register/evidence-text.ts";
import { exposureText } from "../../src/cli/register/exposure.ts";
import { statusJson, statusText, type Report } from "../../src/cli/register/status.ts";
import { parseSetName, parseSlips } from "../../src/cli/system/options.ts";
import { oneLine } from "../../src/cli/system/output.ts";
import { symbolsToText } from "../../src/core/base32.ts";
import { SPARE } from "../../src/core/line.ts";
import { forbiddenNames, generate, passwordRecipe } from "../../src/core/password.ts";
import { LINES_MAX, decodeStream, encodeSlip } from "../../src/core/slip.ts";
import {
  headingDoubt,
  headingOf,
  judgeLine,
  readTyped,
  type ConfirmedLine,
} from "../../src/core/typing.ts";
import { registerCalendar } from "../../src/custody/calendar.ts";
import { parseRef } from "../../src/custody/events.ts";
import { evidenceOf } from "../../src/custody/evidence.ts";
import { exposures } from "../../src/custody/exposure.ts";
import { judgeAnchor, parseAnchor, readJournal } from "../../src/custody/journal.ts";
import { leftovers, nextStep } from "../../src/custody/lifecycle/standing.ts";
import { permits } from "../../src/custody/lifecycle/permits.ts";
import { foldRegister } from "../../src/custody/fold/fold.ts";
import { accountLines } from "../../src/custody/schedule/account-lines.ts";
import { due, dueDates } from "../../src/custody/schedule/schedule.ts";
import { ceremonyPages } from "../../src/paper/ceremony-page.ts";
import { parseCeremony } from "../../src/paper/ceremony-template.ts";
import type { Fonts } from "../../src/paper/fonts.ts";
import { labelPages, parseLabels } from "../../src/paper/labels.ts";
import { minutesPages } from "../../src/paper/minutes-page.ts";
import { parseMinutes } from "../../src/paper/minutes-template.ts";
import { CEREMONIES } from "../../src/paper/papers.ts";
import { registerFacts } from "../../src/paper/register-facts.ts";
import { parseRunbook, runbookPages } from "../../src/paper/runbook.ts";
import { parseTestPage, testPages } from "../../src/paper/test-page.ts";
import { parseWording } from "../../src/paper/wording.ts";
import { seeded } from "../core/seeded.ts";
import { typedSlip } from "../core/typed.ts";
import { nodeHash, opened, perform, steps } from "../custody/book.ts";
import { checkOf, contentOf, forgeLines, streamOf } from "../vectors/forge.ts";
import { fair } from "./fair.ts";
import { PICTURE_TARGETS } from "./picture-targets.ts";
import { SYSTEM_TARGETS } from "./system-targets.ts";
import { ROOT, bytes, readAll, roundTrip, sets, text, type Target } from "./target.ts";

const SLIP_WORDS = [
  "1)",
  "2) ",
  "S)",
  "\n",
  "\f",
  "?",
  "????",
  "U",
  "BG1:",
  "BG2:",
  ":",
  "-",
  "O",
  "i",
];

const slipText: Target = {
  words: SLIP_WORDS,
  seeds: () => [
    ...bytes(...sets.map((slips) => typedSlip(slips[0]!))),
    ...bytes(sets[0]!.map(typedSlip).join(""), sets[2]!.map(typedSlip).join("\f")),
    ...bytes(typedSlip(sets[0]![0]!), "1) ????\n2) ABCD\nS) 0000 0000 0000 0000  0000"),
  ],
  run: (input) => {
    readAll(text(input), false);
    readAll(text(input), true);
  },
};

const qrText: Target = {
  words: SLIP_WORDS,
  seeds: () => [
    ...bytes(
      ...sets.map((slips) =>
        slips
          .slice(0, 3)
          .map((slip) => encodeSlip(slip).qr)
          .join("\n"),
      ),
    ),
    ...bytes("a reader says BG1:0000", "BG99:"),
  ],
  run: (input) => {
    readAll(text(input), false);
    readAll(text(input), true);
  },
};

/** Streams with any fields and any payload, under a check and a parity that fit. */
const slipFields: Target = {
  words: ["\0\0\0\0", "\u001f\u001f"],
  seeds: () =>
    sets.flatMap((slips) =>
      slips.slice(0, 2).map((slip) => Uint8Array.from(contentOf(streamOf(slip)))),
    ),
  run: (input) => {
    const content = [...input.subarray(0, 600)].map((byte) => byte % 32);
    const symbols = [...content, ...checkOf(content)];
    fair(() => {
      roundTrip(decodeStream(Uint8Array.from(symbols)));
    });
    const { lines, qr } = forgeLines(symbols);
    readAll(lines.map((line, i) => `${i + 1}) ${line}`).join("\n"), true);
    readAll(qr, false);
  },
};

function journals(): Uint8Array[] {
  const book = opened();
  perform(book, { set: "A001", account: "bg-1", generation: 1 });
  const first = book.bytes;
  book.on("2026-03-25");
  perform(book, { set: "A002", account: "bg-1", generation: 2 });
  book.put(...steps.destroy("A001"));
  return [opened().bytes, first, book.bytes];
}

const SEAL_LENGTH = ',"hash":""}'.length + 64;

/** Puts number, link and hash of every line right, as somebody does who rewrites a journal. */
function resealed(input: Uint8Array): Uint8Array {
  let prev = "0".repeat(64);
  let n = 0;
  const lines = text(input)
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      n++;
      const content = line
        .slice(0, Math.max(0, line.length - SEAL_LENGTH))
        .replace(/^\{"n":\d+/, `{"n":${n}`)
        .replace(/"prev":"[0-9a-f]{64}"$/, `"prev":"${prev}"`);
      prev = nodeHash(Buffer.from(content));
      return `${content},"hash":"${prev}"}\n`;
    });
  return Buffer.from(lines.join(""));
}

/** Everything that a command would say of a journal. */
function judge(input: Uint8Array): void {
  const journal = readJournal(input, nodeHash);
  const register = foldRegister(journal.entries);
  for (const now of ["2026-06-01", "2027-06-01"].map((day) => new Date(day))) {
    due(register, now);
    accountLines(register, now);
  }
  dueDates(register);
  exposures(register);
  for (const account of register.accounts.keys()) {
    nextStep(register, account);
    leftovers(register, account);
    for (const purpose of ["next", "held"] as const)
      registerFacts(register, account, purpose, { anchor: "1-0", printed: "2026-11-23" });
  }
  const status = (asOf: Date): Report => ({
    state: { folder: "custody", register, journal, notes: [] },
    accounts: accountLines(register, asOf),
    findings: due(register, asOf),
  });
  statusText(status(new Date("2026-06-01")));
  JSON.stringify(statusJson(status(new Date("2027-06-01"))));
  const period = { since: "2026-01-01", until: "2026-12-31" };
  const evidence = evidenceOf(journal.entries, period, new Date("2026-11-23"));
  evidenceTables(evidence);
  const proof = { head: journal.head, notes: [], made: "2026-11-23T00:00:00Z", compared: [] };
  summaryText(evidence, proof);
  chainText(evidence, proof);
  exposures(evidence.register).forEach(exposureText);
  for (const entry of journal.entries) {
    asText(entry);
    csvRow(entry);
  }
  calendarFile([registerCalendar(journal.entries, new Date("2026-06-01"))], new Date("2026-06-01"));
  for (const entry of journal.entries.slice(-3))
    if ("at" in entry) permits(register, entry as never);
}

const journal: Target = {
  words: [
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    '"set":"A001"',
    '"slip":17',
    "__proto__",
    '"kind":"set-issued"',
    '"threshold":16',
    "\n",
    "2026-02-30T99:00:00Z",
    "constructor",
  ],
  seeds: journals,
  run: (input) => {
    fair(() => {
      judge(input);
    });
    judge(resealed(input));
  },
};

const font = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(`${ROOT}/node_modules/dejavu-fonts-ttf/ttf/${name}.ttf`));
let loaded: Fonts | undefined;
const fonts = (): Fonts =>
  (loaded ??= {
    regular: font("DejaVuSans"),
    bold: font("DejaVuSans-Bold"),
    mono: font("DejaVuSansMono"),
    monoBold: font("DejaVuSansMono-Bold"),
  });

let book: ReturnType<typeof opened> | undefined;
/** A register whose papers are printed with a template that passes. */
function sampleBook(): ReturnType<typeof opened> {
  if (book === undefined)
    perform((book = opened()), { set: "A001", account: "bg-1", generation: 1 });
  return book;
}

function template(file: string, use: (json: string) => void): Target {
  return {
    words: [
      '"',
      "{set}",
      "{slips}",
      "{",
      "}",
      "[]",
      "null",
      "1",
      "{}",
      '"only"',
      "\u{1f600}",
      "BG1:",
      "1) 0000",
      "__proto__",
      "\\u0000",
      " ".repeat(100),
    ],
    seeds: () => [readFileSync(`${ROOT}/templates/${file}`)],
    run: (input) => use(text(input)),
  };
}

const layout = (): { pageSize: "A4"; fonts: Fonts } => ({ pageSize: "A4", fonts: fonts() });
const facts = (): NonNullable<ReturnType<typeof registerFacts>> =>
  registerFacts(sampleBook().register, "bg-1", "held", { anchor: "1-0", printed: "2026-11-23" })!;

const anchors: Target = {
  words: ["1-", "-", "0".repeat(30), "f", " ", "9".repeat(15)],
  seeds: () => bytes(`12-${"4f0c9".repeat(6)}`, "1-0"),
  run: (input) => {
    const journal = readJournal(opened().bytes, nodeHash);
    judgeAnchor(journal, parseAnchor(text(input)));
  },
};

/** The flags of `issue`, one on a line, and the names that a password must not contain. */
const options: Target = {
  words: [
    "2of3",
    "16of16",
    "concat:3",
    "passphrase",
    "pin",
    "password",
    "entra",
    "letters",
    "256",
    "2027-01-01",
    "\n",
    "Letter",
    "K7Q2/2",
    "@",
  ],
  seeds: () =>
    bytes(
      "2of3\npassword\n24\nentra\n4\n2027-02-21\nA4\nbg-1@contoso.onmicrosoft.com\nSample Bank AG\nK7Q2",
      "concat:2\npin\n8\nletters\n1\n2026-12-01\nLetter\nÄccount\nOrg\nK7Q2/2",
      "3of5\npassphrase\n8\n\n999\n2028-02-29\na4\na\nb\n9n4m",
    ),
  run: (input) => {
    const [
      split,
      secret,
      length,
      alphabet,
      generation,
      replaceBy,
      page,
      account,
      organisation,
      set,
    ] = text(input).split("\n");
    parseRef(set ?? "");
    oneLine(text(input));
    const names = forbiddenNames(account ?? "", organisation);
    if (set !== undefined) {
      fair(() => {
        parseSetName(set);
      });
    }
    const given = { split, secret, length, alphabet, generation, replaceBy, page };
    const flags = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
    const holders = Array<string>(16).fill("Sample One");
    const { total } = { total: Number(/(\d+)$/.exec(split ?? "2of3")?.[1] ?? 3) };
    const who = holders.slice(0, Math.min(16, total));
    const told = {
      custodian: who,
      alternate: who,
      location: who,
      account: account === undefined || account === "" ? "a" : account,
    };
    const plan = new IssueForm(
      fieldsGiven({ ...flags, ...told, register: false as const, out: "out" }),
      () => new Date("2026-11-23"),
      undefined,
    ).plan();
    if (plan.kind === "password")
      generate(passwordRecipe(plan.alphabet as "entra", plan.length, names), seeded("options"));
  },
};

/** One slip typed at a terminal: each line judged by itself, then all of them together. */
const typedLines: Target = {
  words: SLIP_WORDS,
  seeds: () => bytes(...sets.map((slips) => typedSlip(slips[0]!)), "1) ?\n2) ABCD\nS)"),
  run: (input) => {
    const rows = text(input).split("\n").slice(0, 40);
    const lines = new Map<number, ConfirmedLine>();
    for (const [i, row] of rows.entries()) {
      const number = i + 1 < rows.length ? i + 1 : SPARE;
      const judgement = judgeLine(number, row, LINES_MAX);
      if (judgement.kind === "taken") lines.set(number, judgement.line);
      if (judgement.kind === "suggested")
        lines.set(number, {
          typed: judgement.text,
          line: symbolsToText(judgement.suggestions[0]!.line),
        });
      const line = lines.get(1)?.line;
      if (i === 0 && line !== undefined)
        fair(() => {
          headingDoubt(headingOf(line), []);
        });
    }
    fair(() => {
      roundTrip(readTyped(lines).reading.slip);
    });
  },
};

/** What a flag says of when something was done, and of which slips. */
const deeds: Target = {
  words: ["2026-03-01T09:30Z", "T", ":", "Z", "24:00", "\n", "1,3", ",", "16", "K7Q2/2"],
  seeds: () => bytes("2026-03-01T09:30Z\n1,3", "2026-02-28 23:59:59\n2", "0000-01-01T00:00Z\n,"),
  run: (input) => {
    const [at = "", slips = ""] = text(input).split("\n");
    fair(() => {
      deedOf({ by: "Sample One", at })(new Date("2026-11-23"));
    });
    parseSlips(slips);
  },
};

/** Inputs that were a finding once stay seeds. */
export function foundInputs(target: string): Uint8Array[] {
  const folder = `${ROOT}/test/fuzz/found`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${target}-`))
    .map((name) => readFileSync(`${folder}/${name}`));
}

/** Every parser of this project: a new one is a new entry here. */
export const TARGETS: Readonly<Record<string, Target>> = {
  "slip-text": slipText,
  "qr-text": qrText,
  "slip-fields": slipFields,
  journal,
  anchor: anchors,
  options,
  "typed-lines": typedLines,
  deeds,
  "template-test-page": template("test-page.json", (json) => {
    const wording = parseWording(
      "slip.json",
      readFileSync(`${ROOT}/templates/slip.json`, "utf8"),
      fonts(),
    );
    testPages(
      parseTestPage("test-page.json", json, fonts()),
      { ...layout(), wording },
      "2026-11-23",
    );
  }),
  "template-slip": template("slip.json", (json) => void parseWording("slip.json", json, fonts())),
  "template-ceremony": template("ceremony.json", (json) => {
    const parsed = parseCeremony("ceremony.json", json, fonts());
    // One script an input, as a ceremony has.
    const ceremony = CEREMONIES[json.length % CEREMONIES.length]!;
    ceremonyPages(parsed, ceremony, facts(), layout());
  }),
  "template-minutes": template("minutes.json", (json) => {
    const parsed = parseMinutes("minutes.json", json, fonts());
    const { entries } = readJournal(sampleBook().bytes, nodeHash);
    const about = { organisation: "Sample Bank AG", account: "bg-1", anchor: "1-0" };
    minutesPages(parsed, { ...about, printed: "2026-11-23", entries }, layout());
  }),
  "template-labels": template("labels.json", (json) => {
    labelPages(parseLabels("labels.json", json, fonts()), facts(), layout());
  }),
  "template-runbook": template("runbook.json", (json) => {
    runbookPages(parseRunbook("runbook.json", json, fonts()), facts(), layout());
  }),
  ...PICTURE_TARGETS,
  ...SYSTEM_TARGETS,
  // What the fuzzer itself is tested with; not run unless named.
  "planted-crash": {
    words: [],
    seeds: () => bytes("zzzz"),
    run: (input) => {
      const given = text(input);
      if (given.startsWith("c") && given.charAt(1) === "r" && given.charAt(2) === "4")
        if (given.charAt(3) === "s") throw new TypeError("planted");
    },
  },
  "planted-hang": {
    words: [],
    seeds: () => bytes("a", "hang"),
    run: (input) => {
      while (text(input) === "hang");
    },
  },
  "planted-memory": {
    words: [],
    seeds: () => bytes("a", "more"),
    run: (input) => {
      const held: Uint8Array[] = [];
      while (text(input) === "more") held.push(new Uint8Array(1 << 20).fill(1));
    },
  },
};
