/** What `doctor` says of one thing it looked for. */
export interface Finding {
  /** What was looked for. */
  readonly topic: string;
  /** `unknown`: it can't be told here, so somebody has to look. */
  readonly verdict: "fine" | "settle" | "unknown";
  /** What was found, in a few words that stand on their own in a list. */
  readonly found: string;
  /** One line: what that means for a ceremony. */
  readonly means?: string;
  /** One line: what to do. */
  readonly todo?: string;
}

/** Something that is as it should be. */
export function fine(topic: string, found: string): Finding {
  return { topic, verdict: "fine", found };
}

/** Something that breakglass does not know how to look for on this system. */
export function notLookedFor(topic: string): Finding {
  return {
    ...{ topic, verdict: "unknown", found: `${topic} not looked for on this system` },
    todo: "see to it yourself, with the system's settings",
  };
}
