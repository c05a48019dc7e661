import { scanPixels } from "../scan/scan.ts";
import { byId } from "./dom.ts";
import { engines } from "./engines.ts";
import { pixelsOf } from "./file-slips.ts";

/** Between two looks, so that the page stays usable on a slow computer. */
const PAUSE_MS = 80;
/** A frame is looked at in at most this width. */
const WIDTH_MAX = 1600;

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
  readonly #events: CameraEvents;
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
    this.#texts.clear();
  }

  async #look(turn: number): Promise<void> {
    const readers = await engines("zxing");
    while (turn === this.#turn) {
      const { videoWidth, videoHeight } = this.#view;
      const scale = Math.min(1, WIDTH_MAX / videoWidth);
      const texts =
        videoWidth > 0
          ? await scanPixels(
              pixelsOf(this.#view, Math.floor(videoWidth * scale), Math.floor(videoHeight * scale)),
              readers,
              "glance",
            )
          : [];
      for (const text of texts) {
        if (turn !== this.#turn) break;
        if (this.#texts.has(text)) continue;
        this.#texts.add(text);
        this.#events.seen(text);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
