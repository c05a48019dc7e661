import { Assembly, misfitError } from "../../src/core/assembly.ts";
import { readDocument } from "../../src/core/document.ts";
import { readSlip } from "../../src/core/reader.ts";
import { checkWord, slipCommitment, slipName, type Slip } from "../../src/core/slip.ts";

/** What a reader is given. */
export interface Input {
  readonly documents: readonly string[];
  readonly acceptCorrections: boolean;
  /** The set to take where slips of several were given. */
  readonly set?: string;
}

/** What is known of a slip beside its paper. */
export interface SlipRecord {
  readonly name: string;
  readonly checkWord: string;
  readonly commitment: string;
}

/** Every slip in the documents; the first that can't be read ends it. */
export function readSlips({ documents, acceptCorrections }: Input): Slip[] {
  return documents
    .flatMap((text) => readDocument(text))
    .map((draft) => readSlip(draft, { acceptCorrections }).slip);
}

/** The password in the documents, where nobody is there to be asked. */
export function recover(input: Input): Uint8Array {
  const assembly = new Assembly();
  for (const slip of readSlips(input)) assembly.add(slip);
  const { secret, misfits } = assembly.recover(input.set);
  if (misfits.length > 0) throw misfitError(misfits);
  return secret;
}

export function recordOf(slip: Slip): SlipRecord {
  return {
    name: slipName(slip),
    checkWord: checkWord(slip),
    commitment: Buffer.from(slipCommitment(slip)).toString("hex"),
  };
}
