// The desk's socket. Events are gathered for 100 ms and applied together: on a busy floor the list is drawn ten times a
// second at most, whatever arrives.
import { type Ears, keepAwake, Line, type Socket, type Status } from "../shared/line";
import { type DeskEvent, type DeskFrame, PROTOCOL } from "../shared/wire";

const GATHER = 100;

export interface LiveEars {
  /** Events in the order in which they came. */
  heard(events: DeskEvent[]): void;
  changed(status: Status): void;
  /** False when the session is over. */
  signedIn(): Promise<boolean>;
}

export class Live implements Ears<DeskEvent> {
  private readonly line: Line<DeskFrame, DeskEvent>;
  private gathered: DeskEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    url: string,
    private readonly ears: LiveEars,
    dial?: (url: string) => Socket,
  ) {
    this.line = new Line<DeskFrame, DeskEvent>(url, this, dial);
  }

  start(): void {
    this.line.start();
  }

  stop(): void {
    this.line.stop();
    this.flush();
  }

  send(frame: DeskFrame): void {
    this.line.send(frame);
  }

  /** Ties the line to the page's own life; once. */
  keepAwake(): void {
    keepAwake(this.line);
  }

  opened(): void {
    this.line.send({ type: "hello", v: PROTOCOL });
  }

  changed(status: Status): void {
    this.ears.changed(status);
  }

  mayRetry(): Promise<boolean> {
    return this.ears.signedIn();
  }

  received(event: DeskEvent): void {
    if (event.type === "pong") return;
    if (event.type === "welcome") this.line.ready();
    this.gathered.push(event);
    this.timer ??= setTimeout(() => this.flush(), GATHER);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const events = this.gathered;
    this.gathered = [];
    if (events.length) this.ears.heard(events);
  }
}
