import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes } from "@noble/hashes/utils.js";
import { checkWord, slipCommitment, type Slip } from "../../src/core/slip.ts";
import { exposures } from "../../src/custody/exposure.ts";
import { nextStep } from "../../src/custody/lifecycle/standing.ts";
import { permits } from "../../src/custody/lifecycle/permits.ts";
import { wordOf } from "../../src/custody/register.ts";
import { apply, foldRegister } from "../../src/custody/fold/fold.ts";
import { accountLines } from "../../src/custody/schedule/account-lines.ts";
import { due, dueDates } from "../../src/custody/schedule/schedule.ts";
import { anySlip } from "../core/arbitrary.ts";
import { anyEvent } from "./arbitrary.ts";
import { entriesOf, issue, opened, perform, steps } from "./book.ts";

const now = new Date("2027-06-01T00:00:00Z");

describe("a register", () => {
  it("comes of any events, in any order, and everything can be asked of it", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), anyEvent, (events, next) => {
        const register = foldRegister(entriesOf(events));
        expect(register.n).toBe(events.length);
        const findings = due(register, now);
        expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
        dueDates(register);
        accountLines(register, now);
        exposures(register);
        permits(register, next);
        for (const account of register.accounts.keys()) nextStep(register, account);
      }),
      { numRuns: 400 },
    );
  });

  it("is the same with an entry of a later version, which is only shown", () => {
    const book = opened();
    const known = structuredClone(book.register);
    const n = book.register.n + 1;
    const later = {
      kind: "later",
      name: "moon-rose",
      at: book.now,
      actor: "Ada",
      fields: {},
    } as const;
    apply(book.register, { ...later, n, prev: "", hash: "" });
    expect(book.register).toEqual({
      ...{ ...known, n, written: later.at },
      later: [{ name: "moon-rose", at: later.at, actor: "Ada", n }],
    });
  });

  it("keeps what can't be, and says so", () => {
    const book = opened();
    for (const [happening, what] of [
      [{ kind: "alert-seen", account: "bg-9" }, /bg-9 is not in the register/],
      [{ kind: "slip-sealed", slip: { set: "TT4T", slip: 1 } }, /TT4T is not in the register/],
      [{ kind: "account-added", account: "bg-1", secret: "password" }, /added twice/],
      [{ kind: "register-opened", format: 1, tenant: "other", policy: {} }, /second time/],
      [{ kind: "people-trained", people: ["Zoe"] }, /Zoe was trained/],
    ] as const) {
      book.force(book.event(happening));
      expect(book.register.contradictions.at(-1)).toMatchObject({ n: book.register.n });
      expect(book.register.contradictions.at(-1)!.what).toMatch(what);
    }
    expect(book.register.opened!.tenant).toBe("contoso");
  });

  it("shows a clock that runs backwards, and takes what was written down later", () => {
    const book = opened().on("2026-01-05");
    book.put({ kind: "process-reviewed", at: "2026-01-02T00:00:00Z", recorded: book.now });
    expect(book.register.contradictions).toEqual([]);
    // Two computers never agree to the minute.
    book.put({ kind: "process-reviewed", at: "2026-01-05T08:59:30Z" });
    expect(book.register.contradictions).toEqual([]);
    for (const day of ["2026-01-04", "2026-01-03"]) book.on(day).put({ kind: "process-reviewed" });
    const [note, ...others] = book.register.contradictions;
    expect(note!.what).toMatch(
      /^it was written at 2026-01-04T09:00:00Z, after an entry of 2026-01-05/,
    );
    // It is said once, and can be settled.
    expect(others).toEqual([]);
    const settle = { kind: "exception-closed", exception: note!.n, remedy: "clock set" } as const;
    book.put(settle);
    expect(note!.closed).toBeDefined();
    expect(book.refusal(settle)).toBeDefined();
    expect(due(book.register, book.date()).map(({ id }) => id)).not.toContain("contradiction:1");
  });

  it("believes no time that lies in the future of what was written later", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    book.on("2027-06-01").put(...steps.check("K7Q2"), { kind: "alert-seen", account: "bg-1" });
    book.on("2026-01-21").put({ kind: "process-reviewed" });
    const dates = dueDates(book.register);
    const until = (id: string): string | undefined =>
      dates.find((duty) => duty.id === id)?.until.slice(0, 10);
    expect(until("alert:bg-1")).toBe("2026-04-21");
    expect(until("process")).toBe("2026-04-21");
    book.on("2026-02-01").put({ kind: "alert-seen", account: "bg-1" });
    expect(book.register.accounts.get("bg-1")!.alertSeen!.at).toBe("2026-02-01T09:00:00Z");
    expect(
      due(book.register, new Date("2026-12-01T00:00:00Z")).filter(
        ({ severity }) => severity === "overdue",
      ).length,
    ).toBeGreaterThan(3);
    // Nor what says that it was written before it happened.
    book.force({
      ...{ kind: "process-reviewed", at: "2030-01-01T00:00:00Z", actor: "Lea Lead" },
      recorded: book.now,
    });
    expect(book.register.reviewed!.at).toBe("2026-02-01T09:01:00Z");
  });

  it("goes by when things happened, not by when they were written down", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    const slip = { set: "K7Q2", slip: 1 };
    const sealedAt = book.register.sets.get("K7Q2")!.slips[0]!.sealed!.at;
    book.put({
      kind: "slip-opened",
      slip,
      reason: "late",
      at: book.register.sets.get("K7Q2")!.issued.at,
      recorded: book.now,
    });
    expect(book.register.sets.get("K7Q2")!.slips[0]!.sealed?.at).toBe(sealedAt);
    book.put({ kind: "slip-opened", slip, reason: "drill" });
    expect(book.register.sets.get("K7Q2")!.slips[0]!.sealed).toBeUndefined();
  });

  it("does not take a slip for checked whose check word is another's", () => {
    const book = opened().put(issue({ set: "K7Q2", account: "bg-1", generation: 1 }));
    const slip = { set: "K7Q2", slip: 1 };
    const wrong = { kind: "slip-checked", slip, checkWord: "0000 0000" } as const;
    expect(book.refusal(wrong)?.refusal).toMatch(/not that of K7Q2\/1/);
    book.force(book.event(wrong));
    const state = book.register.sets.get("K7Q2")!.slips[0]!;
    expect(state.checked).toBeUndefined();
    book.put({ ...wrong, checkWord: wordOf(state.commitment) });
    expect(state.checked).toBeDefined();
  });

  it("computes the check word that a slip gives", () => {
    fc.assert(
      fc.property(anySlip(), (slip: Slip) => {
        const hex = Buffer.from(concatBytes(slipCommitment(slip))).toString("hex");
        expect(wordOf(hex)).toBe(checkWord(slip));
      }),
      { numRuns: 50 },
    );
  });

  it("ends an old set when its last slip is destroyed or lost", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    perform(book, { set: "M0XA", account: "bg-1", generation: 2 });
    book.put(...steps.destroy("K7Q2").slice(0, 2));
    expect(book.register.sets.get("K7Q2")!.stage).toBe("superseded");
    book.put({ kind: "slip-lost", slip: { set: "K7Q2", slip: 3 } });
    expect(book.register.sets.get("K7Q2")!.stage).toBe("destroyed");
    expect(book.register.triggers.size).toBe(0);
  });
});
