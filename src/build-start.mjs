// What starts the program: to compile its files takes a tenth of the time to the first prompt, so what
// V8 makes of each lies beside it. Another Node does not take that, and compiles the file.
import { Buffer } from "node:buffer";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileFunction } from "node:vm";

const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname"];

/** Writes what V8 makes of each file of a folder beside it. */
export function compileAll(folder) {
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".cjs"))) {
    const filename = join(folder, name);
    const settings = { filename, produceCachedData: true };
    const { cachedData } = compileFunction(readFileSync(filename, "utf8"), PARAMETERS, settings);
    // Twice: V8 believes what it is given, and one wrong bit could crash it or have it run for ever.
    writeFileSync(`${filename}.twice`, Buffer.concat([cachedData, cachedData]));
  }
}

/**
 * Which Node this is. V8 looks at its version and settings alone, and so takes what the same version
 * made on another kind of processor, or built another way, and crashes with it.
 */
function whichNode() {
  const { version, platform, arch, execPath } = process;
  return [version, platform, arch, statSync(execPath, { throwIfNoEntry: false })?.size].join(" ");
}

/**
 * The file that is run.
 *
 * @param fast the files of the commands that have one of their own
 */
export function startFile(fast) {
  return `#!/usr/bin/env node
const { readFileSync, statSync } = require("node:fs");
const { join } = require("node:path");
const { compileFunction } = require("node:vm");

const fast = { __proto__: null, ...${JSON.stringify(fast)} };
const modules = { __proto__: null };
const isAsBuilt = whichNode() === ${JSON.stringify(whichNode())};

${whichNode}

/** As require, but what lies here is compiled already. */
function load(id) {
  if (!id.startsWith("./")) return require(id);
  if (modules[id] === undefined) {
    const filename = join(__dirname, id);
    const settings = { filename, cachedData: compiled(filename) };
    const run = compileFunction(readFileSync(filename, "utf8"), ${JSON.stringify(PARAMETERS)}, settings);
    const module = (modules[id] = { exports: {} });
    run(module.exports, load, module, filename, __dirname);
  }
  return modules[id].exports;
}

/** What V8 made of a file, if this Node did it, and it is there, and whole. */
function compiled(filename) {
  if (!isAsBuilt) return undefined;
  try {
    const twice = readFileSync(filename + ".twice");
    const once = twice.subarray(0, twice.length / 2);
    return once.equals(twice.subarray(once.length)) ? once : undefined;
  } catch {
    return undefined;
  }
}

const name = fast[process.argv[2]];
if (name === undefined) load("./main.cjs")("main");
else load("./" + name + ".cjs");
`;
}
