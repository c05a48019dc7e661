import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const ROOT = new URL("../", import.meta.url);
const MODEL = readFileSync(new URL("docs/threat-model.md", ROOT), "utf8");

interface Claim {
  readonly actor: string;
  readonly kind: "Holds" | "Does not hold";
  readonly text: string;
}

/** Every point of the document, with the actor and the list it stands in. */
function claimsOf(model: string): Claim[] {
  return model
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const actor = section.split("\n")[0]!;
      return (["Holds", "Does not hold"] as const).flatMap((kind) => {
        const list = new RegExp(`^${kind}:\\n\\n((?:- .*\\n)+)`, "m").exec(section)?.[1] ?? "";
        return [...list.matchAll(/^- (.*)$/gm)].map(([, text]) => ({ actor, kind, text: text! }));
      });
    });
}

/** The tests that a point names, as file and title. */
function testsOf(text: string): (readonly [string, string])[] {
  return [...text.matchAll(/`([a-z/-]+)` "([^"]+)"/g)].map(([, file, title]) => [file!, title!]);
}

describe("the threat model", () => {
  const claims = claimsOf(MODEL);

  test("says of each actor what holds and what does not", () => {
    const actors = [...MODEL.matchAll(/^## (.*)$/gm)].map(([, actor]) => actor!);
    expect(actors).toHaveLength(13);
    for (const actor of actors)
      expect(
        new Set(claims.filter((claim) => claim.actor === actor).map(({ kind }) => kind)),
        actor,
      ).toEqual(new Set(["Holds", "Does not hold"]));
  });

  test("names a test for each claim that something holds, and that test is there", () => {
    for (const { text } of claims.filter(({ kind }) => kind === "Holds"))
      expect(testsOf(text), text).not.toEqual([]);
    for (const [file, title] of claims.flatMap(({ text }) => testsOf(text))) {
      const source = readFileSync(new URL(`test/${file}.test.ts`, ROOT), "utf8");
      // A transcript is a file of its own; the cases of a table stand there by name.
      const isThere = title.endsWith(".txt")
        ? existsSync(new URL(`test/${file}/${title}`, ROOT))
        : source.includes(`"${title}"`);
      expect(isThere, `${file}: ${title}`).toBe(true);
    }
  });
});
