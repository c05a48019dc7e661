import type { Slip } from "../../core/slip.ts";
import type { PageSize } from "../../paper/sheet.ts";
import type { NewFile } from "./slip-files.ts";

/** A slip as a document, ready to go out. */
export interface SlipDocument {
  readonly slip: Slip;
  readonly file: NewFile;
  readonly custodian: string;
  readonly pageSize: PageSize;
}

/** Told of slips as soon as they are out. @param note what is odd about it */
export type CameOut = (slips: readonly Slip[], note?: string) => void;

/** Where the slips of a set go out to: files in a folder, or a printer. */
export interface SlipOutput {
  /** What the register calls it. */
  readonly to: "file" | "printer";
  /**
   * Lets every slip out, or throws.
   *
   * @returns what to name in the answer: paths, or slips
   */
  put(documents: readonly SlipDocument[], cameOut: CameOut): Promise<readonly string[]>;
  /** Tells of what came out and was not taken away yet, where the set is abandoned. */
  leave?(cameOut: CameOut): void;
  /** What to say once all are out. */
  readonly closing: readonly string[];
  /** What comes next, for somebody who is not led through it. */
  readonly next: string;
  /** Where to find them, for a message. */
  readonly place: string;
}

/** `--print`: which printer, and how. */
export interface PrintPlan {
  /** undefined: the usual one. */
  readonly name: string | undefined;
  /** Whether to stop between slips, so that nobody sees another's. */
  readonly pause: boolean;
  /** Seconds to wait for a slip. */
  readonly patience: number;
}

/** Where the person wants the slips to go. */
export type Destination =
  { readonly kind: "folder"; readonly folder: string } | ({ readonly kind: "printer" } & PrintPlan);

/** Seconds that a printer is given for a slip. */
export const PATIENCE = "180";
