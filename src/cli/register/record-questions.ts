/** What befell somebody or something: whoever writes it down did not do it. */
const BEFELL: readonly string[] = [
  ...["damaged", "lost", "found", "compromised", "set-compromised"],
  ...["staff-changed", "subscriptions-changed", "exception"],
];

/** The question for who is behind an entry. */
export function whoQuestion(what: string): string {
  return BEFELL.includes(what) ? "Who says so" : "Who did it";
}

/** What is asked where a field of an event is missing. */
export const QUESTIONS: Readonly<Record<string, string>> = {
  reason: "Why",
  remedy: "How it was settled",
  slips: "Which slips were used (such as 1,3)",
  type: "Type",
  result: "How it went",
  witness: "Who saw it",
  bag: "Serial of the bag",
  location: "Where it lies now",
  custodian: "Who keeps it now",
  alternate: "Who stands in now",
};
