import { EMPTY_HEAD } from "../../src/custody/journal.ts";
import { Book, HOLDERS, issue, nodeHash, opened, perform, steps } from "../custody/book.ts";

/** The journals that were frozen: every kind of event of format version 1, and unusual ends. */
export function goldenJournals(): Readonly<Record<string, Buffer>> {
  const life = lifeOfEveryKind().bytes;
  return { life, torn: torn(life), later: withLaterKind() };
}

function lifeOfEveryKind(): Book {
  const book = opened();
  book.put({
    ...{ kind: "policy-changed", note: "decided by the board \u2013 \u00a7 4" },
    policy: { rotationDays: 60, organisation: "Sample Bank AG", pageSize: "Letter" },
  });
  book.put(
    { kind: "account-added", account: "bg-1 key", secret: "pin", belongsTo: "bg-1" },
    { kind: "account-added", account: "bg-3", secret: "password" },
    {
      ...{ kind: "custodian-changed", custodian: "Ada", alternate: "Dan", phone: "+43 1 234 567" },
      ...{ email: "ada@example.org", role: "Treasury" },
    },
    { kind: "custodian-added", custodian: "\u0141ucja \u017b\u00f3\u0142kiewska" },
    { kind: "location-added", location: "Safe D", site: "Vienna" },
    { kind: "location-changed", location: "Safe D", site: "Graz" },
    { kind: "location-gone", location: "Safe D" },
    {
      ...{ kind: "item-added", item: "Key 1", type: "FIDO2 key", serial: "FK-1" },
      ...{ account: "bg-1", location: "Safe A", custodian: "Ada" },
    },
    { kind: "item-tested", item: "Key 1", result: "passed" },
    { kind: "item-moved", item: "Key 1", location: "Safe B", custodian: "Bea" },
    { kind: "item-added", item: "Key 2", type: "FIDO2 key" },
    { kind: "item-gone", item: "Key 2", reason: "wiped itself" },
  );

  perform(book, { set: "A001", account: "bg-1", generation: 1, alsoNeeded: ["FIDO2 key"] });
  book.put(issue({ set: "P001", account: "bg-1 key", generation: 1, blinded: true }));
  book.put(...steps.print("P001"), ...steps.check("P001"));
  const halves = HOLDERS.slice(0, 2).map((holder, i) => ({
    ...holder,
    commitment: nodeHash(Buffer.from(`B001/${i + 1}`)).slice(0, 32),
  }));
  book.put(
    {
      ...{ kind: "set-issued", set: "B001", account: "bg-2", generation: 1, scheme: "concat" },
      ...{ blinded: true, threshold: 2, slips: halves, replaceBy: "2026-03-02" },
      ...{ strength: { whole: 150.5, afterOne: 75.25, afterAllButOne: 75.25 } },
    },
    { kind: "slip-printed", slip: { set: "B001", slip: 1 }, to: "file" },
    { kind: "slip-printed", slip: { set: "B001", slip: 2 }, to: "file" },
    { kind: "slip-files-deleted", set: "B001" },
    { kind: "set-abandoned", set: "B001", reason: "printed on the wrong paper" },
  );
  book.put(
    { kind: "process-reviewed", document: "runbook 3" },
    { kind: "people-trained", people: ["Ada", "Bea", "Cy"] },
    { kind: "alert-seen", account: "bg-1" },
    {
      ...{ kind: "drill-held", type: "check", result: "passed", accounts: ["bg-1"] },
      ...{ scenario: "provider outage", minutes: 45, targetMinutes: 60 },
    },
  );

  book.on("2026-02-10").put(
    { kind: "exception-noted", problem: "a bag was torn", account: "bg-1" },
    { kind: "slip-opened", slip: { set: "A001", slip: 2 }, reason: "torn bag", bag: "A001-2" },
    { kind: "slip-checked", slip: { set: "A001", slip: 2 } },
    { kind: "slip-sealed", slip: { set: "A001", slip: 2 }, bag: "TE-1001", witness: "Wim" },
    {
      ...{ kind: "slip-moved", slip: { set: "A001", slip: 2 }, location: "Safe C" },
      ...{ custodian: "Bea", alternate: "Flo" },
    },
  );
  book.put({
    ...{ kind: "exception-closed", exception: numberOf(book, "exception-noted") },
    remedy: "new bag",
  });
  book.put({ kind: "staff-changed", change: "a new administrator", accounts: ["bg-1"] });
  book.put({
    ...{ kind: "trigger-assessed", trigger: book.register.n, account: "bg-1" },
    reason: "never near a safe",
  });
  book.put({ kind: "subscriptions-changed", change: "a second subscription" });

  // A rotation that fails, is backed out, and is done again.
  book.on("2026-02-20").put(issue({ set: "A002", account: "bg-1", generation: 2 }));
  book.put(...steps.print("A002"), ...steps.check("A002"), ...steps.begin("A002"));
  book.put(
    { kind: "sign-in-failed", set: "A002", slips: [1, 2], reason: "portal error" },
    { kind: "password-recovered", set: "A001", purpose: "ceremony", slips: [1, 3], actor: "Ada" },
    { kind: "set-backed-out", set: "A002", restored: "A001" },
    { kind: "sign-in-confirmed", set: "A001", slips: [1, 3], actor: "Bea" },
    { kind: "set-abandoned", set: "A002", reason: "another day" },
    ...steps.destroy("A002"),
  );
  perform(book, { set: "A003", account: "bg-1", generation: 3 });
  book.put(...steps.destroy("A001"));

  // Losses, an emergency that was written down later, a departure.
  book.on("2026-03-01").put(
    { kind: "slip-damaged", slip: { set: "A003", slip: 1 }, reason: "wet" },
    { kind: "slip-lost", slip: { set: "A003", slip: 2 } },
    { kind: "slip-compromised", slip: { set: "A003", slip: 3 }, reason: "bag cut open" },
    { kind: "set-compromised", set: "A003", reason: "photographed" },
    {
      ...{ kind: "password-recovered", set: "A003", purpose: "emergency", slips: [1, 3] },
      ...{ reason: "tenant locked", at: "2026-02-28T01:30:00Z", recorded: book.now },
      ...{ actor: "Ada", witness: "Bea" },
    },
    { kind: "custodian-gone", custodian: "Cy" },
    { kind: "combination-changed", location: "Safe C" },
    { kind: "rule-overridden", rule: "share-site", reason: "one site left", account: "bg-2" },
    { kind: "account-retired", account: "bg-3" },
  );
  // What can't be is kept all the same.
  book.force(book.event({ kind: "slip-sealed", slip: { set: "A001", slip: 1 }, bag: "late" }));
  return book;
}

/** The number of the latest entry that noted an exception. */
function numberOf(book: Book, kind: "exception-noted"): number {
  const found = [...book.register.exceptions.keys()].at(-1);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

/** A power cut in the middle of the last entry. */
function torn(life: Buffer): Buffer {
  const lines = life.toString().split("\n").slice(0, 13);
  return Buffer.from(`${lines.slice(0, -1).join("\n")}\n${lines.at(-1)!.slice(0, 60)}`);
}

/** A journal in which a later version wrote an entry of a kind that is not known now. */
function withLaterKind(): Buffer {
  const lines: string[] = [];
  let head = EMPTY_HEAD;
  const add = (record: object): void => {
    const n = head.n + 1;
    const hashed = JSON.stringify({ n, ...record, prev: head.hash }).slice(0, -1);
    const hash = nodeHash(Buffer.from(hashed));
    head = { n, hash };
    lines.push(`${hashed},"hash":"${hash}"}\n`);
  };
  const lea = { actor: "Lea Lead" };
  add({
    ...{ kind: "register-opened", at: "2026-01-01T09:00:00Z", ...lea, format: 1 },
    ...{ tenant: "contoso", policy: {} },
  });
  add({
    ...{ kind: "slip-laminated", at: "2031-05-01T09:00:00Z", ...lea, note: "from the future" },
    ...{ slip: { set: "K7Q2", slip: 1 }, film: { microns: 80, sides: [1, 2] } },
  });
  add({
    kind: "account-added",
    at: "2031-05-01T09:01:00Z",
    ...lea,
    account: "bg-1",
    secret: "pin",
  });
  return Buffer.from(lines.join(""));
}
