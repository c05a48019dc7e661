import { expect, test } from "vitest";
import { issueDefaults } from "../../src/cli/issuing/issue-defaults.ts";
import { opened, perform } from "../custody/book.ts";

test("the next slips name what the register keeps for the account's sign-in, and no longer what is gone", () => {
  const book = opened();
  const needed = (account: string): readonly string[] =>
    issueDefaults(book.register, account).alsoNeeded;
  expect(needed("bg-1")).toEqual([]);
  book.put(
    { kind: "item-added", item: "Key 1", type: "FIDO2 key", account: "bg-1" },
    { kind: "item-added", item: "Key 2", type: "fido2 key", account: "bg-1" },
  );
  expect(needed("bg-1")).toEqual(["FIDO2 key"]);
  expect(needed("bg-2")).toEqual([]);
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1, alsoNeeded: ["PIN", "FIDO2 key"] });
  book.put({ kind: "item-added", item: "Card", type: "smart card", account: "bg-1" });
  expect(needed("bg-1")).toEqual(["PIN", "FIDO2 key", "smart card"]);
  book.put({ kind: "item-gone", item: "Key 1" }, { kind: "item-gone", item: "Key 2" });
  expect(needed("bg-1")).toEqual(["PIN", "smart card"]);
});
