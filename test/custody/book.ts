import { createHash } from "node:crypto";
import type { CustodyEvent, Entry, EventOf } from "../../src/custody/events.ts";
import { EMPTY_HEAD, appendEntry, readJournal, type Hash } from "../../src/custody/journal.ts";
import { permits } from "../../src/custody/lifecycle/permits.ts";
import type { Refusal } from "../../src/custody/lifecycle/refusal.ts";
import { emptyRegister, type Register } from "../../src/custody/register.ts";
import { apply } from "../../src/custody/fold/fold.ts";

export const nodeHash: Hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** The journal that some events make, as the bytes of its file. */
export function journalOf(events: readonly CustodyEvent[]): Buffer {
  let head = EMPTY_HEAD;
  const lines = events.map((event) => {
    const appended = appendEntry(head, event, nodeHash);
    head = appended.head;
    return appended.line;
  });
  return Buffer.from(lines.join(""));
}

/** The entries that some events make. */
export function entriesOf(events: readonly CustodyEvent[]): readonly Entry[] {
  return readJournal(journalOf(events), nodeHash).entries;
}

/** What an entry tells, without its place in the journal. */
export function eventIn(entry: Entry): CustodyEvent {
  const links = ["n", "prev", "hash"];
  const fields = Object.entries(entry).filter(([name]) => !links.includes(name));
  return Object.fromEntries(fields) as unknown as CustodyEvent;
}

type DistributiveOmit<T, N extends PropertyKey> = T extends unknown ? Omit<T, N> : never;
/** An event without its time and actor, which the book fills in. */
export type Happening = DistributiveOmit<CustodyEvent, "at" | "actor" | "witness"> & {
  readonly at?: string;
  readonly actor?: string;
  readonly witness?: string;
};

/** A register that is written as it goes, every event through its journal's line and back. */
export class Book {
  readonly register: Register = emptyRegister();
  #head = EMPTY_HEAD;
  #lines = "";
  /** A moment, as it stands in events. */
  now = "2026-01-01T09:00:00Z";

  /** The whole file. */
  get bytes(): Buffer {
    return Buffer.from(this.#lines);
  }

  date(): Date {
    return new Date(this.now);
  }

  /** Moves the clock to a day, at nine in the morning. */
  on(day: string): this {
    this.now = `${day}T09:00:00Z`;
    return this;
  }

  event(happening: Happening): CustodyEvent {
    return { at: this.now, actor: "Lea Lead", ...happening } as CustodyEvent;
  }

  /** What stands in the way of an event. */
  refusal(happening: Happening): Refusal | undefined {
    return permits(this.register, this.event(happening));
  }

  /** Writes an event that must be permitted; the clock goes on by a minute. */
  put(...happenings: Happening[]): this {
    for (const happening of happenings) {
      const event = this.event(happening);
      const refused = permits(this.register, event);
      if (refused !== undefined)
        throw new Error(`${event.kind} was refused: ${refused.refusal}; ${refused.hint}`);
      this.force(event);
    }
    return this;
  }

  /** Writes an event whatever the rules say. */
  force(event: CustodyEvent): this {
    const { line, head } = appendEntry(this.#head, event, nodeHash);
    this.#head = head;
    this.#lines += line;
    const { hash } = head;
    const entry = { ...event, n: head.n, prev: "", hash } as Entry;
    apply(this.register, entry);
    const written = new Date(Date.parse(this.now) + 60_000);
    this.now = `${written.toISOString().slice(0, 19)}Z`;
    return this;
  }
}

/** A commitment like any other: nothing in these tests depends on what it commits to. */
export function commitment(set: string, slip: number): string {
  return nodeHash(Buffer.from(`${set}/${slip}`)).slice(0, 32);
}

export type Issue = Pick<EventOf<"set-issued">, "set" | "account" | "generation"> &
  Partial<Omit<EventOf<"set-issued">, "kind">>;

export const HOLDERS = [
  { custodian: "Ada", alternate: "Dan", location: "Safe A" },
  { custodian: "Bea", alternate: "Eve", location: "Safe B" },
  { custodian: "Cy", alternate: "Flo", location: "Safe C" },
] as const;

/** A set of three slips, any two of which open it, unless told otherwise. */
export function issue({ alsoNeeded = ["FIDO2 key"], ...fields }: Issue): Happening {
  return {
    kind: "set-issued",
    scheme: "shamir",
    blinded: false,
    threshold: 2,
    replaceBy: "2026-12-31",
    strength: { whole: 190, afterOne: 190, afterAllButOne: 190 },
    ...(alsoNeeded.length > 0 ? { alsoNeeded } : {}),
    slips: HOLDERS.map((holder, i) => ({ ...holder, commitment: commitment(fields.set, i + 1) })),
    ...fields,
  };
}

/** A register with two accounts, three custodians with their alternates, and three sites. */
export function opened(): Book {
  const book = new Book().put({
    kind: "register-opened",
    format: 1,
    tenant: "contoso",
    policy: {},
  });
  for (const { custodian, alternate } of HOLDERS)
    book.put(
      { kind: "custodian-added", custodian, alternate },
      { kind: "custodian-added", custodian: alternate },
    );
  return book.put(
    { kind: "location-added", location: "Safe A", site: "Vienna" },
    { kind: "location-added", location: "Safe B", site: "Graz" },
    { kind: "location-added", location: "Safe C", site: "Linz" },
    { kind: "account-added", account: "bg-1", secret: "password" },
    { kind: "account-added", account: "bg-2", secret: "password" },
  );
}

/** The steps of a ceremony, by name, for one set of three slips. */
export const steps = {
  print: (set: string): Happening[] =>
    [1, 2, 3].map((slip) => ({ kind: "slip-printed", slip: { set, slip }, to: "printer" })),
  check: (set: string): Happening[] =>
    [1, 2, 3].map((slip) => ({ kind: "slip-checked", slip: { set, slip } })),
  begin: (set: string): Happening[] => [
    { kind: "setting-begun", set, slips: [1, 2], actor: "Ada" },
    { kind: "password-recovered", set, slips: [1, 2], purpose: "ceremony", actor: "Ada" },
  ],
  confirm: (set: string): Happening[] => [
    { kind: "password-recovered", set, slips: [2, 3], purpose: "ceremony", actor: "Bea" },
    { kind: "sign-in-confirmed", set, slips: [2, 3], actor: "Bea" },
  ],
  seal: (set: string, bags = set): Happening[] =>
    [1, 2, 3].map((slip) => ({ kind: "slip-sealed", slip: { set, slip }, bag: `${bags}-${slip}` })),
  destroy: (set: string): Happening[] =>
    [1, 2, 3].map((slip) => ({ kind: "slip-destroyed", slip: { set, slip }, witness: "Wim" })),
} as const;

/** Issues a set and leads it through until its slips are sealed. */
export function perform(book: Book, fields: Issue): void {
  const { set } = fields;
  book.put(issue(fields), ...steps.print(set), ...steps.check(set), ...steps.begin(set));
  book.put(...steps.confirm(set), ...steps.seal(set));
}
