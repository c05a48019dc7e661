import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

/** Which rooms of src/ each room may use, besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  custody: ["core"],
  paper: ["core", "custody"],
  scan: ["core"],
  page: ["core", "scan"],
  cli: ["core", "custody", "paper", "scan"],
};

/** The rooms within src/cli/, from the ground up: each may use those before it; what stands above all is the command line. */
const FLOORS: readonly string[] = [
  ...["system", "terminal", "journal", "printing", "kit", "doctor", "issuing", "reading"],
  ...["register", "rotation", ""],
];

/** Packages and modules of Node that a room may use; undefined: any. */
const OUTSIDE: Readonly<Record<string, readonly string[] | undefined>> = {
  core: ["@noble/hashes/sha2.js", "@noble/hashes/utils.js", "shamirs-secret-sharing"],
  custody: ["@noble/hashes/sha2.js", "@noble/hashes/utils.js"],
  paper: ["@noble/hashes/utils.js", "fontkit", "marked", "pdfkit", "qrcode", "valibot"],
  scan: [
    "@hyzyla/pdfium",
    "@jsquash/jpeg/decode.js",
    "@jsquash/webp/decode.js",
    "fast-png",
    "fflate",
    "image-size",
    "qr/decode.js",
    "utif2",
    "zxing-wasm/reader",
  ],
  page: [],
  cli: undefined,
};

const SRC = fileURLToPath(new URL("../src", import.meta.url));

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) =>
  /(?<!\.d)\.ts$/.test(file),
);

/** What a source file imports, statically or not. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(SRC, file), "utf8");
  return [...source.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1]!);
}

test.each(files)("%s imports only what its room may", (file) => {
  const room = file.split(sep)[0]!;
  expect(Object.keys(ALLOWED)).toContain(room);
  for (const name of importsOf(file)) {
    if (name.startsWith(".")) {
      const target = relative(SRC, resolve(SRC, dirname(file), name)).split(sep)[0]!;
      if (target !== "..") expect([room, ...ALLOWED[room]!], name).toContain(target);
    } else if (OUTSIDE[room] !== undefined) expect(OUTSIDE[room], file).toContain(name);
  }
});

test.each(files.filter((file) => file.startsWith(`cli${sep}`)))(
  "%s imports nothing from a floor above",
  (file) => {
    const floor = FLOORS.indexOf(roomIn(file));
    expect(floor).toBeGreaterThanOrEqual(0);
    for (const name of importsOf(file).filter((each) => each.startsWith("."))) {
      const target = relative(SRC, resolve(SRC, dirname(file), name));
      if (target.startsWith(`cli${sep}`))
        expect(FLOORS.indexOf(roomIn(target)), name).toBeLessThanOrEqual(floor);
    }
  },
);

/** The room within src/cli/ of a file there. */
function roomIn(file: string): string {
  const parts = file.split(sep);
  return parts.length > 2 ? parts[1]! : "";
}

/** What opens a connection without being imported, in Node or in a browser. */
const NETWORK = [
  ...["fetch", "WebSocket", "WebSocketStream", "WebTransport", "XMLHttpRequest", "EventSource"],
  ...["sendBeacon", "RTCPeerConnection"],
];

/** Such names in a source, but for a variable of its own; a word of a comment or of a sentence is none. */
function networkNamesIn(source: string): string[] {
  const found: string[] = [];
  const own = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) own.add(node.name.text);
    const isName = ts.isIdentifier(node) || ts.isStringLiteralLike(node);
    if (isName && NETWORK.includes(node.text)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("x.ts", source, ts.ScriptTarget.Latest));
  return found.filter((name) => !own.has(name));
}

test("no source file opens a network connection", () => {
  for (const file of files)
    for (const name of importsOf(file))
      expect(name, file).not.toMatch(/^(node:)?(net|http|https|http2|tls|dgram|dns|inspector)\b/);
  for (const file of files)
    expect(networkNamesIn(readFileSync(join(SRC, file), "utf8")), file).toEqual([]);
});

test("a network that a program has without importing it would be noticed", () => {
  for (const name of NETWORK)
    for (const source of [`${name}("x")`, `new globalThis.${name}("x")`, `globalThis["${name}"]`])
      expect(networkNamesIn(source), source).toEqual([name]);
  expect(networkNamesIn(`/** Who can fetch it. */ const fetch = "can fetch"; say(fetch);`)).toEqual(
    [],
  );
});
