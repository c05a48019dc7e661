import { exposureOf, exposures, type Exposure } from "../../custody/exposure.ts";
import { openRegister } from "../journal/journal-file.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { answer, answerInRows, oneLine } from "../system/output.ts";
import { needAccount } from "../terminal/ask-account.ts";

export interface ExposureOptions {
  readonly register?: string;
  readonly json?: boolean;
}

/** `breakglass exposure`: what the loss or theft of safes, sites and people would mean. */
export function exposure(account: string | undefined, options: ExposureOptions): void {
  const { register } = openRegister(registerFolder(options.register));
  const found =
    account === undefined
      ? exposures(register)
      : exposureOf(register, needAccount(register, account));
  if (options.json === true) answer(`${JSON.stringify(found, null, 2)}\n`);
  else if (found.length === 0) answer("no account has a set that the tenant may hold\n");
  else for (const each of found) answerInRows(exposureText(each));
}

/** It as a person reads it. */
export function exposureText({ account, set, generation, sentences }: Exposure): string {
  const heading = `${account}, set ${set}, generation ${generation}`;
  return `${[heading, ...sentences.map((sentence) => `  ${sentence}`)].map(oneLine).join("\n")}\n`;
}
