import { existsSync, readFileSync } from "node:fs";
import * as ts from "typescript";
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

/** What a test is called with: `test`, `test.each(...)`, `describe.skipIf(...)`. */
interface Called {
  readonly words: readonly string[];
  /** The cases of a table, whose titles stand in it by name. */
  readonly table: ts.Node | undefined;
}

function calledOf(callee: ts.Expression, table?: ts.Node): Called {
  if (ts.isIdentifier(callee)) return { words: [callee.text], table };
  if (ts.isPropertyAccessExpression(callee)) {
    const { words, table: within } = calledOf(callee.expression, table);
    return { words: [...words, callee.name.text], table: within };
  }
  if (ts.isCallExpression(callee)) {
    const { words } = calledOf(callee.expression);
    const isTable = words.at(-1) === "each" || words.at(-1) === "for";
    return { words, table: isTable ? callee.arguments[0] : table };
  }
  return { words: [], table };
}

/** Everything below a node, itself too. */
function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

const NEVER_RUN = new Set(["skip", "todo", "fails", "only"]);

/** The titles of tests that run and expect something, of groups that have one, and of their cases. */
function runningTitles(source: string): Set<string> {
  const titles = new Set<string>();
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && node.text === "expect") return true;
    if (!ts.isCallExpression(node)) return node.getChildren().map(visit).some(Boolean);
    const { words, table } = calledOf(node.expression);
    const [title, ...rest] = node.arguments;
    const isTest = ["test", "it", "describe"].includes(words[0] ?? "") && rest.length > 0;
    if (!isTest || title === undefined) return node.getChildren().map(visit).some(Boolean);
    if (words.some((word) => NEVER_RUN.has(word))) return false;
    if (!rest.map(visit).some(Boolean)) return false;
    const named = [title, ...(table === undefined ? [] : nodesOf(table))];
    for (const name of named) if (ts.isStringLiteralLike(name)) titles.add(name.text);
    return true;
  };
  visit(ts.createSourceFile("x.ts", source, ts.ScriptTarget.Latest, true));
  return titles;
}

const read = new Map<string, Set<string>>();

/** As {@link runningTitles}, each file read once. */
function titlesOf(file: string, source: string): Set<string> {
  const titles = read.get(file) ?? runningTitles(source);
  read.set(file, titles);
  return titles;
}

describe("a test that is named", () => {
  const found = (source: string): string[] => [...runningTitles(source)];

  test("counts if it runs and expects something", () => {
    expect(found(`test("a", () => { expect(1).toBe(1); });`)).toEqual(["a"]);
    expect(found(`test.skipIf(needs("x"))("a", async () => { await expect(b); });`)).toEqual(["a"]);
    expect(
      found(`describe("g", () => { it.each([["one", 1]])("%s", () => expect(1)); });`),
    ).toEqual(["%s", "one", "g"]);
  });

  test("does not count if it is skipped, emptied, or only said", () => {
    for (const source of [
      `test.skip("a", () => { expect(1); });`,
      `describe.skip("g", () => { test("a", () => { expect(1); }); });`,
      `test("a", () => {});`,
      `test.todo("a");`,
      `// test("a", () => { expect(1); });`,
      `const title = "a"; expect(title);`,
    ])
      expect(found(source), source).toEqual([]);
  });
});

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

  test("names a test for each claim that something holds, and that test runs", () => {
    for (const { text } of claims.filter(({ kind }) => kind === "Holds"))
      expect(testsOf(text), text).not.toEqual([]);
    for (const [file, title] of claims.flatMap(({ text }) => testsOf(text))) {
      const source = readFileSync(new URL(`test/${file}.test.ts`, ROOT), "utf8");
      // A transcript is a file of its own.
      const runs = title.endsWith(".txt")
        ? existsSync(new URL(`test/${file}/${title}`, ROOT))
        : titlesOf(file, source).has(title);
      expect(runs, `${file}: ${title}`).toBe(true);
    }
  });
});
