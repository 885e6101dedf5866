// A WebSocket that comes back by itself: backoff with jitter, a heartbeat, and a look at the line when the page wakes.
import { backoff } from "./backoff";

/** `connecting` is the first try; after a loss the line stays `offline` until the server has said welcome again. */
export type Status = "idle" | "connecting" | "online" | "offline";

/** The part of WebSocket that a line needs, so that tests can hand in their own. */
export type Socket = Pick<
  WebSocket,
  "readyState" | "send" | "close" | "onopen" | "onmessage" | "onclose" | "onerror"
>;

export interface Ears<In> {
  opened(): void;
  received(event: In): void;
  changed(status: Status): void;
  /** Asked before each repeated try; false gives up (the desk: nobody is signed in any more). */
  mayRetry?(): Promise<boolean>;
}

/** A quiet line is asked for a sign of life every 25 s and given up after 8 s of silence: a dead socket on a phone
 * looks open for minutes. */
const BEAT = 25_000;
const DEAF = 8_000;

export class Line<Out extends { type: string }, In extends { type: string }> {
  status: Status = "idle";
  private socket: Socket | null = null;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private beat: ReturnType<typeof setInterval> | undefined;
  private deaf: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly url: string,
    private readonly ears: Ears<In>,
    private readonly dial: (url: string) => Socket = (address) => new WebSocket(address),
  ) {}

  start(): void {
    if (this.status !== "idle") return;
    this.beat = setInterval(() => this.check(), BEAT);
    this.turn("connecting");
    this.connect();
  }

  stop(): void {
    clearInterval(this.beat);
    this.hangUp();
    this.turn("idle");
  }

  /** True when the frame was given to an open socket; arrival is only proved by the server's answer. */
  send(frame: Out): boolean {
    if (this.socket?.readyState !== 1) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** The server said welcome: only now is the line good and the backoff forgotten. */
  ready(): void {
    this.tries = 0;
    this.turn("online");
  }

  /** Drops the socket and dials at once: after a gap, or when an answer is overdue. */
  again(): void {
    if (this.status === "idle") return;
    this.hangUp();
    this.connect();
  }

  /** The page is looked at again, or the network is back: no reason to wait for the timer. */
  wake(): void {
    if (this.status === "online") this.check();
    else if (this.status === "offline") {
      this.tries = 0;
      this.connect();
    }
  }

  /** The network is known to be gone. */
  lost(): void {
    if (this.status === "idle") return;
    this.hangUp();
    this.later();
  }

  private connect(): void {
    clearTimeout(this.timer);
    if (this.socket) return;
    const socket = this.dial(this.url);
    this.socket = socket;
    this.listen();
    socket.onopen = () => this.ears.opened();
    socket.onmessage = (event) => {
      clearTimeout(this.deaf);
      this.ears.received(JSON.parse(event.data as string) as In);
    };
    socket.onclose = () => {
      if (socket !== this.socket) return;
      this.hangUp();
      this.later();
    };
  }

  private later(): void {
    this.turn("offline");
    this.timer = setTimeout(() => void this.retry(), backoff(this.tries));
    this.tries += 1;
  }

  private async retry(): Promise<void> {
    const may = (await this.ears.mayRetry?.()) ?? true;
    if (may && this.status === "offline") this.connect();
  }

  private check(): void {
    if (this.status === "online" && this.send({ type: "ping" } as Out)) this.listen();
  }

  private listen(): void {
    clearTimeout(this.deaf);
    this.deaf = setTimeout(() => this.lost(), DEAF);
  }

  private hangUp(): void {
    clearTimeout(this.timer);
    clearTimeout(this.deaf);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private turn(status: Status): void {
    if (status === this.status) return;
    this.status = status;
    this.ears.changed(status);
  }
}

/** Wakes the line when the page is seen again (phones cut sockets of hidden pages), restored or back on the network. */
export function keepAwake(line: Pick<Line<{ type: string }, { type: string }>, "wake" | "lost">): void {
  const wake = () => {
    if (!document.hidden) line.wake();
  };
  document.addEventListener("visibilitychange", wake);
  addEventListener("pageshow", wake);
  addEventListener("online", wake);
  addEventListener("offline", () => line.lost());
}
