import { expect, it } from "vitest";
import { registerFacts } from "../../src/paper/register-facts.ts";
import { runbookPages } from "../../src/paper/runbook.ts";
import { textsOn } from "../paper/geometry.ts";
import { onA4, runbook } from "../paper/papers.ts";
import { issue, opened, perform, steps, type Book } from "./book.ts";

/** What somebody reads on the runbook. */
function runbookText({ register }: Book): string {
  const facts = registerFacts(register, "bg-1", "held", {
    ...{ anchor: undefined, printed: "2026-02-01" },
  });
  return textsOn(runbookPages(runbook, facts!, onA4)).join(" ");
}

/** The slips that the script of the next ceremony has destroyed. */
function toDestroy(book: Book): string[] {
  const printing = { anchor: undefined, printed: "2026-02-01" };
  const { earlier } = registerFacts(book.register, "bg-1", "next", printing)!;
  return earlier.flatMap(({ set, slips }) => slips.map(({ slip }) => `${set}/${slip}`));
}

it("a script has no slips destroyed that an issue which broke off never printed", () => {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
  book.put(
    issue({ set: "9ZZW", account: "bg-1", generation: 2 }),
    { kind: "set-abandoned", set: "9ZZW", reason: "power cut" },
    issue({ set: "TT4T", account: "bg-1", generation: 3 }),
    { kind: "slip-printed", slip: { set: "TT4T", slip: 1 }, to: "printer" },
    { kind: "set-abandoned", set: "TT4T", reason: "power cut" },
  );
  expect(toDestroy(book)).toEqual(["K7Q2/1", "K7Q2/2", "K7Q2/3", "TT4T/1"]);
});

it("a runbook knows a set, too, whose password an emergency showed before it was set", () => {
  const book = opened().put(
    issue({ set: "K7Q2", account: "bg-1", generation: 1 }),
    ...steps.print("K7Q2"),
  );
  const printing = { anchor: undefined, printed: "2026-02-01" };
  expect(registerFacts(book.register, "bg-1", "held", printing)).toBeUndefined();
  const shown = { kind: "password-recovered", set: "K7Q2", purpose: "emergency" } as const;
  book.put({ ...shown, slips: [1, 2] });
  expect(registerFacts(book.register, "bg-1", "held", printing)!.set.set).toBe("K7Q2");
});

it("a runbook has whoever is still there called first, and marks who has left and which safe is no longer used", () => {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
  book.put(
    { kind: "item-added", item: "Key 1", type: "FIDO2 key", location: "Safe A", custodian: "Ada" },
    { kind: "custodian-gone", custodian: "Ada" },
    { kind: "location-gone", location: "Safe A" },
  );
  const text = runbookText(book);
  // In the tree of phone numbers, and where the slip lies.
  expect(text.match(/Dan.*?Ada \(left\)/gs)?.length).toBe(2);
  expect(text).not.toMatch(/Ada(?! \(left\))/);
  expect(text).toContain("Safe A (no longer used), Vienna");
  expect(text).toMatch(/FIDO2 key Key 1.*Safe A \(no longer used\).*Ada \(left\)/s);
});
