import { expect, test, vi } from "vitest";
import { reportError } from "../../src/cli/system/report-error.ts";

vi.mock(import("../../src/cli/system/output.ts"), async (load) => ({ ...(await load()), say }));
const said: string[] = [];
function say(text: string): void {
  said.push(text);
}

test("an error that was thrown by others is told by its kind alone, since it may quote a secret", () => {
  expect(reportError(new TypeError("can't read kR7#mX2-vQ9+"))).toBe(1);
  expect(reportError("kR7#mX2-vQ9+")).toBe(1);
  expect(said.join("\n")).toContain("TypeError");
  expect(said.join("\n")).not.toContain("kR7#");
});
