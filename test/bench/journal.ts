// Writes a register as an organisation makes it in years: journal.js FOLDER ENTRIES
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CustodyEvent } from "../../src/custody/events.ts";
import { EMPTY_HEAD, appendEntry } from "../../src/custody/journal.ts";

type DistributiveOmit<T, N extends PropertyKey> = T extends unknown ? Omit<T, N> : never;
type Happening = DistributiveOmit<CustodyEvent, "at" | "actor">;

const ACCOUNTS = 50;
const ROTATION_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;
const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SLIPS = [1, 2, 3];

const [, , folder = "", wanted = ""] = process.argv;
const entries = Number(wanted);
const digest = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("hex");

let head = EMPTY_HEAD;
const lines: string[] = [];
let time = 0;

function put(happening: Happening): void {
  // So far and no further, in the middle of what is going on.
  if (lines.length === entries) return;
  const at = `${new Date(time).toISOString().slice(0, 19)}Z`;
  const event = { ...happening, at, actor: "Sample Lead" } as CustodyEvent;
  const appended = appendEntry(head, event, digest);
  ({ head } = appended);
  lines.push(appended.line);
  time += 1000;
}

function nameOf(number: number): string {
  return [15, 10, 5, 0].map((shift) => SYMBOLS[(number >> shift) & 31]).join("");
}

function rotate(
  account: string,
  generation: number,
  set: string,
  before: string | undefined,
): void {
  put({
    ...{ kind: "set-issued", set, account, generation, scheme: "shamir", blinded: false },
    threshold: 2,
    slips: SLIPS.map((slip) => ({
      commitment: digest(`${set}/${slip}`).slice(0, 32),
      ...{ custodian: `Sample ${slip}`, alternate: `Alternate ${slip}`, location: `Safe ${slip}` },
    })),
    replaceBy: new Date(time + ROTATION_DAYS * DAY_MS).toISOString().slice(0, 10),
    strength: { whole: 190, afterOne: 190, afterAllButOne: 190 },
  });
  for (const slip of SLIPS) put({ kind: "slip-printed", slip: { set, slip }, to: "printer" });
  for (const slip of SLIPS) put({ kind: "slip-checked", slip: { set, slip } });
  put({ kind: "setting-begun", set, slips: [1, 2] });
  put({ kind: "password-recovered", set, purpose: "ceremony", slips: [1, 2] });
  put({ kind: "password-recovered", set, purpose: "ceremony", slips: [2, 3] });
  put({ kind: "sign-in-confirmed", set, slips: [2, 3] });
  put({ kind: "alert-seen", account });
  for (const slip of SLIPS)
    put({ kind: "slip-sealed", slip: { set, slip }, bag: `B${generation}-${slip}` });
  if (before !== undefined)
    for (const slip of SLIPS)
      put({ kind: "slip-destroyed", slip: { set: before, slip }, witness: "Sample Witness" });
}

/** What an account comes to in a quarter: a rotation, and slips that are opened, checked and sealed. */
const QUARTER_ENTRIES = 50;
const quarters = Math.ceil(entries / ACCOUNTS / QUARTER_ENTRIES);
// It ends about today, so that no clock is wrong.
const opened = Math.floor(Date.now() / DAY_MS - quarters * ROTATION_DAYS) * DAY_MS;
time = opened;
put({
  ...{ kind: "register-opened", format: 1, tenant: "contoso.onmicrosoft.com" },
  policy: { organisation: "Sample Bank AG" },
});
for (const slip of SLIPS) {
  put({ kind: "location-added", location: `Safe ${slip}`, site: `Site ${slip}` });
  put({ kind: "custodian-added", custodian: `Sample ${slip}`, alternate: `Alternate ${slip}` });
  put({ kind: "custodian-added", custodian: `Alternate ${slip}` });
}
const accounts = Array.from({ length: ACCOUNTS }, (_, i) => `bg-${i + 1}@contoso.onmicrosoft.com`);
for (const account of accounts) put({ kind: "account-added", account, secret: "password" });

const current = new Map<string, string>();
let sets = 0;
for (let quarter = 0; quarter < quarters; quarter++) {
  const on = (day: number): void =>
    void (time = Math.max(time, opened + (quarter * ROTATION_DAYS + day) * DAY_MS));
  on(0);
  put({ kind: "process-reviewed" });
  put({ kind: "people-trained", people: SLIPS.flatMap((i) => [`Sample ${i}`, `Alternate ${i}`]) });
  for (const account of accounts) {
    const set = nameOf(sets++);
    rotate(account, quarter + 1, set, current.get(account));
    current.set(account, set);
  }
  for (let day = 15; lines.length < ((quarter + 1) * entries) / quarters; day += 15) {
    on(day);
    for (const set of current.values())
      for (const slip of SLIPS) {
        put({ kind: "slip-opened", slip: { set, slip }, reason: "check of a slip" });
        put({ kind: "slip-checked", slip: { set, slip } });
        put({ kind: "slip-sealed", slip: { set, slip }, bag: `C${quarter}-${day}-${slip}` });
      }
  }
}
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "journal.jsonl"), lines.join(""));
