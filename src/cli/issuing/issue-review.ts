import { BreakglassError } from "../../core/errors.ts";
import { forbiddenNames } from "../../core/password.ts";
import { requireStrength } from "../../core/strength.ts";
import { COMMANDS } from "../../custody/commands.ts";
import type { HolderProblem, Problem } from "../../custody/rules.ts";
import { isoDate } from "../../custody/times.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { oneLine, say } from "../system/output.ts";
import { wasAsked } from "../terminal/asked.ts";
import { inTurn } from "../terminal/in-turn.ts";
import { GoneBack, askAtTerminal } from "../terminal/questions.ts";
import type { IssueChange, IssueForm } from "./issue-form.ts";
import type { Holder, IssueOptions, IssuePlan } from "./issue-plan.ts";
import { plannedStrength } from "./secret.ts";

/** Something that can be changed in the summary. */
interface Item {
  readonly what: string;
  readonly value: string;
  readonly change: () => Promise<void>;
}

/**
 * Shows a person at the terminal what will be issued, with the rules that it breaks, and has any of
 * it changed, before anything is made: if something was asked, or taken from the set before.
 *
 * @returns whether somebody was there to agree
 * @throws BreakglassError `interrupted` if it is not to be issued
 */
export async function review(form: IssueForm, accountIsFixed: boolean): Promise<boolean> {
  if (!hasTerminal() || (!wasAsked() && saysAllHolders(form))) return false;
  for (;;) {
    const plan = form.plan();
    const items = itemsOf(form, plan, accountIsFixed);
    say("");
    for (const [key, { what, value }] of items)
      say(oneLine(`  ${key}  ${what === "" ? "" : what.padEnd(13)}${value}`));
    const refused = await tellProblems(form, plan);
    const keys = [...items.keys()];
    const typed = await askAtTerminal("y issues it, a number or letter changes that, q leaves", {
      judge: (answer) =>
        ["y", "q", ...keys].includes(answer.toLowerCase()) ||
        `type y, q, or one of ${keys.join(" ")}`,
    });
    const key = typed.toLowerCase();
    if (key === "q")
      throw new BreakglassError("interrupted", "nothing was issued", "run it again when ready");
    if (key === "y" && refused !== undefined) await mend(form, refused);
    else if (key === "y") break;
    else {
      await changed(items.get(key)!.change);
      await inTurn(() => form.steps());
    }
  }
  form.restate();
  return true;
}

/** Whether the flags alone say who holds what. */
function saysAllHolders(form: IssueForm): boolean {
  const { custodian, alternate, location } = form.told;
  const { total } = form.terms().split;
  return (
    form.isUnnamed || [custodian, alternate, location].every((names) => names?.length === total)
  );
}

/** What can't be so is told, and what was said before stays. */
async function changed(change: Item["change"]): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof GoneBack)) throw error;
  }
}

/** Everything that is decided, by the key that changes it. */
function itemsOf(form: IssueForm, plan: IssuePlan, accountIsFixed: boolean): Map<string, Item> {
  const flag = (
    key: keyof IssueOptions,
    what: string,
    value: string,
    flagsOf = (answer: string): IssueChange => ({ [key]: answer }),
  ): Item => ({
    ...{ what, value },
    change: async (): Promise<void> => {
      const answer = await askAtTerminal(`${what} (< leaves it)`, {
        ...{ usual: value, back: true },
        judge: (typed) => verdictOf(form, flagsOf(typed)),
      });
      form.change(flagsOf(answer));
    },
  });
  const items: [string, Item | undefined][] = [
    ["a", accountIsFixed ? undefined : flag("account", "account", plan.account)],
    ["g", flag("generation", "generation", String(plan.generation))],
    ["s", flag("split", "split", splitText(plan))],
    ["k", flag("secret", "kind", plan.imported ? IMPORT : plan.kind, kindFlags)],
    ["l", plan.imported ? undefined : flag("length", lengthWord(plan), String(plan.length))],
    ["o", flag("organisation", "organisation", plan.organisation ?? "")],
    ["r", flag("replaceBy", plan.stays ? "validate by" : "replace by", isoDate(plan.replaceBy))],
    ["f", destinationItem(form, plan)],
    ["p", flag("page", "page", plan.pageSize)],
    ["b", leadItem(form)],
    ...(form.isUnnamed ? [] : plan.holders).map((holder, i): [string, Item] => [
      String(i + 1),
      {
        ...{ what: "", value: holderText(holder) },
        change: async () => form.askHolder(i),
      },
    ]),
  ];
  return new Map(items.flatMap(([key, item]) => (item === undefined ? [] : [[key, item]])));
}

/** What a person says who has a secret already. */
const IMPORT = "import";

/** Another kind has another length. */
function kindFlags(answer: string): IssueChange {
  const others = { length: undefined, alphabet: undefined };
  return answer === IMPORT
    ? { ...others, import: true }
    : { ...others, import: undefined, secret: answer };
}

function lengthWord({ kind }: IssuePlan): string {
  return kind === "passphrase" ? "words" : "characters";
}

function destinationItem(form: IssueForm, { destination }: IssuePlan): Item {
  const folder = destination.kind === "folder" ? destination.folder : undefined;
  return {
    what: folder === undefined ? "printer" : "folder",
    value:
      folder ?? (destination.kind === "printer" ? destination.name : undefined) ?? "the usual one",
    change: async () => form.askDestination(folder),
  };
}

function leadItem(form: IssueForm): Item | undefined {
  const { by } = form.told;
  if (form.record === undefined || by === undefined) return undefined;
  return { what: "led by", value: by, change: async () => form.askLead() };
}

function holderText({ custodian, alternate, location }: Holder): string {
  return `${custodian}, alternate ${alternate}, ${location}`;
}

/** As `--split` takes it. */
function splitText({ split: { scheme, threshold, total } }: IssuePlan): string {
  return scheme === "concat" ? `concat:${total}` : `${threshold}of${total}`;
}

/** Whether the form takes these flags, or why not. */
function verdictOf(form: IssueForm, flags: IssueChange): true | string {
  try {
    form.check(flags);
    return true;
  } catch (error) {
    if (!(error instanceof BreakglassError)) throw error;
    return `${error.message}; ${error.hint}`;
  }
}

/** A rule that is broken; some are about slips. */
type Broken = Pick<Problem, "severity" | "what"> & Partial<Pick<HolderProblem, "rule" | "slips">>;

/**
 * Says which rules are broken.
 *
 * @returns the first that stands in the way
 */
async function tellProblems(form: IssueForm, plan: IssuePlan): Promise<Broken | undefined> {
  const problems: readonly Broken[] = [
    ...form.holderProblems(),
    ...(await strengthProblems(form, plan)),
  ];
  const overridden = form.record !== undefined && form.told.override !== undefined;
  const isRefused = ({ severity }: Broken): boolean => severity === "refuse" && !overridden;
  for (const problem of problems)
    say(oneLine(`${isRefused(problem) ? "refused" : "careful"}: ${problem.what}`));
  return problems.find(isRefused);
}

/** Leads back to the question whose answer is refused, if it is one about a slip. */
async function mend(form: IssueForm, { rule, slips = [] }: Broken): Promise<void> {
  const { fields, more } = questionsOf(rule);
  const others = more === undefined ? "" : `add another to choose from (${more}), or `;
  const flag = form.record === undefined ? "--accept-weak" : '--override "REASON"';
  say(`change what is refused first; or leave, and ${others}add ${flag}`);
  const slip = slips.at(-1);
  if (slip !== undefined) await changed(async () => form.askHolder(slip - 1, fields));
}

/** The questions whose answers break a rule on holders, and how to have more to choose from. */
function questionsOf(rule: Broken["rule"]): {
  readonly fields?: readonly (keyof Holder)[];
  readonly more?: string;
} {
  switch (rule) {
    case "safe-opens":
    case "site-opens":
    case "share-site":
    case "unknown-location":
      return { fields: ["location"], more: COMMANDS.addLocation() };
    case "alternate-opens":
    case "no-alternate":
      return { fields: ["alternate"], more: COMMANDS.addCustodian() };
    case "person-opens":
    case "share-custodian":
    case "unknown-person":
      return { fields: ["custodian", "alternate"], more: COMMANDS.addCustodian() };
    default:
      return {};
  }
}

async function strengthProblems(
  { record }: IssueForm,
  plan: IssuePlan,
): Promise<Pick<Problem, "severity" | "what">[]> {
  try {
    const planned = await plannedStrength(plan, forbiddenNames(plan.account, plan.organisation));
    if (planned === undefined) return [];
    if (record !== undefined) {
      return [record.strengthProblem(planned), record.replaceByProblem(plan)].filter(
        (problem) => problem !== undefined,
      );
    }
    if (!plan.acceptWeak) requireStrength(planned.strength, planned.kind);
    return [];
  } catch (error) {
    if (!(error instanceof BreakglassError)) throw error;
    return [{ severity: "refuse", what: `${error.message}; ${error.hint}` }];
  }
}
