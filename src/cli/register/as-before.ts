import type { Verdict } from "../terminal/questions.ts";

/** What is meant by leaving out something of which the register may know what it is now. */
export function asBefore(now: string | undefined): string {
  return now === undefined ? "as before" : `as before, ${now}`;
}

/** Whether an answer says something new of it: what is so already would be refused after the last question. */
export function isNews(typed: string, now: string | undefined): Verdict {
  return typed !== now || "that is so already; say what is new, or < goes back";
}
