import { byId } from "./dom.ts";
import { pixelsOf } from "./find.ts";
import { Scanner } from "./scanner.ts";

/** Between two looks, so that the page stays usable on a slow computer. */
const PAUSE_MS = 80;
/** A frame is looked at in at most this width. */
const WIDTH_MAX = 1600;
/** As long as nothing is seen, every so often a frame is looked at in all ways that there are. */
const THOROUGH_EVERY_MS = 2500;
/** After so long without a code it is said what may help. */
const ADVISE_AFTER_MS = 5000;

const ADVICE =
  "Nothing is read yet. Hold the slip closer or further away, with the whole QR code in the picture, still, flat, and in more light without a shine on it.";

/** What the camera tells. */
export interface CameraEvents {
  /** A text was seen that was not seen since the camera was started. */
  readonly seen: (text: string) => void;
  /** There is no camera, or it is not allowed. */
  readonly refused: () => void;
}

/** The camera, looked through for QR codes until it is stopped. */
export class Camera {
  readonly #view = byId("camera-view", HTMLVideoElement);
  readonly #start = byId("camera-start", HTMLButtonElement);
  readonly #stop = byId("camera-stop", HTMLButtonElement);
  readonly #says = byId("camera-says", HTMLElement);
  readonly #events: CameraEvents;
  readonly #scanner = new Scanner();
  #stream: MediaStream | undefined;
  #texts = new Set<string>();
  /** Counts starts and stops: who was asked to start before the last stop gives up. */
  #turn = 0;

  constructor(events: CameraEvents) {
    this.#events = events;
    this.#start.addEventListener("click", () => void this.start());
    this.#stop.addEventListener("click", () => {
      this.stop();
      this.#start.focus();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.stop();
    });
  }

  /** Whether the browser lets a page opened this way ask for a camera. */
  static get offered(): boolean {
    return "mediaDevices" in navigator;
  }

  /** Asks for the camera, and looks through it. */
  async start(): Promise<void> {
    this.stop();
    const turn = this.#turn;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } },
      });
      if (turn !== this.#turn) {
        release(stream);
        return;
      }
      this.#stream = stream;
      this.#view.srcObject = stream;
      await this.#view.play();
    } catch {
      this.stop();
      this.#events.refused();
      return;
    }
    this.#view.hidden = this.#stop.hidden = false;
    this.#start.hidden = true;
    this.#stop.focus();
    this.#view.scrollIntoView({ block: "center" });
    await this.#look(turn);
  }

  /** Switches the camera off. */
  stop(): void {
    this.#turn++;
    if (this.#stream !== undefined) release(this.#stream);
    this.#stream = undefined;
    this.#view.srcObject = null;
    this.#view.hidden = this.#stop.hidden = true;
    this.#start.hidden = false;
    this.#says.replaceChildren();
    this.#texts.clear();
    this.#scanner.end();
  }

  async #look(turn: number): Promise<void> {
    let lastSeen = Date.now();
    let lastThorough = lastSeen;
    while (turn === this.#turn) {
      const now = Date.now();
      const isDue = now - Math.max(lastSeen, lastThorough) > THOROUGH_EVERY_MS;
      if (isDue) lastThorough = now;
      const texts = await this.#textsInFrame(isDue ? "thorough" : "glance");
      if (turn !== this.#turn) return;
      if (texts.length > 0) lastSeen = Date.now();
      this.#advise(Date.now() - lastSeen > ADVISE_AFTER_MS);
      for (const text of texts) {
        if (turn !== this.#turn) return;
        if (this.#texts.has(text)) continue;
        this.#texts.add(text);
        this.#events.seen(text);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** The codes that the camera sees now. A frame that can't be read is followed by another. */
  async #textsInFrame(effort: "glance" | "thorough"): Promise<string[]> {
    const { videoWidth, videoHeight } = this.#view;
    if (videoWidth === 0) return [];
    const scale = Math.min(1, WIDTH_MAX / videoWidth);
    const [width, height] = [Math.floor(videoWidth * scale), Math.floor(videoHeight * scale)];
    try {
      const pixels = pixelsOf(this.#view, width, height);
      const { texts } = await this.#scanner.ask({ kind: "pixels", pixels, effort });
      return texts.map(({ text }) => text);
    } catch {
      return [];
    }
  }

  #advise(wanted: boolean): void {
    const advice = wanted ? ADVICE : "";
    // A screen reader is told once, not at every look.
    if (this.#says.textContent !== advice) this.#says.textContent = advice;
  }
}

function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
