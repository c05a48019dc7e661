import {
  holdersOf,
  isLeft,
  isUsable,
  liesOpen,
  type ItemState,
  type LiesOpen,
  type Register,
  type SetState,
  type SlipState,
} from "./register.ts";
import { leftWords } from "./lifecycle/paper.ts";
import { nextStep } from "./lifecycle/standing.ts";
import { isSameName } from "./names.ts";
import { refText } from "./slip-ref.ts";

/** Where something lies. */
interface Place {
  /** The safe. */
  readonly location: string | undefined;
  readonly site: string | undefined;
  /** The safe is no longer used, says the register. */
  readonly unused: boolean;
}

/** Somebody who can fetch it. */
interface Person {
  readonly name: string;
  readonly phone: string | undefined;
  readonly left: boolean;
}

/** A slip that is somewhere, where it lies, and who can fetch it: the custodian first, unless gone. */
interface SlipWhereabouts extends Place {
  /** As in `K7Q2/2`. */
  readonly slip: string;
  readonly bag: string | undefined;
  /** Why it lies in no bag, and since when; undefined while it lies sealed. */
  readonly open: { readonly how: LiesOpen["how"]; readonly since: string | undefined } | undefined;
  /** It may still be read, or mended by its spare line. */
  readonly damaged: boolean;
  readonly people: readonly Person[];
}

/** Something that the sign-in needs besides. */
interface ItemWhereabouts extends Place {
  readonly type: string;
  /** Undefined for what the slips name, and the register does not know. */
  readonly item: string | undefined;
  /** So its last test said. */
  readonly failed: boolean;
  readonly people: readonly Person[];
}

/** A set, and those of its slips that are left. */
interface SetWhereabouts {
  readonly set: string;
  readonly threshold: number;
  readonly slips: readonly SlipWhereabouts[];
}

/** The PIN of one of the account's keys, whose slips have to be fetched as well. */
interface PinWhereabouts {
  readonly account: string;
  /** As of the account. */
  readonly sets: readonly SetWhereabouts[];
}

/** What has to be fetched to sign in to an account. */
export interface Whereabouts {
  /** Those that the tenant holds or may hold, the one to try first at the beginning. */
  readonly sets: readonly SetWhereabouts[];
  readonly pins: readonly PinWhereabouts[];
  readonly items: readonly ItemWhereabouts[];
}

/**
 * The sets that the tenant holds or may hold, in the order in which to try them: one, too, whose
 * password was shown in an emergency before it was set.
 */
export function setsToTry(register: Register, account: string): SetState[] {
  return nextStep(register, account).tries.map((set) => register.sets.get(set)!);
}

/** Where the slips of an account lie, and what else its sign-in needs. */
export function whereabouts(register: Register, account: string): Whereabouts {
  const isNeeded = ({ gone, account: whose }: ItemState): boolean =>
    gone === undefined && (whose ?? account) === account;
  const sets = setsToTry(register, account);
  const items = [...register.items.values()].filter(isNeeded);
  const pins = pinsOf(register, account);
  const known = [...items.map(({ type }) => type), ...(pins.length === 0 ? [] : ["PIN"])];
  const unknown = (sets[0]?.alsoNeeded ?? []).filter(
    (needed) => !known.some((type) => isSameName(type, needed)),
  );
  return {
    sets: sets.map((set) => setWhereabouts(register, set)),
    pins,
    items: [
      ...items.map(({ item, type, location, custodian, tested }) => ({
        ...{ type, item, failed: tested?.result === "failed", ...placeOf(register, location) },
        people: peopleOf(register, custodian === undefined ? [] : [custodian]),
      })),
      ...unknown.map((type) => ({
        ...{ type, item: undefined, failed: false, ...placeOf(register, undefined), people: [] },
      })),
    ],
  };
}

/** Those PINs of the account's keys that are on slips. */
function pinsOf(register: Register, account: string): PinWhereabouts[] {
  return [...register.accounts.values()]
    .filter(({ belongsTo, retired }) => belongsTo === account && retired === undefined)
    .map((pin) => ({
      account: pin.account,
      sets: setsToTry(register, pin.account).map((set) => setWhereabouts(register, set)),
    }))
    .filter(({ sets }) => sets.length > 0);
}

function setWhereabouts(register: Register, { set, threshold, slips }: SetState): SetWhereabouts {
  // Those that can be counted on come first.
  const left = slips.filter(isLeft).toSorted((a, b) => Number(!isUsable(a)) - Number(!isUsable(b)));
  return { set, threshold, slips: left.map((slip) => slipWhereabouts(register, slip)) };
}

function slipWhereabouts(register: Register, slip: SlipState): SlipWhereabouts {
  const open = liesOpen(slip);
  return {
    slip: refText(slip),
    ...placeOf(register, slip.location),
    bag: open === undefined ? slip.sealed?.bag : undefined,
    open: open && { how: open.how, since: open.since?.at },
    damaged: slip.damaged !== undefined,
    people: peopleOf(register, holdersOf(slip)),
  };
}

function placeOf({ locations }: Register, location: string | undefined): Place {
  const known = locations.get(location ?? "");
  return { location, site: known?.site, unused: known?.gone !== undefined };
}

/** In this order, and who has left comes last. */
function peopleOf({ custodians }: Register, names: readonly string[]): Person[] {
  const people = names.map((name) => {
    const known = custodians.get(name);
    return { name, phone: known?.phone, left: known?.gone !== undefined };
  });
  return people.toSorted((a, b) => Number(a.left) - Number(b.left));
}

/** The same in rows, to be read by who has to fetch it; none if nothing of the account has to be fetched. */
export function whereaboutsText({ sets, pins, items }: Whereabouts): string[] {
  const besides = [
    ...pins.flatMap(({ account, sets }) =>
      setRows(sets, `PIN ${account}: `).map((row) => `  ${row}`),
    ),
    ...items.map(itemRow),
  ];
  // An account may have nothing on slips but the PIN of its key.
  const heading = sets.length === 0 ? "for the sign-in:" : "and for the sign-in:";
  return [...setRows(sets), ...(besides.length === 0 ? [] : [heading]), ...besides];
}

function setRows(sets: readonly SetWhereabouts[], what = ""): string[] {
  return sets.flatMap(({ set, threshold, slips }, i) => {
    if (slips.length < threshold)
      return [`${what}set ${set} can't be recovered: ${leftWords(slips.length, threshold)}`];
    const which = i === 0 ? "" : "or else ";
    return [
      `${what}${which}set ${set}, ${threshold} of these ${slips.length} slips:`,
      ...slips.map(slipRow),
    ];
  });
}

/** The same of those slips of a set that somebody has not at hand. */
export function otherSlips(register: Register, set: SetState, have: readonly number[]): string[] {
  const others = set.slips.filter((slip) => isLeft(slip) && !have.includes(slip.slip));
  return others.map((slip) => slipRow(slipWhereabouts(register, slip)));
}

function slipRow(slip: SlipWhereabouts): string {
  return `  ${slip.slip}  ${placeText(slip)}${bagText(slip)}${peopleText(slip)}${slip.damaged ? "; damaged" : ""}`;
}

function itemRow(item: ItemWhereabouts): string {
  const name = [item.type, ...(item.item === undefined ? [] : [item.item])].join(" ");
  return `  ${name}  ${placeText(item)}${peopleText(item)}${item.failed ? "; its last test failed" : ""}`;
}

function placeText({ location, site, unused }: Place): string {
  const safe = `${location ?? "place unknown"}${unused ? " (no longer used)" : ""}`;
  return [safe, ...(site === undefined ? [] : [site])].join(", ");
}

function bagText({ bag, open }: SlipWhereabouts): string {
  if (open === undefined) return bag === undefined ? "" : `, bag ${bag}`;
  if (open.how === "never sealed") return ", not sealed yet";
  const again = open.how === "opened" ? " again" : "";
  return `, ${open.how} ${open.since!.slice(0, 10)}, not sealed${again}`;
}

const NO_BREAK = "\u00a0";

/** A text that rows keep whole, as a number has to be to be dialled. */
function unbroken(text: string): string {
  return text.replaceAll(" ", NO_BREAK);
}

function peopleText({ people }: { readonly people: readonly Person[] }): string {
  const said = people.map(({ name, phone, left }) =>
    [
      name,
      ...(phone === undefined ? [] : [`(${unbroken(phone)})`]),
      ...(left ? ["(left)"] : []),
    ].join(NO_BREAK),
  );
  return said.length === 0 ? "" : `: ${said.join(", or ")}`;
}
