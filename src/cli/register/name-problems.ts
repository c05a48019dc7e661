import {
  needAccount,
  needCustodian,
  needLocation,
  needNew,
  needNewAccount,
  needPresent,
} from "../../custody/lifecycle/needs.ts";
import type { Refusal } from "../../custody/lifecycle/refusal.ts";
import { spelledAs } from "../../custody/names.ts";
import type { Register } from "../../custody/register.ts";

type NameProblem = (name: string, register: Register) => Refusal | undefined;

/** What the register says against a name, by the command that it is given to. */
export const NAME_PROBLEMS = {
  "account add": needNewAccount,
  "account retire": (name, register) => {
    const known = needAccount(spelledAs(name, register.accounts.keys()), register);
    return "refusal" in known ? known : undefined;
  },
  "custodian add": (name, { custodians }) => needNew(name, custodians),
  "custodian change": (name, register) =>
    needCustodian(spelledAs(name, register.custodians.keys()), register),
  "custodian gone": (name, register) =>
    needPresent(spelledAs(name, register.custodians.keys()), register),
  "site add": (name, { locations }) => needNew(name, locations),
  "site change": (name, register) =>
    needLocation(spelledAs(name, register.locations.keys()), register),
  "site gone": (name, register) =>
    needLocation(spelledAs(name, register.locations.keys()), register),
} as const satisfies Readonly<Record<string, NameProblem>>;
