import { portableHash, type Hash } from "../../custody/journal.ts";

/** So many lines are hashed before Node's own SHA-256, which takes longer to load, pays. */
const FEW = 100;
let hashed = 0;
let nodeHash: typeof import("node:crypto").hash | undefined;

/** SHA-256 for the journal, in one call of Node's: a hash object for each line costs twice that. */
export const hash: Hash = (bytes) => {
  if (hashed++ < FEW) return portableHash(bytes);
  nodeHash ??= process.getBuiltinModule("node:crypto").hash;
  return nodeHash("sha256", bytes, "hex");
};
