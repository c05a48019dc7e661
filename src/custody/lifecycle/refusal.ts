/** Why an event may not follow now. */
export interface Refusal {
  /** One line: which step is missing. */
  readonly refusal: string;
  /** One line: what to do. */
  readonly hint: string;
}

export function refuse(refusal: string, hint: string): Refusal {
  return { refusal, hint };
}
