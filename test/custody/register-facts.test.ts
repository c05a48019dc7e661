import { expect, it } from "vitest";
import { registerFacts } from "../../src/paper/register-facts.ts";
import { issue, opened, perform, steps, type Book } from "./book.ts";

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
