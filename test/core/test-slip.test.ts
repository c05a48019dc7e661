import { expect, test } from "vitest";
import { Assembly } from "../../src/core/assembly.ts";
import { decodeStream, encodeSlip, encodeStream, setName, slipName } from "../../src/core/slip.ts";
import { isGenuineTestSlip, isTestSlip, testSlip } from "../../src/core/test-slip.ts";

test("the test page's slip is a slip like any other, with every symbol on it", () => {
  const slip = testSlip();
  expect(slipName(slip)).toBe("V01D slip 1 of 3");
  expect(decodeStream(encodeStream(slip))).toEqual(slip);
  const { lines } = encodeSlip(slip);
  expect(new Set(lines.join("")).size).toBe(32);
  expect(isGenuineTestSlip(slip)).toBe(true);
});

test("it counts for no password, whatever it carries", () => {
  const slip = testSlip();
  const altered = { ...slip, payload: slip.payload.map((byte) => byte ^ 1) };
  const other = { ...slip, index: 2 };
  for (const each of [slip, altered, other]) {
    expect(isTestSlip(each)).toBe(true);
    const assembly = new Assembly();
    expect(() => assembly.add(each)).toThrow(/void test page/);
    expect(assembly.sets).toEqual([]);
  }
  expect([altered, other].some(isGenuineTestSlip)).toBe(false);
});

test("no other set is taken for it", () => {
  const { setId } = testSlip();
  for (const near of [setId - 1, setId + 1, setId ^ 1024])
    expect(isTestSlip({ setId: near }), setName(near)).toBe(false);
});
