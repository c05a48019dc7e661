import { readDocument, type SlipDraft } from "../core/document.ts";
import { BreakglassError } from "../core/errors.ts";
import { readSlip, type SlipReading } from "../core/reader.ts";
import { faultOf, type Fault } from "./words.ts";

/** What one slip in a text came to. */
export type TextSlip =
  | { readonly kind: "read"; readonly reading: SlipReading }
  /** Readable, if a person finds on the paper what it must be. */
  | {
      readonly kind: "compare";
      readonly draft: SlipDraft;
      readonly reading: SlipReading;
      readonly fault: Fault;
    }
  | { readonly kind: "fault"; readonly fault: Fault };

/** Every slip in a text, in order; a text without one is a fault too. */
export function slipsIn(text: string): TextSlip[] {
  try {
    return readDocument(text).map(readDraft);
  } catch (error) {
    return [{ kind: "fault", fault: faultOf(error) }];
  }
}

function readDraft(draft: SlipDraft): TextSlip {
  try {
    return { kind: "read", reading: readSlip(draft, { acceptCorrections: false }) };
  } catch (error) {
    const fault = faultOf(error);
    if ((error as BreakglassError).code !== "corrections-needed") return { kind: "fault", fault };
    const reading = readSlip(draft, { acceptCorrections: true });
    return { kind: "compare", draft, reading, fault };
  }
}
