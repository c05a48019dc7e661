import { askFor } from "./questions.ts";

/** An account that is in no register to choose from. */
export async function askAnyAccount(): Promise<string> {
  return askFor("ACCOUNT", "Account (such as bg-1@contoso.onmicrosoft.com)", undefined, {
    back: true,
  });
}
