import { Assembly } from "../core/assembly.ts";
import { VERSION } from "../core/slip.ts";
import { byId, focusOn } from "./dom.ts";
import { Intake, type Purpose } from "./intake.ts";
import { notice } from "./notice.ts";
import { outcomeOf, type Outcome } from "./outcome.ts";
import { PasswordView } from "./password-view.ts";
import { showSets } from "./sets-view.ts";
import { TypingForm, type TypingHooks } from "./typing-form.ts";
import { Ways } from "./ways.ts";

declare const BREAKGLASS_VERSION: string;

const TITLES: Readonly<Record<Purpose, string>> = {
  recover: "Recover the password",
  check: "Check one slip",
};

const assembly = new Assembly();
let chosen: string | undefined;
let purpose: Purpose = "recover";
let outcome: Outcome = { kind: "waiting" };

const live = byId("announce", HTMLElement);
const sets = byId("sets", HTMLElement);
const slips = byId("slips", HTMLElement);
const give = byId("give", HTMLElement);
const more = byId("more", HTMLElement);
const news = byId("news", HTMLElement);

function announce(text: string): void {
  live.textContent = text;
}

const password = new PasswordView(
  byId("password", HTMLElement),
  byId("password-body", HTMLElement),
  announce,
  (set) => {
    chosen = set;
    judge();
  },
);

const intake = new Intake(assembly, news, {
  purpose: (): Purpose => purpose,
  announce,
  added: judge,
});

const hooks: TypingHooks = {
  sets: () => (purpose === "recover" ? assembly.sets : []),
  wantSpare: () => purpose === "check",
  done: (reading) => {
    intake.begin();
    typing.reset();
    intake.slip(reading, true);
    if (outcome.kind === "waiting" && purpose === "recover") typing.focus();
  },
  text: (text) => {
    intake.begin();
    intake.text(text);
  },
  announce,
};
const typing = new TypingForm(byId("typing", HTMLElement), hooks);

const ways = new Ways(intake, typing);

/** Sees what the slips come to, and shows it. */
function judge(): void {
  outcome = outcomeOf(assembly, chosen);
  showSets(sets, assembly.sets);
  password.show(outcome);
  showGive(outcome.kind !== "recovered");
}

/** With a password at hand nothing more needs to be given, though it may. */
function showGive(shown: boolean): void {
  give.hidden = !shown;
  more.hidden = shown;
  if (!shown) ways.pause();
}

function setPurpose(wanted: Purpose): void {
  purpose = wanted;
  byId("title", HTMLElement).textContent = TITLES[wanted];
  document.title = `${TITLES[wanted]} - breakglass`;
  document.body.dataset["purpose"] = wanted;
  slips.hidden = wanted === "check";
  news.replaceChildren();
  typing.refresh();
  if (wanted === "recover") judge();
  else {
    password.wipe();
    showGive(true);
  }
}

/** Overwrites and takes off the page whatever was given, and what came of it. */
function wipe(): void {
  chosen = undefined;
  outcome = { kind: "waiting" };
  assembly.wipe();
  password.wipe();
  typing.reset();
  ways.wipe();
  news.replaceChildren();
  live.replaceChildren();
  showSets(sets, []);
  showGive(true);
}

for (const radio of document.querySelectorAll<HTMLInputElement>("input[name=purpose]"))
  radio.addEventListener("change", () => setPurpose(radio.value === "check" ? "check" : "recover"));

more.addEventListener("click", () => {
  showGive(true);
  focusOn(byId("give-title", HTMLElement));
});

byId("wipe", HTMLElement).addEventListener("click", () => {
  if (
    assembly.sets.length > 0 &&
    !window.confirm("Take every slip and the password off this page?")
  )
    return;
  wipe();
  announce("Everything was wiped.");
  focusOn(byId("title", HTMLElement));
});

// Whoever leaves by mistake while slips are being gathered, or with the password still on the
// clipboard, is asked first. The clipboard is emptied at once, for a page that is gone can't.
window.addEventListener("beforeunload", (event) => {
  const isGathering = assembly.sets.length > 0 && outcome.kind === "waiting";
  if (isGathering || password.isLent) event.preventDefault();
  password.takeBack();
});
// The browser may keep a page that was left, and show it again: nothing is to be on it then.
window.addEventListener("pagehide", wipe);

// What nobody expected is said too: a page that does nothing is worse at night than one that fails.
for (const kind of ["error", "unhandledrejection"])
  window.addEventListener(kind, () =>
    intake.tell(
      notice(
        "fault",
        "Something went wrong in this page.",
        "Go on in another way, such as typing; if it happens again, reload the page, or recover by hand.",
      ),
    ),
  );

byId("edition", HTMLElement).textContent =
  `breakglass ${BREAKGLASS_VERSION}, slip format ${VERSION}`;
showSets(sets, []);
byId("too-old", HTMLElement).remove();
byId("app", HTMLElement).hidden = false;
