// Stand-ins for the browser: a socket the test plays the server of, and a storage that can be broken.
import { vi } from "vitest";
import type { Socket } from "../src/shared/line";
import type { DeskEvent, MessageView, Welcome, WidgetEvent } from "../src/shared/wire";

export class FakeSocket implements Socket {
  static all: FakeSocket[] = [];
  readyState: Socket["readyState"] = 0;
  sent: Record<string, unknown>[] = [];
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  onerror: Socket["onerror"] = null;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    return FakeSocket.all.at(-1)!;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.call(this as unknown as WebSocket, new Event("open"));
  }

  /** The server or the network cuts the line. */
  cut(): void {
    this.readyState = 3;
    this.onclose?.call(this as unknown as WebSocket, new Event("close") as CloseEvent);
  }

  says(event: WidgetEvent | DeskEvent): void {
    this.onmessage?.call(this as unknown as WebSocket, { data: JSON.stringify(event) } as MessageEvent);
  }

  types(): unknown[] {
    return this.sent.map((frame) => frame.type);
  }
}

export const dial = (url: string): Socket => new FakeSocket(url);

export function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    clear: () => values.clear(),
    getItem: (key) => values.get(key) ?? null,
    key: (at) => [...values.keys()][at] ?? null,
    removeItem: (key) => void values.delete(key),
    setItem: (key, value) => void values.set(key, value),
  };
}

export function brokenStorage(): Storage {
  throw new DOMException("The operation is insecure.", "SecurityError");
}

export function row(seq: number, change: Partial<MessageView> = {}): MessageView {
  return {
    conversation: "c1",
    seq,
    cid: `server-${seq}`,
    author: "bot",
    author_name: "",
    kind: "text",
    text: `row ${seq}`,
    blocks: null,
    buttons: [],
    source: null,
    files: [],
    at: "2026-11-23T10:00:00+00:00",
    mark: null,
    ...change,
  };
}

export function welcome(change: Partial<Welcome> = {}): Welcome {
  return {
    type: "welcome",
    v: 1,
    token: null,
    conversation: "c1",
    lang: "en",
    last_seq: 0,
    reset: false,
    greeting: "Hello!",
    suggestions: [],
    ...change,
  };
}

export function startClock(): void {
  vi.useFakeTimers({ now: new Date("2026-11-23T10:00:00Z") });
  FakeSocket.all = [];
}
