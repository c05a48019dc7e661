import { among, recorderOf } from "../system/recorder.ts";
import { ancestors, programs, type Surroundings } from "../system/surroundings.ts";
import { fine, notLookedFor, type Finding } from "./finding.ts";

/** Who else could see this session, or keep what it shows. */
export function sessionFindings(here: Surroundings): Finding[] {
  return [remote(here), multiplexer(here), recording(here), clipboard(here)];
}

/** Programs by their names in /proc, of which Linux keeps 15 characters. */
const REMOTE = [
  ...["sshd", "sshd-session", "mosh-server", "telnetd", "in.telnetd", "xrdp", "xrdp-sesman"],
  ...["Xvnc", "Xtigervnc", "x11vnc", "x0vncserver", "wayvnc", "krfb", "vino-server"],
  ...["gnome-remote-de", "anydesk", "teamviewerd", "rustdesk", "sunshine", "chrome-remote-d"],
] as const;
/** Of these one that runs at all is enough; a server for SSH may run for others. */
const SHARES_THE_SCREEN = REMOTE.slice(REMOTE.indexOf("Xvnc"));
const MULTIPLEXERS = ["tmux: server", "tmux", "screen", "zellij", "dtach", "abduco"];
const SCREEN_RECORDERS = ["obs", "simplescreenrec", "kazam", "wf-recorder", "recordmydesktop"];
/** Klipper runs within Plasma's shell. */
const CLIPBOARDS = [
  ...["copyq", "parcellite", "clipit", "gpaste-daemon", "klipper", "plasmashell", "diodon"],
  ...["greenclip", "xfce4-clipman", "clipman", "cliphist", "clipmenud", "wl-clip-persist"],
];

function remote(here: Surroundings): Finding {
  const topic = "remote session";
  const { env } = here;
  const variable = ["SSH_CONNECTION", "SSH_TTY", "XRDP_SESSION"].find((name) => env[name]);
  const desk = env["SESSIONNAME"]?.startsWith("RDP-") === true ? "remote desktop" : undefined;
  const by =
    among(ancestors(here), REMOTE) ?? among(programs(here), SHARES_THE_SCREEN) ?? variable ?? desk;
  if (by === undefined)
    return here.platform === "linux"
      ? fine(topic, "no remote session")
      : { ...notLookedFor(topic), found: "no remote shell, remote desktop not looked for" };
  return {
    ...{ topic, verdict: "settle", found: `REMOTE session (${by})` },
    means: "what is shown and typed here crosses a network, and another computer sees it",
    todo: "sit down at the computer itself, and stop what shares its screen",
  };
}

function multiplexer(here: Surroundings): Finding {
  const topic = "multiplexer";
  const variable = ["TMUX", "STY", "ZELLIJ"].find((name) => here.env[name]);
  const by = among(ancestors(here), MULTIPLEXERS) ?? variable;
  if (by === undefined) return fine(topic, "no multiplexer");
  return {
    ...{ topic, verdict: "settle", found: `MULTIPLEXER (${by})` },
    means: "it keeps what was on the screen in a memory of its own, and others may attach to it",
    todo: "leave it, and work in a plain terminal",
  };
}

function recording(here: Surroundings): Finding {
  const topic = "recording";
  if (here.platform !== "linux") return notLookedFor(topic);
  const by = recorderOf(here) ?? among(programs(here), SCREEN_RECORDERS);
  if (by === undefined) return fine(topic, "no recording");
  return {
    ...{ topic, verdict: "settle", found: `RECORDED (${by})` },
    means: "everything that is shown here, the password too, goes into a file",
    todo: "end the recording, and delete what it has of any secret",
  };
}

function clipboard(here: Surroundings): Finding {
  const topic = "clipboard manager";
  if (here.platform !== "linux") return notLookedFor(topic);
  const by = among(programs(here), CLIPBOARDS);
  if (by === undefined) return fine(topic, "no clipboard manager");
  return {
    ...{ topic, verdict: "settle", found: `clipboard manager (${by})` },
    means: "what is copied is kept, often in a file",
    todo: `${by === "plasmashell" ? "switch Klipper off in its system tray" : `stop ${by}`}, or copy no password`,
  };
}
