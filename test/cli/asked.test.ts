import { expect, test } from "vitest";
import {
  beginLine,
  closeLine,
  noteAnswer,
  noteFile,
  restateArguments,
  restateFlag,
  sameWords,
  takeBack,
} from "../../src/cli/terminal/asked.ts";

test("what is answered in the steps of a ceremony is no part of the command that began it", () => {
  beginLine("rotate", ["bg-1@contoso.onmicrosoft.com"], new Map());
  noteAnswer("--by", "Sample Lead");
  const words = ["breakglass", "rotate", "bg-1@contoso.onmicrosoft.com", "--by", "Sample Lead"];
  expect(sameWords()).toEqual(words);
  closeLine();
  noteAnswer("--witness", "Sample Witness");
  noteFile("slip1.png");
  // Another set, where the first one was given up.
  takeBack("--by");
  restateArguments(["bg-2@contoso.onmicrosoft.com"]);
  restateFlag("--split", ["2of3"]);
  expect(sameWords()).toEqual(words);
  beginLine("recover", [], new Map());
  noteFile("slip1.png");
  expect(sameWords()).toEqual(["breakglass", "recover", "slip1.png"]);
});
