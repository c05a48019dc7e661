import { stringify } from "csv-stringify/sync";

/**
 * A table as RFC 4180 has it. A cell that a spreadsheet would take for a formula gets an apostrophe
 * before it: names in a register may come from somebody who wishes nobody well.
 */
export function csv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return stringify([header, ...rows], { record_delimiter: "windows", escape_formulas: true });
}
