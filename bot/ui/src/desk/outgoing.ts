// Replies and closings that can still be taken back: held in the browser for a moment, kept over a reload, then sent.
import { signal } from "@preact/signals";
import { newCid } from "../shared/cid";
import type { Keep } from "../shared/keep";
import type { FileView, SaidView, SayBody, TicketView } from "../shared/wire";
import { ApiError, textOf } from "./api";

export const SEND_AFTER = 3_000;
export const CLOSE_AFTER = 5_000;

/** `held` can be undone until `due`; `sent` = stored, its row not seen yet. */
export interface Reply {
  cid: string;
  /** Whose words these are: another person at this browser never sends them. */
  by: string;
  ticket: string;
  conversation: string;
  text: string;
  files: FileView[];
  /** Whose words these are made of; empty or absent for the operator's own. */
  article?: string;
  due: number;
  state: "held" | "sending" | "sent" | "failed";
  note: string;
}

export interface Closing {
  by: string;
  ticket: string;
  number: number;
  outcome: "solved" | "unsolved";
  tags: string[];
  /** The last row that was on the screen: newer words of the customer are not closed over. */
  seen: number;
  due: number;
}

/** Where things go when their moment has come. */
export interface Ways {
  say(ticket: string, body: SayBody): Promise<SaidView>;
  farewell(ticket: string, body: SayBody): void;
  close(ticket: string, body: { outcome: Closing["outcome"]; tags: string[]; seen: number }): Promise<TicketView>;
  /** A closing that the server refused, with its words. */
  refused(closing: Closing, text: string): void;
  closed(ticket: TicketView): void;
}

const SAY = "desk.say.";
const CLOSE = "desk.close.";

export class Outgoing {
  readonly replies = signal<readonly Reply[]>([]);
  readonly closings = signal<readonly Closing[]>([]);
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** One reply after the other per ticket, so that they arrive in the order in which they were written. */
  private readonly lines = new Map<string, Promise<void>>();

  constructor(
    private readonly keep: Keep,
    private readonly me: () => string,
    private readonly ways: Ways,
  ) {}

  /** Takes up what an earlier page left: what was due goes now, under the same cid. */
  load(now: number): void {
    const replies = this.kept<Reply>(SAY).sort((a, b) => a.due - b.due);
    this.replies.value = replies.map((one) => ({ ...one, state: "held" as const, note: "" }));
    this.closings.value = this.kept<Closing>(CLOSE);
    for (const { cid, due } of replies) this.later(cid, due - now, () => this.deliver(cid));
    for (const { ticket, due } of this.closings.value) this.later(ticket, due - now, () => this.finish(ticket));
  }

  say(ticket: Pick<TicketView, "id" | "conversation">, text: string, files: FileView[], now: number, article = ""): Reply {
    const due = now + SEND_AFTER;
    const { id, conversation } = ticket;
    const reply: Reply = { cid: newCid(), by: this.me(), ticket: id, conversation, text, files, article, due, state: "held", note: "" };
    this.keep.set(SAY + reply.cid, JSON.stringify(reply));
    this.replies.value = [...this.replies.value, reply];
    this.later(reply.cid, SEND_AFTER, () => this.deliver(reply.cid));
    return reply;
  }

  /** Takes a reply back while it is held or has failed; undefined when it is too late. */
  undo(cid: string): Reply | undefined {
    const reply = this.replies.value.find((one) => one.cid === cid && (one.state === "held" || one.state === "failed"));
    if (reply) this.drop(cid);
    return reply;
  }

  /** The last reply that can still be taken back, for the key. */
  last(conversation: string): Reply | undefined {
    return this.replies.value.findLast((one) => one.conversation === conversation && one.state === "held");
  }

  retry(cid: string): Promise<void> {
    return this.deliver(cid);
  }

  /** Before a ticket is passed on, what was written for it leaves without waiting. */
  async flush(ticket: string): Promise<void> {
    const held = this.replies.value.filter((one) => one.ticket === ticket && one.state === "held");
    for (const { cid } of held) void this.deliver(cid);
    await this.lines.get(ticket);
  }

  /** Rows have arrived: what they echo is no longer ours to show. */
  settle(cids: ReadonlySet<string>): void {
    for (const { cid } of this.replies.value) if (cids.has(cid)) this.drop(cid);
  }

  close(ticket: TicketView, outcome: Closing["outcome"], tags: string[], now: number): void {
    const closing: Closing = { by: this.me(), ticket: ticket.id, number: ticket.number, outcome, tags, seen: ticket.last_seq, due: now + CLOSE_AFTER };
    this.keep.set(CLOSE + ticket.id, JSON.stringify(closing));
    this.closings.value = [...this.closings.value.filter((one) => one.ticket !== ticket.id), closing];
    this.later(ticket.id, CLOSE_AFTER, () => this.finish(ticket.id));
  }

  undoClose(ticket: string): void {
    clearTimeout(this.timers.get(ticket));
    this.keep.drop(CLOSE + ticket);
    this.closings.value = this.closings.value.filter((one) => one.ticket !== ticket);
  }

  /** The page goes: whatever is held is handed to the browser, and kept until its row is seen. */
  depart(): void {
    for (const { ticket, state, ...reply } of this.replies.value)
      if (state === "held") this.ways.farewell(ticket, body(reply));
  }

  /** Nobody's any more: another person sits down at this browser. */
  forget(): void {
    for (const { cid } of this.replies.value) this.drop(cid);
    for (const { ticket } of this.closings.value) this.undoClose(ticket);
  }

  private deliver(cid: string): Promise<void> {
    const reply = this.replies.value.find((one) => one.cid === cid);
    if (!reply || reply.state === "sending" || reply.state === "sent") return Promise.resolve();
    clearTimeout(this.timers.get(cid));
    this.change(cid, { state: "sending", note: "" });
    const before = this.lines.get(reply.ticket) ?? Promise.resolve();
    const turn = before.then(() => this.hand(reply));
    this.lines.set(reply.ticket, turn);
    return turn;
  }

  private async hand(reply: Reply): Promise<void> {
    try {
      await this.ways.say(reply.ticket, body(reply));
      this.keep.drop(SAY + reply.cid);
      this.change(reply.cid, { state: "sent" });
    } catch (error) {
      // Signed out: it stays kept as it is, and goes when the operator is back.
      const gone = error instanceof ApiError && error.status === 401;
      this.change(reply.cid, { state: "failed", note: gone ? "" : textOf(error) });
    }
  }

  private async finish(ticket: string): Promise<void> {
    const closing = this.closings.value.find((one) => one.ticket === ticket);
    if (!closing) return;
    await this.flush(ticket);
    this.undoClose(ticket);
    try {
      this.ways.closed(await this.ways.close(ticket, { outcome: closing.outcome, tags: closing.tags, seen: closing.seen }));
    } catch (error) {
      this.ways.refused(closing, textOf(error));
    }
  }

  private later(key: string, wait: number, act: () => Promise<void>): void {
    clearTimeout(this.timers.get(key));
    this.timers.set(key, setTimeout(() => void act(), Math.max(0, wait)));
  }

  private drop(cid: string): void {
    clearTimeout(this.timers.get(cid));
    this.keep.drop(SAY + cid);
    this.replies.value = this.replies.value.filter((one) => one.cid !== cid);
  }

  private change(cid: string, change: Partial<Reply>): void {
    this.replies.value = this.replies.value.map((one) => (one.cid === cid ? { ...one, ...change } : one));
  }

  private kept<Kept extends { by: string }>(head: string): Kept[] {
    return this.keep.keys(head).flatMap((key) => {
      try {
        const kept = JSON.parse(this.keep.get(key) ?? "") as Kept;
        return kept.by === this.me() ? [kept] : [];
      } catch {
        return [];
      }
    });
  }
}

const body = ({ cid, text, files, article = "" }: Pick<Reply, "cid" | "text" | "files" | "article">): SayBody => ({
  cid,
  text,
  files: files.map(({ id }) => id),
  ...(article && { article }),
});
