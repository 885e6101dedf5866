// What the customer did that the server has not stored yet; survives a reload, each item under a key of its own so that
// two tabs never overwrite each other.
import type { Keep } from "./keep";
import type { AskPerson, MarkAnswer, PressButton, SendMessage } from "./wire";

export type Outgoing = SendMessage | PressButton | AskPerson | MarkAnswer;

/** `sent` = acknowledged, its row not seen yet; `note` says why an item failed. */
export interface Item {
  readonly frame: Outgoing;
  readonly at: number;
  readonly state: "sending" | "sent" | "failed";
  readonly note: string;
  readonly seq: number;
}

const HEAD = "out.";
/** Yesterday's unsent words do not leave by themselves: the customer decides. */
const STALE = 24 * 60 * 60 * 1000;

export class Outbox {
  items: readonly Item[] = [];

  constructor(private readonly keep: Keep) {}

  /** Takes up what an earlier page left; `now` in milliseconds. */
  load(now: number): void {
    const found = this.keep.keys(HEAD).flatMap((key) => parse(this.keep.get(key)));
    this.items = found
      .map((item): Item => (now - item.at > STALE ? { ...item, state: "failed" } : item))
      .sort((a, b) => a.at - b.at);
  }

  /** Kept before it is sent, so that a crash between the two loses nothing. */
  add(frame: Outgoing, now: number): Item {
    const item: Item = { frame, at: now, state: "sending", note: "", seq: 0 };
    this.keep.set(HEAD + frame.cid, JSON.stringify(item));
    this.items = [...this.items, item];
    return item;
  }

  waiting(): Item[] {
    return this.items.filter((item) => item.state === "sending");
  }

  acked(cid: string, seq: number): void {
    this.keep.drop(HEAD + cid);
    this.change(cid, { state: "sent", seq, note: "" });
  }

  failed(cid: string, note: string): void {
    this.change(cid, { state: "failed", note });
  }

  /** The same cid again: if the first try did arrive after all, the server stores it once. */
  retry(cid: string): void {
    this.change(cid, { state: "sending", note: "" });
  }

  drop(cid: string): Item | undefined {
    this.keep.drop(HEAD + cid);
    const gone = this.items.find((item) => item.frame.cid === cid);
    this.items = this.items.filter((item) => item !== gone);
    return gone;
  }

  /** Rows arrived: what they echo, or what was acknowledged up to `cursor`, is no longer ours to show. */
  settle(cids: ReadonlySet<string>, cursor: number): void {
    for (const item of this.items) {
      const shown = item.state === "sent" && item.seq <= cursor;
      if (shown || cids.has(item.frame.cid)) this.drop(item.frame.cid);
    }
  }

  private change(cid: string, change: Partial<Item>): void {
    this.items = this.items.map((item) => (item.frame.cid === cid ? { ...item, ...change } : item));
  }
}

function parse(text: string | null): Item[] {
  try {
    const item = JSON.parse(text ?? "null") as Item | null;
    return item?.frame.cid ? [item] : [];
  } catch {
    return [];
  }
}
