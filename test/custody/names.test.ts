import { expect, test } from "vitest";
import { nearName } from "../../src/custody/names.ts";

const KNOWN = ["Sample Lead", "Ada", "Bea Byron"];

test.each([
  ["a letter left out", "Sample Led", "Sample Lead"],
  ["a letter doubled", "samplle lead", "Sample Lead"],
  ["a letter mistaken", "Bea Byrom", "Bea Byron"],
  ["two letters exchanged", "Bea Byorn", "Bea Byron"],
  ["the same name", "SAMPLE LEAD ", undefined],
  ["another name", "Wim Witness", undefined],
  ["a short name", "Ana", undefined],
])("%s", (_, name, near) => {
  expect(nearName(name, KNOWN)).toBe(near);
});
