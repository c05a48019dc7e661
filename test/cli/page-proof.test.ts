import { beforeEach, expect, test, vi } from "vitest";
import type { IssuePlan } from "../../src/cli/issuing/issue-plan.ts";
import { pagesOf } from "../../src/cli/issuing/slip-pdfs.ts";
import type { Slip } from "../../src/core/slip.ts";
import { printedCode } from "../../src/paper/page.ts";
import { a4, details } from "../paper/samples.ts";
import { concat, makeSet } from "../vectors/scenario.ts";

/** What the page shows in the place of the slip that it is made for, as a defect would have it. */
const defect = vi.hoisted(() => ({ shown: (slip: Slip): Slip => slip }));
vi.mock(import("../../src/paper/slip-page.ts"), async (load) => {
  const actual = await load();
  return {
    ...actual,
    slipPages: (slip, ...rest) => actual.slipPages(defect.shown(slip), ...rest),
  };
});
beforeEach(() => {
  defect.shown = (slip): Slip => slip;
});

const plan: IssuePlan = {
  ...{ organisation: details.organisation, account: details.account, generation: 1 },
  ...{ split: { scheme: "shamir", threshold: 2, total: 3 }, kind: "password", alphabet: "entra" },
  ...{ length: 12, imported: false, acceptWeak: false, stays: false, alsoNeeded: [] },
  ...{ replaceBy: new Date("2027-02-21"), pageSize: "A4", discreet: undefined, json: false },
  holders: [1, 2, 3].map((n) => ({
    ...{ custodian: `Sample ${n}`, alternate: `Alternate ${n}`, location: `Safe ${n}` },
  })),
  destination: { kind: "folder", folder: "slips" },
};

function made(slips: readonly Slip[]): ReturnType<typeof pagesOf> {
  return pagesOf(slips, plan, undefined, a4, new Date("2026-11-23"));
}

test.each([
  ["shares", {}],
  ["fragments", concat(2)],
])("a page that would not say what its slip holds is made for nobody: %s", (_, header) => {
  const slips = makeSet("page proof", header);
  expect(made(slips).map((pages) => printedCode(pages).qr)).toHaveLength(slips.length);
  for (const shown of [
    (slip: Slip): Slip => ({
      ...slip,
      payload: slip.payload.with(-1, slip.payload.at(-1)! ^ 1),
    }),
    (slip: Slip): Slip => ({ ...slip, index: slip.index === 1 ? 2 : 1 }),
    (slip: Slip): Slip => ({ ...slip, setId: slip.setId ^ 1 }),
  ]) {
    defect.shown = shown;
    expect(() => made(slips)).toThrow("does not say what the slip holds");
  }
});
