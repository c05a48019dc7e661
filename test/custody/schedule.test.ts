import { describe, expect, it } from "vitest";
import type { PolicyChange } from "../../src/custody/policy.ts";
import { accountLines } from "../../src/custody/schedule/account-lines.ts";
import type { Finding } from "../../src/custody/schedule/duty.ts";
import { due, dueDates } from "../../src/custody/schedule/schedule.ts";
import {
  Book,
  HOLDERS,
  commitment,
  issue,
  opened,
  perform,
  steps,
  type Happening,
} from "./book.ts";

/** What is found on a day at noon, one line for each: severity, id, and the last day for it. */
function found(book: Book, day: string): string[] {
  return due(book.register, new Date(`${day}T12:00:00Z`)).map(
    ({ severity, id, until }) =>
      `${severity} ${id}${until === undefined ? "" : ` ${until.slice(0, 10)}`}`,
  );
}

function finding(book: Book, day: string, id: string): Finding | undefined {
  return due(book.register, new Date(`${day}T12:00:00Z`)).find((other) => other.id === id);
}

/** Two accounts with sets of 2026-01-01, everybody trained, everything seen: nothing is due. */
function settled(policy: PolicyChange = {}): Book {
  const book = opened().put({ kind: "policy-changed", policy });
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
  perform(book, { set: "M0XA", account: "bg-2", generation: 1 });
  return book.put(
    { kind: "process-reviewed" },
    { kind: "people-trained", people: ["Ada", "Bea", "Cy", "Dan", "Eve", "Flo"] },
    { kind: "alert-seen", account: "bg-1" },
    { kind: "alert-seen", account: "bg-2" },
  );
}

describe("what is due", () => {
  it("is nothing when all is done", () => {
    expect(found(settled(), "2026-01-02")).toEqual([]);
  });

  it("of a rotation is said in time: soon, due on the day, overdue the day after", () => {
    const book = settled();
    const on = (day: string): string | undefined => finding(book, day, "rotation:bg-1")?.severity;
    expect(on("2026-03-17")).toBeUndefined();
    expect(on("2026-03-19")).toBe("soon");
    expect(on("2026-03-31")).toBe("soon");
    expect(on("2026-04-01")).toBe("due");
    expect(on("2026-04-02")).toBe("overdue");
    expect(finding(book, "2026-04-02", "rotation:bg-1")).toEqual({
      ...{ severity: "overdue", id: "rotation:bg-1", account: "bg-1", set: "K7Q2" },
      what: "the password of bg-1 is to be replaced (set K7Q2, generation 1)",
      ...{ command: "breakglass rotate bg-1", until: "2026-04-01T23:59:59Z" },
    });
    expect(accountLines(book.register, new Date("2026-03-31T12:00:00Z"))[0]).toEqual({
      ...{ account: "bg-1", active: "K7Q2", generation: 1, pending: undefined },
      ...{ recoverable: true, replaceBy: "2026-04-01", daysLeft: 1 },
    });
  });

  it("reminds of a second factor until one is on record, and asks for none for a PIN", () => {
    const key = { kind: "item-added", item: "Key 1", type: "FIDO2 key", account: "bg-1" } as const;
    const ofPin = { account: "PIN 1", secret: "pin", belongsTo: "bg-1" } as const;
    const pin = { kind: "account-added", ...ofPin } as const;
    const set = { set: "K7Q2", account: "bg-1", generation: 1, alsoNeeded: [] };
    const notes = (book: Book): string[] =>
      found(book, "2026-01-02").filter((each) => each.includes("second-factor"));
    const book = opened();
    perform(book, set);
    expect(notes(book)).toEqual(["note second-factor:bg-1"]);
    for (const event of [key, pin]) {
      const known = opened();
      perform(known, set);
      expect(notes(known.put(event))).toEqual([]);
    }
    const pins = opened().put(pin);
    perform(pins, { ...set, account: "PIN 1" });
    expect(notes(pins)).toEqual([]);
    expect(notes(book.put(key, { kind: "item-gone", item: "Key 1" }))).toHaveLength(1);
  });

  it("goes by the slips where they say an earlier day", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1, replaceBy: "2026-02-01" });
    expect(finding(book, "2026-02-02", "rotation:bg-1")?.severity).toBe("overdue");
  });

  it.each(["validate-only", "rotate-after-use"] as const)(
    "has no rotation by date if the policy is %s",
    (mode) => {
      const book = settled({ mode });
      const on = found(book, "2026-04-02");
      expect(on.join("\n")).not.toContain("rotation:");
      expect(on).toContain("overdue sign-in:bg-1 2026-04-01");
      expect(on).toContain("overdue check:K7Q2/2 2026-04-01");
      expect(accountLines(book.register, book.date())[0]).toMatchObject({ daysLeft: undefined });
      book
        .on("2026-04-02")
        .put({ kind: "password-recovered", set: "K7Q2", purpose: "drill", slips: [1, 2] });
      const due = found(book, "2026-04-03").join("\n");
      if (mode === "rotate-after-use") expect(due).toMatch(/due trigger:\d+:bg-1 2026-04-09/);
      else expect(due).not.toContain("trigger");
    },
  );

  it("calls for a rotation after a recovery that no ceremony asked for", () => {
    const book = settled().on("2026-02-01");
    book.put({ kind: "password-recovered", set: "K7Q2", purpose: "ceremony", slips: [1, 2] });
    expect(found(book, "2026-02-02")).toEqual([
      ...[`trigger:${book.register.n}:bg-1`, "sealed:K7Q2/1", "sealed:K7Q2/2"].map(
        (id) => `due ${id} 2026-02-08`,
      ),
    ]);
  });

  it("asks for slip files to be deleted once every slip was checked: until then one may be printed again", () => {
    const book = opened().put(
      issue({ set: "K7Q2", account: "bg-1", generation: 1 }),
      ...[1, 2, 3].map((slip): Happening => ({
        kind: "slip-printed",
        slip: { set: "K7Q2", slip },
        to: "file",
      })),
      ...steps.check("K7Q2").slice(0, 2),
    );
    const id = "files:K7Q2";
    expect(finding(book, "2026-01-02", id)?.severity).toBe("soon");
    expect(finding(book, "2026-01-09", id)?.severity).toBe("overdue");
    book.put(...steps.check("K7Q2").slice(2));
    expect(finding(book, "2026-01-02", id)?.severity).toBe("due");
  });

  it("says after three months what nobody has done since", () => {
    expect(found(settled(), "2026-04-02")).toEqual([
      ...["rotation:bg-1", "rotation:bg-2", "alert:bg-1", "alert:bg-2", "process"].map(
        (id) => `overdue ${id} 2026-04-01`,
      ),
      ...["sign-in:bg-1", "sign-in:bg-2", "training:Ada"].map((id) => `overdue ${id} 2026-04-01`),
    ]);
  });

  it("says of a new register what is to be done first", () => {
    const book = new Book().put({ kind: "register-opened", format: 1, tenant: "t", policy: {} });
    expect(found(book, "2026-01-02")).toEqual([
      ...["due accounts 2026-01-08", "due process 2026-01-08"],
    ]);
    book.put({ kind: "account-added", account: "bg-1", secret: "password" });
    book.put({ kind: "account-added", account: "key", secret: "pin", belongsTo: "bg-1" });
    expect(finding(book, "2026-01-02", "accounts")?.what).toBe(
      "the register has 1 of at least 2 emergency accounts",
    );
    expect(finding(book, "2026-01-09", "rotation:bg-1")).toMatchObject({
      ...{ severity: "overdue", command: "breakglass issue bg-1" },
    });
  });

  it.each<[string, Happening[], string]>([
    [
      "an emergency",
      [{ kind: "password-recovered", set: "K7Q2", purpose: "emergency", slips: [1, 2] }],
      "due bg-1 2026-02-08",
    ],
    [
      "a lost slip",
      [{ kind: "slip-lost", slip: { set: "K7Q2", slip: 1 } }],
      "overdue bg-1 2026-02-01",
    ],
    [
      "a compromised slip",
      [{ kind: "slip-compromised", slip: { set: "K7Q2", slip: 1 } }],
      "overdue bg-1 2026-02-01",
    ],
    [
      "a compromised set",
      [{ kind: "set-compromised", set: "K7Q2", reason: "seen" }],
      "overdue bg-1 2026-02-01",
    ],
    [
      "a damaged slip",
      [{ kind: "slip-damaged", slip: { set: "K7Q2", slip: 1 } }],
      "due bg-1 2026-02-08",
    ],
    [
      "an alternate's departure",
      [{ kind: "custodian-gone", custodian: "Dan" }],
      "due bg-1 2026-02-08,due bg-2 2026-02-08",
    ],
    [
      "a change of staff",
      [{ kind: "staff-changed", change: "new admin" }],
      "due bg-1 2026-02-08,due bg-2 2026-02-08",
    ],
    [
      "a change of subscriptions for one",
      [{ kind: "subscriptions-changed", change: "new", accounts: ["bg-2"] }],
      "due bg-2 2026-02-08",
    ],
    [
      "a departure of somebody with no slip",
      [
        { kind: "custodian-added", custodian: "Gus" },
        { kind: "custodian-gone", custodian: "Gus" },
      ],
      "",
    ],
  ])("after %s are the right accounts", (_, happenings, expected) => {
    const book = settled()
      .on("2026-02-01")
      .put(...happenings);
    const n = book.register.n;
    const triggers = (day: string): string[] =>
      found(book, day)
        .filter((line) => line.includes("trigger"))
        .map((line) => line.replace(`trigger:${n}:`, ""));
    expect(triggers("2026-02-01").join()).toBe(expected);
    if (expected === "") return;
    expect(triggers("2026-02-09").every((line) => line.startsWith("overdue"))).toBe(true);
    const left = new Set(expected.split(",").map((line) => line.split(" ")[1]!));
    const [first] = left;
    const assessed = { kind: "trigger-assessed", trigger: n, reason: "no access" } as const;
    const trigger = finding(book, "2026-02-02", `trigger:${n}:${first!}`)!;
    expect(trigger.command).toBe(`breakglass rotate ${first!}`);
    // A loss is judged by two people, and a rotation is all that is offered; so is an emergency.
    const isLoss = expected.startsWith("overdue");
    const byTwo = isLoss || happenings[0]!.kind === "password-recovered";
    const assess = `breakglass record assessed ${n} --account ${first!} --reason REASON`;
    expect(trigger.alternative).toBe(
      isLoss ? undefined : `${assess}${byTwo ? " --witness NAME" : ""}`,
    );
    for (const witness of [{}, { witness: "Lea Lead" }, { witness: "lea lead" }])
      expect(
        book.refusal({ ...assessed, account: first!, ...witness })?.refusal.split(":")[0],
      ).toBe(
        byTwo ? `after ${isLoss ? "a loss" : "an emergency"} the password is replaced` : undefined,
      );
    expect(book.refusal({ ...assessed, account: "bg-9", witness: "Wim" })?.refusal).toBe(
      `entry ${n} is no trigger that is still open for bg-9`,
    );
    book.put({ ...assessed, account: first!, witness: "Wim" });
    expect(triggers("2026-02-02").length).toBe(left.size - 1);
    for (const account of left)
      if (account !== first)
        perform(book, { set: "9ZZW", account, generation: 2, slips: [...withoutDan()] });
    expect(triggers("2026-02-02")).toEqual([]);
    expect(book.refusal({ ...assessed, witness: "Wim" })).toBeDefined();
  });

  it("of a trigger does not concern a set that was issued after it", () => {
    const book = settled().on("2026-02-01");
    book.force(
      book.event({
        ...{ kind: "staff-changed", change: "x" },
        ...{ at: "2025-12-01T00:00:00Z", recorded: book.now },
      }),
    );
    expect(found(book, "2026-02-02")).toEqual([]);
  });

  it("includes what a departure leaves open", () => {
    const book = settled().on("2026-02-01").put({ kind: "custodian-gone", custodian: "Ada" });
    const open = found(book, "2026-02-02").filter((line) => !line.includes("trigger"));
    expect(open).toEqual([
      ...["due combination:Safe A", "due custodian:K7Q2/1", "due custodian:M0XA/1"].map(
        (line) => `${line} 2026-02-08`,
      ),
    ]);
    book.put({ kind: "combination-changed", location: "Safe A" });
    for (const set of ["K7Q2", "M0XA"])
      book.put({ kind: "slip-moved", slip: { set, slip: 1 }, custodian: "Dan", alternate: "Eve" });
    expect(
      found(book, "2026-02-02").filter(
        (line) => line.startsWith("due") && !line.includes("trigger"),
      ),
    ).toEqual([]);
    // Eve is an alternate twice now.
    expect(finding(book, "2026-02-02", "rule:K7Q2:alternate-opens:0")).toMatchObject({
      ...{ severity: "note", command: "breakglass exposure bg-1" },
    });
  });

  it("includes a sign-in that failed, until a later one is confirmed", () => {
    const book = settled().on("2026-02-01");
    expect(found(book, "2026-02-02")).toEqual([]);
    book.put({ kind: "sign-in-failed", set: "K7Q2", slips: [1, 2] });
    expect(due(book.register, new Date("2026-02-02T12:00:00Z"))).toMatchObject([
      {
        ...{ severity: "due", id: "sign-in:bg-1", account: "bg-1" },
        what: "a sign-in of bg-1 failed on 2026-02-01, and is to be tried again, or its password replaced",
        command: "breakglass confirm bg-1",
        alternative: "breakglass rotate bg-1",
        until: "2026-02-08T23:59:59Z",
      },
    ]);
    book.on("2026-02-03").put(...steps.confirm("K7Q2"));
    expect(found(book, "2026-02-04").join("\n")).not.toContain("sign-in:");
  });

  it("includes a full drill that failed, until a later one succeeds", () => {
    const book = settled().on("2026-02-01");
    const drill = { kind: "drill-held", type: "full", accounts: ["bg-1"] } as const;
    book.put({ ...drill, result: "passed" }, { ...drill, type: "check", result: "failed" });
    expect(found(book, "2026-02-02")).toEqual([]);
    book.put({ ...drill, result: "failed" });
    expect(due(book.register, new Date("2026-02-02T12:00:00Z"))).toEqual([
      {
        ...{ severity: "due", id: "drill:bg-1", account: "bg-1" },
        what: "the full drill of bg-1 on 2026-02-01 failed, and is to be held again",
        command: "breakglass ceremony drill-full bg-1",
        alternative: "breakglass record drill --type full --account bg-1",
        ...{ since: "2026-02-01T09:02:00Z", until: "2026-02-08T23:59:59Z" },
      },
    ]);
    expect(found(book, "2026-02-09")).toEqual(["overdue drill:bg-1 2026-02-08"]);
    // Neither another kind of drill settles it, nor one with another account, nor one from before.
    const before = { at: "2026-01-31T09:00:00Z", recorded: book.now };
    book.put({ ...drill, ...before, result: "passed" });
    book.put({ ...drill, type: "check", result: "passed" });
    book.put({ ...drill, accounts: ["bg-2"], result: "passed" });
    expect(found(book, "2026-02-02")).toEqual(["due drill:bg-1 2026-02-08"]);
    book.on("2026-02-03").put({ kind: "drill-held", type: "full", result: "passed" });
    expect(found(book, "2026-02-04")).toEqual([]);
    book.put({ kind: "drill-held", type: "full", result: "failed" });
    expect(found(book, "2026-02-04").length).toBe(2);
  });

  it("includes a key whose keeper has left", () => {
    const book = settled().on("2026-02-01");
    const id = "keeper:Key 1";
    book.put(
      { kind: "custodian-added", custodian: "Gus" },
      { kind: "item-added", item: "Key 1", type: "FIDO2 key", account: "bg-1", custodian: "Gus" },
    );
    expect(finding(book, "2026-02-02", id)).toBeUndefined();
    book.put({ kind: "custodian-gone", custodian: "Gus" });
    expect(finding(book, "2026-02-02", id)).toMatchObject({
      ...{ severity: "due", account: "bg-1", until: "2026-02-08T23:59:59Z" },
      what: "Gus left and still keeps FIDO2 key Key 1",
      command: "breakglass record item-moved 'Key 1'",
    });
    book.put({ kind: "item-moved", item: "Key 1", custodian: "Ada" });
    expect(finding(book, "2026-02-02", id)).toBeUndefined();
  });

  it("includes a key in a safe that is no longer used", () => {
    const book = settled().on("2026-02-01");
    const id = "safe:Key 1";
    book.put(
      { kind: "location-added", location: "Safe D", site: "Wels" },
      { kind: "item-added", item: "Key 1", type: "FIDO2 key", account: "bg-1", location: "Safe D" },
    );
    expect(finding(book, "2026-02-02", id)).toBeUndefined();
    book.put({ kind: "location-gone", location: "Safe D" });
    expect(finding(book, "2026-02-02", id)).toMatchObject({
      ...{ severity: "due", account: "bg-1", until: "2026-02-08T23:59:59Z" },
      what: "FIDO2 key Key 1 lies in Safe D, which is no longer used",
      command: "breakglass record item-moved 'Key 1'",
    });
    book.put({ kind: "item-moved", item: "Key 1", location: "Safe A" });
    expect(finding(book, "2026-02-02", id)).toBeUndefined();
  });

  it("does not forget who held a slip and handed it over before leaving", () => {
    const handedOver = (): Book => {
      const book = settled()
        .on("2026-02-01")
        .put(
          { kind: "custodian-added", custodian: "Gus" },
          { kind: "location-added", location: "Safe D", site: "Wels" },
        );
      for (const set of ["K7Q2", "M0XA"])
        book.put({
          ...{ kind: "slip-moved", slip: { set, slip: 1 }, location: "Safe D" },
          ...{ custodian: "Gus", alternate: "Dan" },
        });
      return book.put({ kind: "people-trained", people: ["Gus"] }).on("2026-02-05");
    };
    const book = handedOver().put({ kind: "custodian-gone", custodian: "Ada" });
    const n = book.register.n;
    expect(found(book, "2026-02-06").filter((line) => line.startsWith("due"))).toEqual([
      ...["bg-1", "bg-2"].map((account) => `due trigger:${n}:${account} 2026-02-12`),
      `due combination:Safe A 2026-02-12`,
    ]);
    // Of the combination that came after it, nobody has told.
    const changed = handedOver().put(
      { kind: "combination-changed", location: "Safe A" },
      { kind: "custodian-gone", custodian: "Ada" },
    );
    expect(found(changed, "2026-02-06").join("\n")).not.toContain("combination:");
    expect(found(changed, "2026-02-06").join("\n")).toContain("trigger:");
  });

  it("includes slips that are open, unsealed, without alternate, or too near to each other", () => {
    const book = settled().on("2026-02-01");
    const slip = { set: "K7Q2", slip: 2 };
    book.put({ kind: "slip-opened", slip, reason: "audit" });
    expect(finding(book, "2026-02-02", "sealed:K7Q2/2")).toMatchObject({
      ...{ severity: "due", what: "K7Q2/2 was opened and not sealed again" },
      command: "breakglass record sealed K7Q2/2",
    });
    book.put({ kind: "slip-sealed", slip, bag: "B 2" });
    expect(found(book, "2026-02-02")).toEqual([]);
    book.put({ kind: "slip-moved", slip, location: "Safe A" });
    expect(found(book, "2026-02-02")).toEqual([
      ...["due rule:K7Q2:site-opens:1", "due rule:K7Q2:safe-opens:0 2026-02-08"],
    ]);
    // What a move has broken, another one mends.
    expect(finding(book, "2026-02-02", "rule:K7Q2:safe-opens:0")).toMatchObject({
      what: "set K7Q2: slips 1 and 2 lie in Safe A: enough to open the set",
      command: "breakglass record moved K7Q2/2",
      alternative: "breakglass rotate bg-1",
    });
    book.put({ kind: "rule-overridden", rule: "safe-opens", reason: "works", set: "K7Q2" });
    expect(found(book, "2026-02-02")).toEqual([
      ...["due rule:K7Q2:site-opens:1", "note rule:K7Q2:safe-opens:0"],
    ]);
  });

  it("says of a set that is under way which rules its slips break since they were moved", () => {
    const rules = (book: Book): string[] =>
      found(book, "2026-02-02").filter((line) => line.includes("rule:"));
    const broken = [
      ...["due rule:9ZZW:site-opens:2", "due rule:9ZZW:person-opens:0 2026-02-08"],
      "due rule:9ZZW:safe-opens:1 2026-02-08",
    ];
    const book = settled().on("2026-02-01");
    const slip = { set: "9ZZW", slip: 2 };
    book.put(issue({ set: "9ZZW", account: "bg-1", generation: 2 }));
    expect(rules(book)).toEqual([]);
    book.put({ kind: "slip-moved", slip, location: "Safe A", custodian: "Ada" });
    expect(rules(book)).toEqual(broken);
    book.put(...steps.print("9ZZW"), ...steps.check("9ZZW"));
    expect(rules(book)).toEqual(broken);
    book.put(...steps.begin("9ZZW"));
    expect(rules(book)).toEqual(broken);
    // Until it is set, nothing can be issued in its place.
    const { command, alternative } = finding(book, "2026-02-02", "rule:9ZZW:safe-opens:1")!;
    expect(command).toBe("breakglass record moved 9ZZW/2");
    expect(alternative).toBeUndefined();
    book.put({ kind: "slip-moved", slip, location: "Safe B", custodian: "Bea" });
    expect(rules(book)).toEqual([]);
  });

  it("says which slip is to be moved where a safe or a site is no longer what it was", () => {
    const gone = settled().on("2026-02-01").put({ kind: "location-gone", location: "Safe B" });
    const id = "rule:K7Q2:unknown-location:0";
    expect(finding(gone, "2026-02-02", id)).toMatchObject({
      ...{ severity: "due", until: "2026-02-08T23:59:59Z" },
      command: "breakglass record moved K7Q2/2",
      alternative: "breakglass rotate bg-1",
    });
    expect(finding(gone, "2026-02-09", id)?.severity).toBe("overdue");
    const near = settled().on("2026-02-01");
    near.put({ kind: "location-changed", location: "Safe B", site: "Vienna" });
    // Since when it is so, nobody can tell from a slip.
    const shared = finding(near, "2026-03-02", "rule:K7Q2:site-opens:0")!;
    expect(shared).toMatchObject({ severity: "due", command: "breakglass record moved K7Q2/2" });
    expect(shared.until).toBeUndefined();
    near.put({ kind: "slip-moved", slip: { set: "K7Q2", slip: 3 }, custodian: "Eve" });
    expect(finding(near, "2026-03-02", "rule:K7Q2:site-opens:0")?.command).toBe(
      "breakglass record moved K7Q2/2",
    );
  });

  it("includes files, old slips, items, exceptions, weak sets and a lost password", () => {
    const book = settled().on("2026-02-01");
    book.put(
      { kind: "item-added", item: "Key 1", type: "FIDO2 key", account: "bg-1" },
      { kind: "exception-noted", problem: "torn bag" },
    );
    const strength = { whole: 60, afterOne: 40, afterAllButOne: 40 };
    book.put(issue({ set: "9ZZW", account: "bg-1", generation: 2, strength }));
    for (const slip of [1, 2, 3])
      book.put({ kind: "slip-printed", slip: { set: "9ZZW", slip }, to: "file" });
    book.put(...steps.check("9ZZW"), ...steps.begin("9ZZW"), ...steps.confirm("9ZZW"));
    // They are kept until the new ones are sealed, and not forgotten.
    expect(finding(book, "2026-02-02", "destroy:K7Q2/2")).toMatchObject({
      ...{ severity: "due", command: "breakglass record sealed 9ZZW/1" },
    });
    book.put(...steps.seal("9ZZW"));
    expect(finding(book, "2026-02-02", "destroy:K7Q2/2")?.command).toBe(
      "breakglass record destroyed K7Q2/2",
    );
    expect(found(book, "2026-02-02")).toEqual([
      ...["destroy:K7Q2/1", "destroy:K7Q2/2", "destroy:K7Q2/3", "files:9ZZW", "item:Key 1"].map(
        (id) => `due ${id} 2026-02-08`,
      ),
      ...["note strength:9ZZW", `note exception:${exceptionOf(book)}`],
    ]);
    book.put(
      ...steps.destroy("K7Q2"),
      { kind: "slip-files-deleted", set: "9ZZW" },
      { kind: "item-tested", item: "Key 1", result: "passed" },
      { kind: "exception-closed", exception: exceptionOf(book), remedy: "new bag" },
    );
    expect(found(book, "2026-02-02")).toEqual(["note strength:9ZZW"]);
    book.put({ kind: "item-tested", item: "Key 1", result: "failed" });
    expect(finding(book, "2026-02-02", "item:Key 1")?.what).toBe("FIDO2 key Key 1 failed its test");
    for (const slip of [1, 2]) book.put({ kind: "slip-lost", slip: { set: "9ZZW", slip } });
    expect(finding(book, "2026-02-02", "recoverable:bg-1")).toMatchObject({ severity: "overdue" });
  });

  it("of a rule that was overridden is nothing: it is listed as accepted until the set ends", () => {
    const book = settled().on("2026-02-01");
    const override = { kind: "rule-overridden", reason: "two people only", set: "9ZZW" } as const;
    book.put(
      { ...override, rule: "person-opens" },
      { ...override, rule: "minimum-strength" },
      { ...override, rule: "replace-by" },
    );
    perform(book, {
      ...{ set: "9ZZW", account: "bg-1", generation: 2, replaceBy: "2026-11-30" },
      strength: { whole: 60, afterOne: 40, afterAllButOne: 40 },
      slips: withoutDan().map((slip, i) => (i === 1 ? { ...slip, custodian: "Ada" } : slip)),
    });
    book.put(...steps.destroy("K7Q2"));
    expect(found(book, "2026-02-02")).toEqual([
      ...["note replace-by:9ZZW", "note rule:9ZZW:alternate-opens:1"],
      ...["note rule:9ZZW:person-opens:0", "note strength:9ZZW"],
    ]);
    expect(finding(book, "2026-02-02", "rule:9ZZW:person-opens:0")?.what).toBe(
      "accepted: set 9ZZW: Ada holds slips 1 and 2: enough to open the set (two people only)",
    );
    expect(accountLines(book.register, book.date())[0]?.replaceBy).toBe("2026-11-30");
    // Nobody gave a reason for what came later.
    const slip = { set: "9ZZW", slip: 3 };
    book.put({ kind: "slip-moved", slip, custodian: "Ada", alternate: "Eve" });
    expect(finding(book, "2026-02-02", "rule:9ZZW:person-opens:0")).toMatchObject({
      ...{ severity: "due", command: "breakglass record moved 9ZZW/3" },
    });
  });

  it("of an emergency that is recorded late concerns the set that was in use then", () => {
    const book = settled().on("2026-03-01");
    perform(book, { set: "9ZZW", account: "bg-1", generation: 2 });
    book.put(...steps.destroy("K7Q2")).on("2026-03-02");
    book.put({
      ...{ kind: "password-recovered", set: "K7Q2", purpose: "emergency", slips: [1, 2] },
      ...{ at: "2026-02-25T03:00:00Z", recorded: book.now },
    });
    expect(found(book, "2026-03-03")).toEqual([]);
    // With an old set after that, somebody is at the door of the new one.
    book.put({ kind: "password-recovered", set: "K7Q2", purpose: "emergency", slips: [1, 2] });
    expect(finding(book, "2026-03-03", `trigger:${book.register.n}:bg-1`)?.set).toBe("9ZZW");
  });

  it("of a loss before the password is set is to abandon the set, and no more", () => {
    const book = settled().on("2026-02-01");
    book.put(issue({ set: "9ZZW", account: "bg-1", generation: 2 }), ...steps.check("9ZZW"));
    book.put({ kind: "slip-lost", slip: { set: "9ZZW", slip: 2 } });
    expect(found(book, "2026-02-02")).toEqual(["in progress ceremony:bg-1 2026-02-08"]);
    const { what, command } = finding(book, "2026-02-02", "ceremony:bg-1")!;
    expect(what).toContain("9ZZW/2 is lost");
    expect(command).toBe("breakglass record abandoned 9ZZW");
    book.put({ kind: "set-abandoned", set: "9ZZW", reason: "lost" });
    expect(found(book, "2026-02-02").map((line) => line.split(" ")[1])).toEqual([
      ...["destroy:9ZZW/1", "destroy:9ZZW/3"],
    ]);
    expect(finding(book, "2026-02-02", "destroy:9ZZW/1")?.what).toBe(
      "9ZZW/1 is of an abandoned set (generation 2) and not destroyed yet",
    );
  });

  it("of an issue that broke off are only the slips that came out", () => {
    const book = settled().on("2026-02-01");
    book.put(issue({ set: "9ZZW", account: "bg-1", generation: 2 }));
    book.put({ kind: "set-abandoned", set: "9ZZW", reason: "power cut" });
    expect(found(book, "2026-02-02")).toEqual([]);
    book.put(issue({ set: "TT4T", account: "bg-1", generation: 3 }));
    book.put({ kind: "slip-printed", slip: { set: "TT4T", slip: 1 }, to: "file" });
    book.put({ kind: "set-abandoned", set: "TT4T", reason: "power cut" });
    expect(found(book, "2026-02-02")).toEqual([
      ...["due destroy:TT4T/1 2026-02-08", "due files:TT4T 2026-02-08"],
    ]);
    book.put(steps.destroy("TT4T")[0]!, { kind: "slip-files-deleted", set: "TT4T" });
    expect(found(book, "2026-02-02")).toEqual([]);
    expect(book.register.sets.get("TT4T")!.stage).toBe("destroyed");
  });

  it.each([
    ["none as long as nobody knows that enough of them are on paper", 1, undefined],
    ["there where enough of them were checked from paper", 2, "due"],
  ])("of files of a set that may be set after an emergency is %s", (_, checked, severity) => {
    const book = settled().on("2026-02-01");
    for (const slip of [1, 2]) book.put({ kind: "slip-lost", slip: { set: "K7Q2", slip } });
    book.put(issue({ set: "9ZZW", account: "bg-1", generation: 2 }));
    for (const slip of [1, 2, 3])
      book.put({ kind: "slip-printed", slip: { set: "9ZZW", slip }, to: "file" });
    book.put(
      ...steps.check("9ZZW").slice(0, checked),
      { kind: "password-recovered", set: "9ZZW", slips: [1, 2], purpose: "emergency" },
      { kind: "set-abandoned", set: "9ZZW", reason: "seen" },
    );
    expect(finding(book, "2026-02-02", "files:9ZZW")?.severity).toBe(severity);
  });

  it("of slips and files that were kept counts from the day on which they may go", () => {
    const given = (): Book => {
      const book = settled().on("2026-02-01");
      for (const slip of [1, 2]) book.put({ kind: "slip-lost", slip: { set: "K7Q2", slip } });
      book.put(issue({ set: "9ZZW", account: "bg-1", generation: 2 }));
      for (const slip of [1, 2, 3])
        book.put({ kind: "slip-printed", slip: { set: "9ZZW", slip }, to: "file" });
      return book.put(
        { kind: "password-recovered", set: "9ZZW", slips: [1, 2], purpose: "emergency" },
        { kind: "set-abandoned", set: "9ZZW", reason: "seen" },
      );
    };
    const replaced = given().on("2026-02-20");
    perform(replaced, { set: "TT4T", account: "bg-1", generation: 3 });
    // A later sign-in doesn't move it on.
    const again = { kind: "sign-in-confirmed", set: "TT4T", slips: [1, 2], actor: "Ada" } as const;
    replaced.on("2026-02-25").put(again);
    const retired = given().on("2026-02-20").put({ kind: "account-retired", account: "bg-1" });
    for (const book of [replaced, retired])
      for (const id of ["destroy:9ZZW/1", "files:9ZZW"])
        expect(finding(book, "2026-02-26", id)).toMatchObject({
          ...{ severity: "due", until: "2026-02-27T23:59:59Z" },
        });
  });

  it("of a slip that is found again is the loss still, until two people judge it", () => {
    const book = settled().on("2026-02-01");
    const slip = { set: "K7Q2", slip: 3 };
    const again = { kind: "slip-found", slip, witness: "Wim" } as const;
    expect(book.refusal(again)?.refusal).toBe("K7Q2/3 is not lost, says the register");
    book.put({ kind: "slip-lost", slip });
    const loss = book.register.n;
    for (const kind of ["slip-checked", "slip-sealed"] as const)
      expect(book.refusal({ kind, slip })?.hint).toBe(
        "say that it was found: breakglass record found K7Q2/3",
      );
    book.put(again, { kind: "slip-checked", slip }, { kind: "slip-sealed", slip });
    expect(found(book, "2026-02-02")).toEqual([`overdue trigger:${loss}:bg-1 2026-02-01`]);
    const judged = structuredClone(book.register);
    expect(judged.sets.get("K7Q2")!.slips[2]).toMatchObject({ lost: undefined });
    // After the rotation its paper is there to be destroyed, as the others are.
    const rotated = settled().on("2026-02-01").put({ kind: "slip-lost", slip }, again);
    perform(rotated, { set: "9ZZW", account: "bg-1", generation: 2 });
    expect(found(rotated, "2026-02-02")).toContain("due destroy:K7Q2/3 2026-02-08");
    book.put({
      ...{ kind: "trigger-assessed", trigger: loss, reason: "a slip of the pen" },
      witness: "Wim",
    });
    expect(found(book, "2026-02-02")).toEqual([]);
    expect(book.register.sets.get("K7Q2")!.slips[2]!.found).toBeUndefined();
  });

  it("keeps a slip in view that is lost, though its loss was judged to be harmless, until it is found", () => {
    const book = settled().on("2026-02-01");
    const slip = { set: "K7Q2", slip: 2 };
    book.put({ kind: "slip-lost", slip });
    const loss = book.register.n;
    const assessed = { kind: "trigger-assessed", trigger: loss, reason: "it burned" } as const;
    expect(finding(book, "2026-02-02", "lost:K7Q2/2")).toBeUndefined();
    book.on("2026-02-03").put({ ...assessed, witness: "Wim" });
    expect(due(book.register, new Date("2026-02-04T12:00:00Z"))).toEqual([
      {
        ...{ severity: "note", id: "lost:K7Q2/2", account: "bg-1", set: "K7Q2", slip: 2 },
        what: "K7Q2/2 is lost since 2026-02-01, and was judged on 2026-02-03 to ask for no rotation (it burned); 2 of 3 slips are left, 2 are needed",
        ...{ command: "breakglass record found K7Q2/2", alternative: "breakglass rotate bg-1" },
        since: "2026-02-01T09:00:00Z",
      },
    ]);
    book.put({ kind: "slip-found", slip });
    expect(finding(book, "2026-02-04", "lost:K7Q2/2")).toBeUndefined();
    book.put(
      { kind: "slip-lost", slip },
      { ...assessed, trigger: book.register.n + 1, witness: "Wim" },
    );
    expect(finding(book, "2026-02-04", "lost:K7Q2/2")).toBeDefined();
    perform(book, { set: "9ZZW", account: "bg-1", generation: 2 });
    expect(finding(book, "2026-02-04", "lost:K7Q2/2")).toBeUndefined();
  });

  it("of a slip that was found again counts from then, and not from when its set was active", () => {
    const book = settled().on("2026-02-20");
    const slip = { set: "K7Q2", slip: 1 };
    book.put({ kind: "slip-opened", slip, reason: "audit" }, { kind: "slip-sealed", slip });
    book.put({ kind: "slip-lost", slip });
    const loss = book.register.n;
    book.on("2026-02-21").put({ kind: "slip-found", slip, witness: "Wim" });
    const sealed = { severity: "due", what: "K7Q2/1 is not sealed", until: "2026-02-28T23:59:59Z" };
    expect(finding(book, "2026-02-22", "sealed:K7Q2/1")).toMatchObject(sealed);
    const reason = "it was in the other safe";
    book.put({ kind: "trigger-assessed", trigger: loss, reason, witness: "Wim" });
    expect(finding(book, "2026-02-22", "sealed:K7Q2/1")).toMatchObject(sealed);
    book.on("2026-02-23").put({ kind: "slip-opened", slip, reason: "audit" });
    expect(finding(book, "2026-02-24", "sealed:K7Q2/1")).toMatchObject({
      ...{ what: "K7Q2/1 was opened and not sealed again", until: "2026-03-02T23:59:59Z" },
    });
  });

  it("of a damaged slip counts those that are whole, until it is judged and read from paper again", () => {
    const book = settled().on("2026-02-01");
    const slip = { set: "K7Q2", slip: 2 };
    const check: Happening = { kind: "slip-checked", slip };
    const isDamaged = (): boolean =>
      book.register.sets.get("K7Q2")!.slips[1]!.damaged !== undefined;
    book.put({ kind: "slip-damaged", slip });
    const trigger = book.register.n;
    expect(finding(book, "2026-02-02", `trigger:${trigger}:bg-1`)?.what).toBe(
      "the password of bg-1 is to be replaced: slip K7Q2/2 was damaged; 2 of 3 slips are left, 2 are needed",
    );
    book.put(check);
    expect(isDamaged()).toBe(true);
    book.on("2026-02-03").put({ kind: "trigger-assessed", trigger, reason: "a fold" });
    const before = { at: "2026-02-02T09:00:00Z", recorded: book.now };
    book.put({ ...check, ...before });
    expect(isDamaged()).toBe(true);
    expect(due(book.register, new Date("2026-02-04T12:00:00Z"))).toEqual([
      {
        ...{ severity: "note", id: "damaged:K7Q2/2", account: "bg-1", set: "K7Q2", slip: 2 },
        what: "K7Q2/2 was found damaged on 2026-02-01, and was judged on 2026-02-03 to ask for no rotation (a fold); 2 of 3 slips are left, 2 are needed",
        ...{ command: "breakglass check K7Q2/2", alternative: "breakglass rotate bg-1" },
        since: "2026-02-01T09:00:00Z",
      },
    ]);
    book.put(check);
    expect(isDamaged()).toBe(false);
    expect(finding(book, "2026-02-04", "damaged:K7Q2/2")).toBeUndefined();
    // What happens to it after that is another damage.
    book.put({ kind: "slip-damaged", slip }, check);
    expect(isDamaged()).toBe(true);
  });

  it("notes what can't be so until somebody has looked into it", () => {
    const book = settled().on("2026-02-01");
    book.force(book.event({ kind: "account-added", account: "bg-1", secret: "password" }));
    const { n } = book.register;
    expect(finding(book, "2026-02-02", "contradiction:1")).toMatchObject({
      ...{ severity: "note", what: `entry ${n} can't be so: account bg-1 was added twice` },
      command: `breakglass log --entry ${n}`,
      alternative: `breakglass record exception-closed ${n}`,
    });
    const close = { kind: "exception-closed", exception: n, remedy: "two computers" } as const;
    book.put(close);
    expect(found(book, "2026-02-02")).toEqual([]);
    expect(book.refusal(close)?.refusal).toBe(`entry ${n} is no exception that is still open`);
    expect(book.register.contradictions).toHaveLength(1);
  });

  it("of a slip that was used counts from then, and not from when it was opened once before", () => {
    const book = settled().on("2026-02-01");
    const slip = { set: "K7Q2", slip: 1 };
    book.put({ kind: "slip-opened", slip, reason: "audit" }, { kind: "slip-sealed", slip });
    book.on("2026-03-01");
    book.put({ kind: "password-recovered", set: "K7Q2", purpose: "drill", slips: [1, 2] });
    expect(found(book, "2026-03-02")).toEqual([
      ...["due sealed:K7Q2/1 2026-03-08", "due sealed:K7Q2/2 2026-03-08"],
    ]);
  });

  it("of a rotation is what it waits for, as long as old slips are not destroyed", () => {
    const book = settled().on("2026-02-01");
    perform(book, { set: "9ZZW", account: "bg-1", generation: 2 });
    book.put({ kind: "slip-damaged", slip: { set: "9ZZW", slip: 1 } });
    const trigger = `trigger:${book.register.n}:bg-1`;
    for (const id of ["rotation:bg-1", trigger])
      expect(finding(book, "2026-05-01", id)?.command).toBe("breakglass record destroyed K7Q2/1");
    book.put(...steps.destroy("K7Q2"));
    for (const id of ["rotation:bg-1", trigger])
      expect(finding(book, "2026-05-01", id)?.command).toBe("breakglass rotate bg-1");
    // An account that is in use again has the slips of its first life.
    book.put({ kind: "account-retired", account: "bg-2" });
    book.put({ kind: "account-added", account: "bg-2", secret: "password" });
    expect(finding(book, "2026-05-01", "rotation:bg-2")?.command).toBe(
      "breakglass record destroyed M0XA/1",
    );
  });

  it("of old slips is to replace a new set that can't be recovered any more", () => {
    const book = settled().on("2026-02-01");
    perform(book, { set: "9ZZW", account: "bg-1", generation: 2 });
    for (const slip of [1, 2]) book.put({ kind: "slip-lost", slip: { set: "9ZZW", slip } });
    expect(finding(book, "2026-02-02", "destroy:K7Q2/1")).toMatchObject({
      ...{ severity: "due", command: "breakglass rotate bg-1" },
    });
  });

  it("of old slips that are kept says until when, and what comes first", () => {
    const book = settled().on("2026-02-01");
    const next = "9ZZW";
    book.put(issue({ set: next, account: "bg-1", generation: 2 }), ...steps.print(next));
    book.put(...steps.check(next), ...steps.begin(next), ...steps.confirm(next));
    expect(finding(book, "2026-02-02", "destroy:K7Q2/1")).toMatchObject({
      what: "K7Q2/1 is of an old set (generation 1) and not destroyed yet, since it is kept until every slip of the new set 9ZZW is sealed",
      command: "breakglass record sealed 9ZZW/1",
    });
    // To seal what is left of a set that can't be recovered frees nothing.
    for (const slip of [1, 2]) book.put({ kind: "slip-lost", slip: { set: next, slip } });
    expect(finding(book, "2026-02-02", "destroy:K7Q2/1")).toMatchObject({
      what: "K7Q2/1 is of an old set (generation 1) and not destroyed yet, since it is kept until a new set that can be recovered is sealed",
      command: "breakglass rotate bg-1",
    });
  });

  it("of an old slip that is found again is to destroy it", () => {
    const book = settled().on("2026-02-01");
    perform(book, { set: "9ZZW", account: "bg-1", generation: 2 });
    const slip = { set: "K7Q2", slip: 3 };
    book.put(...steps.destroy("K7Q2").slice(0, 2), { kind: "slip-lost", slip });
    expect(found(book, "2026-02-02")).toEqual([]);
    book.put({ kind: "slip-found", slip });
    expect(found(book, "2026-02-02")).toEqual(["due destroy:K7Q2/3 2026-02-08"]);
  });

  it("of old slips stays on its day when a new slip is sealed again", () => {
    const book = settled().on("2026-02-01");
    perform(book, { set: "9ZZW", account: "bg-1", generation: 2 });
    const slip = { set: "9ZZW", slip: 1 };
    const opened: Happening = { kind: "slip-opened", slip, reason: "audit" };
    book.on("2026-02-05").put(opened, { kind: "slip-sealed", slip });
    expect(found(book, "2026-02-06")).toContain("due destroy:K7Q2/1 2026-02-08");
    // Nor does it move on with the set after that, which a loss brought about.
    book.on("2026-02-07").put({ kind: "slip-compromised", slip });
    perform(book, { set: "TT4T", account: "bg-1", generation: 3 });
    expect(found(book, "2026-02-08")).toContain("due destroy:K7Q2/1 2026-02-08");
  });

  it("of too few accounts counts from when there were too few, by names as a tenant reads them", () => {
    const book = settled().on("2026-02-25").put({ kind: "account-retired", account: "bg-2" });
    expect(finding(book, "2026-02-26", "accounts")).toMatchObject({
      ...{ severity: "due", until: "2026-03-04T23:59:59Z" },
    });
    const capitals = { kind: "account-added", account: "BG-1", secret: "password" } as const;
    expect(book.refusal(capitals)?.refusal).toMatch(/^bg-1 is in the register already/);
    book.force(book.event(capitals));
    expect(finding(book, "2026-02-26", "accounts")?.what).toContain("1 of at least 2");
    book.on("2026-03-10").put({ kind: "account-added", account: "bg-2", secret: "password" });
    expect(finding(book, "2026-03-11", "accounts")).toBeUndefined();
    expect(finding(book, "2026-03-11", "rotation:bg-2")).toMatchObject({
      ...{ severity: "due", until: "2026-03-17T23:59:59Z" },
    });
  });

  it("says where a ceremony stands, and when it has stood there too long", () => {
    const book = settled().on("2026-02-01");
    book.put(issue({ set: "9ZZW", account: "bg-1", generation: 2 }), ...steps.check("9ZZW"));
    book.put(...steps.begin("9ZZW"));
    const on = (day: string): Finding => finding(book, day, "ceremony:bg-1")!;
    expect(on("2026-02-02")).toMatchObject({
      severity: "due",
      command: "breakglass confirm bg-1",
    });
    expect(on("2026-02-02").what).toBe(
      "set 9ZZW (generation 2): its password was shown to be set, and no sign-in was confirmed; the tenant holds generation 2 or 1: try 2 first (set 9ZZW, then set K7Q2)",
    );
    expect(on("2026-02-09").severity).toBe("overdue");
  });

  it("can be put into a calendar, far dates too, under names that stay", () => {
    const book = settled();
    const before = dueDates(book.register);
    expect(before.map(({ id }) => id)).toContain("rotation:bg-1");
    expect(before.every(({ until }) => /^2026-04-01T23:59:59Z$/.test(until))).toBe(true);
    book.on("2026-03-01");
    perform(book, { set: "9ZZW", account: "bg-1", generation: 2 });
    const after = dueDates(book.register).find(({ id }) => id === "rotation:bg-1");
    expect(after?.until).toBe("2026-05-30T23:59:59Z");
  });
});

describe("a slip without an alternate", () => {
  /** A set whose first slip has none, for a reason. */
  function withoutAlternate(): Book {
    const book = opened();
    const slips = HOLDERS.map(({ custodian, alternate, location }, i) => ({
      ...{ custodian, location, commitment: commitment("K7Q2", i + 1) },
      ...(i === 0 ? {} : { alternate }),
    }));
    const account = "bg-1";
    book.put({
      kind: "rule-overridden",
      rule: "no-alternate",
      reason: "ill",
      account,
      set: "K7Q2",
    });
    perform(book, { set: "K7Q2", account, generation: 1, slips });
    return book.put({ kind: "location-added", location: "Safe D", site: "Wels" });
  }
  const lines = (book: Book): string[] =>
    due(book.register, new Date("2026-01-03T12:00:00Z"))
      .filter(({ what }) => what.includes("alternate"))
      .map(({ severity, what }) => `${severity} ${what}`);
  const accepted = "note accepted: set K7Q2: slip 1 has no alternate (ill)";

  it("is listed once, with its reason, also when it lies elsewhere now", () => {
    const book = withoutAlternate();
    expect(lines(book)).toEqual([accepted]);
    book.put({ kind: "slip-moved", slip: { set: "K7Q2", slip: 1 }, location: "Safe D" });
    expect(lines(book)).toEqual([accepted]);
  });

  it("is listed once, as to be settled, where it came of a move", () => {
    const book = withoutAlternate();
    book.put({ kind: "slip-moved", slip: { set: "K7Q2", slip: 2 }, alternate: "Bea" });
    expect(lines(book)).toEqual(["due K7Q2/2 has a custodian and no alternate", accepted]);
  });
});

function exceptionOf(book: Book): number {
  return [...book.register.exceptions.keys()][0]!;
}

/** Holders of whom none has left. */
function withoutDan(): {
  commitment: string;
  custodian: string;
  alternate: string;
  location: string;
}[] {
  return [
    ["Ada", "Flo", "Safe A"],
    ["Bea", "Eve", "Safe B"],
    ["Cy", "Flo", "Safe C"],
  ].map(([custodian, alternate, location], i) => ({
    ...{ custodian: custodian!, alternate: alternate!, location: location! },
    commitment: `${i}`.repeat(32),
  }));
}
