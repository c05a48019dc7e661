import { bytesToHex } from "@noble/hashes/utils.js";
import { setName, slipCommitment, type Slip } from "../core/slip.ts";
import type { Register } from "./register.ts";

/**
 * Whether a slip is the very one that was issued under its name: neither its check nor the
 * password's digest can say that, since whoever knows the password can make others that fit.
 *
 * @returns undefined if the register does not have its set
 */
export function isAsIssued(register: Register, slip: Slip): boolean | undefined {
  const set = register.sets.get(setName(slip.setId));
  if (set === undefined) return undefined;
  return set.slips[slip.index - 1]?.commitment === bytesToHex(slipCommitment(slip));
}
