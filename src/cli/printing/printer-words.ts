/** What is the matter with a printer, and what to do about it. */
interface Trouble {
  readonly what: string;
  readonly todo: string;
  /** Whether nothing can be handed to it: paper can be put in later, a queue that is closed is. */
  readonly closed?: true;
}

const UNREACHABLE: Trouble = {
  what: "it can't be reached",
  todo: "switch it on, and see to its cable",
};
const NO_PAPER: Trouble = { what: "it is out of paper", todo: "put paper in" };
const NO_TONER: Trouble = {
  what: "it is out of toner or ink",
  todo: "put a new cartridge in: a pale slip can't be read in years",
};
const OPEN: Trouble = { what: "a door or a cover is open", todo: "close it" };

/** By the keywords of IPP (RFC 8011) and CUPS, without the severity that may follow them. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  paused: {
    what: "it is paused",
    todo: "let it go on (sudo cupsenable PRINTER)",
    closed: true,
  },
  rejecting: {
    what: "it takes no jobs",
    todo: "let it take jobs (sudo cupsaccept PRINTER)",
    closed: true,
  },
  "media-empty": NO_PAPER,
  "media-needed": NO_PAPER,
  "media-jam": {
    what: "paper is jammed",
    todo: "take the sheet out: what is printed on it is secret, so destroy it",
  },
  "toner-empty": NO_TONER,
  "marker-supply-empty": NO_TONER,
  "cover-open": OPEN,
  "door-open": OPEN,
  "interlock-open": OPEN,
  offline: UNREACHABLE,
  "connecting-to-device": UNREACHABLE,
  "timed-out": UNREACHABLE,
  shutdown: UNREACHABLE,
  "output-area-full": { what: "its tray is full", todo: "take the sheets out" },
  "spool-area-full": { what: "its memory is full", todo: "switch it off and on again" },
  "media-low": { what: "it is low on paper", todo: "put paper in" },
  "toner-low": { what: "it is low on toner", todo: "look whether the print is black" },
  "marker-supply-low": {
    what: "it is low on toner or ink",
    todo: "look whether the print is black",
  },
};

/** What some keywords mean that a printer is described with; what is no trouble is left out. */
export function troublesOf(printer: string, alerts: readonly string[]): Trouble[] {
  const found = alerts.flatMap((alert) => {
    const known = TROUBLES[alert.replace(/-(?:error|warning|report)$/, "")];
    if (known !== undefined) return [known];
    return alert.endsWith("-error")
      ? [{ what: `it reports ${alert}`, todo: "see to the printer" }]
      : [];
  });
  return [...new Set(found)].map((trouble) => ({
    ...trouble,
    todo: trouble.todo.replace("PRINTER", printer),
  }));
}
