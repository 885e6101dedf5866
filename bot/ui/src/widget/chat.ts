// The customer's side of a conversation without any drawing: the line, the rows, what is still on its way.
import { newCid } from "../shared/cid";
import type { Keep } from "../shared/keep";
import { type Ears, Line, type Status } from "../shared/line";
import { type Item, Outbox, type Outgoing } from "../shared/outbox";
import { Rows } from "../shared/rows";
import type { FileView, Hello, Lang, MessageView, Refused, SomeoneTyping, State, Welcome, WidgetEvent, WidgetFrame } from "../shared/wire";
import { PROTOCOL, TYPING_TEXT_MAX } from "../shared/wire";

/** No acknowledgement for so long: the line is suspect, dial again; after three times the message has failed. */
const OVERDUE = 8_000;
const TRIES = 3;
/** A typing mark without a successor goes out by itself; our own is told when it begins and at every pause. */
const TYPING_LASTS = 6_000;
const TYPING_EVERY = 2_500;
const TYPING_PAUSE = 600;

export interface Page {
  url: string;
  title: string;
}

/** Something the customer must know now; `until` in milliseconds when there is something to wait for. */
export interface Notice {
  text: string;
  until: number;
}

/** Attachments and other things that most talks do without: a chunk of its own, fetched at its first use. */
export type Extra = typeof import("./extra");

type Dial = ConstructorParameters<typeof Line<WidgetFrame, WidgetEvent>>[2];

export class Chat implements Ears<WidgetEvent> {
  readonly rows = new Rows<MessageView>();
  readonly outbox: Outbox;
  readonly line: Line<WidgetFrame, WidgetEvent>;
  page: Page = { url: "", title: "" };
  holder: State = { type: "state", holder: "bot", operator: null, position: null };
  greeting = "";
  suggestions: string[] = [];
  typing: SomeoneTyping | null = null;
  notice: Notice | null = null;
  outdated = false;
  extra: Extra | null = null;
  /** Uploaded files that leave with the next message, and how many are still on their way up. */
  files: FileView[] = [];
  uploading = 0;
  /** The customer reads far above the end: what comes now is not on their screen. */
  away = false;
  /** Rows up to this one were on the customer's screen. */
  read: number;
  /** The last rows from the other side that came while we watched, for people who listen to the screen. */
  heard: MessageView[] = [];
  private conversation = "";
  private history = 0;
  private tries = 0;
  private told = 0;
  private overdue: ReturnType<typeof setTimeout> | undefined;
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(
    url: string,
    readonly keep: Keep,
    public lang: Lang,
    readonly redraw: () => void,
    /** A refused text comes back; false when the composer holds other words already. */
    private readonly giveBack: (text: string) => boolean,
    dial?: Dial,
  ) {
    this.outbox = new Outbox(keep);
    this.outbox.load(Date.now());
    this.read = Number(keep.get("read")) || 0;
    this.line = new Line<WidgetFrame, WidgetEvent>(url, this, dial);
  }

  get status(): Status {
    return this.line.status;
  }

  /** Rows of the other side that the customer has not seen. */
  get unread(): number {
    return this.rows.list.filter((row) => row.author !== "customer" && row.seq > this.read).length;
  }

  say(text: string): void {
    this.notice = null;
    clearTimeout(this.pause);
    const files = this.files.map(({ id }) => id);
    this.extra?.sent(this);
    this.deliver({ type: "message", cid: newCid(), text, ...(files.length && { files }) });
  }

  /** Fetches the rarely used parts; `then` is called with them, every time. */
  need(then?: (extra: Extra) => void): void {
    import("./extra")
      .then(
        (extra) => {
          this.extra = extra;
          then?.(extra);
        },
        // Without a network there is nothing to fetch them from; the banner says so already.
        () => {},
      )
      .then(this.redraw);
  }

  press(row: MessageView, button: string): void {
    this.deliver({ type: "press", cid: newCid(), seq: row.seq, button });
  }

  askPerson(): void {
    this.deliver({ type: "person", cid: newCid() });
  }

  retry(item: Item): void {
    this.outbox.retry(item.frame.cid);
    this.transmit(item.frame);
  }

  /** The customer is typing; only a person wants to know, and only who answers sees the words. */
  types(text: string): void {
    const { holder } = this.holder;
    clearTimeout(this.pause);
    if (holder === "bot") return;
    const tell = () => {
      this.told = Date.now();
      this.line.send({ type: "typing", text: holder === "operator" ? text.slice(0, TYPING_TEXT_MAX) : "" });
    };
    if (Date.now() - this.told > TYPING_EVERY) tell();
    else this.pause = setTimeout(tell, TYPING_PAUSE);
  }

  speak(lang: Lang): void {
    this.lang = lang;
    this.keep.set("lang", lang);
    this.line.send({ type: "lang", lang });
    this.redraw();
  }

  /** Everything here is on the screen now, unless the customer reads above. */
  seen(): void {
    if (this.away || this.rows.cursor <= this.read) return;
    this.read = this.rows.cursor;
    this.keep.set("read", String(this.read));
    this.tellRead();
  }

  opened(): void {
    const hello: Hello = {
      type: "hello",
      v: PROTOCOL,
      token: this.keep.get("token"),
      after: this.rows.cursor,
      lang: this.lang,
      page_url: this.page.url.slice(0, 500),
      page_title: this.page.title.slice(0, 200),
    };
    this.line.send(hello);
  }

  changed(_: Status): void {
    this.redraw();
  }

  received(event: WidgetEvent): void {
    switch (event.type) {
      case "welcome":
        this.welcomed(event);
        break;
      case "messages":
        this.arrived(event.messages);
        break;
      case "marked":
        this.rows.change(event.seq, { mark: event.mark });
        break;
      case "ack":
        this.tries = 0;
        this.outbox.acked(event.cid, event.seq);
        this.settle([]);
        break;
      case "refused":
        this.refused(event);
        break;
      case "state":
        this.holder = event;
        break;
      case "typing":
        this.someoneTypes(event);
        break;
      case "reload":
        this.outdated = true;
        this.line.stop();
        break;
      case "error":
        this.notice = { text: event.text, until: 0 };
        break;
      case "pong":
        return;
    }
    this.redraw();
  }

  private welcomed(welcome: Welcome): void {
    const moved = this.conversation && welcome.conversation && this.conversation !== welcome.conversation;
    if (welcome.reset || moved) this.rows.reset();
    if (this.rows.cursor === 0) this.history = welcome.last_seq;
    // A read mark from another life would hide what is new in this one.
    if (this.read > welcome.last_seq) this.read = welcome.last_seq;
    if (welcome.token) this.keep.set("token", welcome.token);
    this.conversation = welcome.conversation || this.conversation;
    this.greeting = welcome.greeting;
    this.suggestions = welcome.suggestions;
    if (this.status !== "online") this.notice = null;
    this.line.ready();
    this.tellRead();
    for (const { frame } of this.outbox.waiting()) this.transmit(frame);
  }

  private tellRead(): void {
    if (this.read) this.line.send({ type: "read", seq: this.read });
  }

  private arrived(messages: MessageView[]): void {
    const { fresh, gap } = this.rows.take(messages);
    this.settle(fresh);
    if (fresh.some(wantsExtra)) this.need();
    const theirs = fresh.filter((row) => row.author !== "customer");
    if (theirs.length) this.typing = null;
    // What was said before this page was opened is read on the screen, not announced.
    const news = theirs.filter((row) => row.seq > this.history);
    if (news.length) this.heard = news;
    if (gap) this.line.again();
  }

  private refused({ cid, code, text, retry_after }: Refused): void {
    const item = this.outbox.drop(cid);
    if (!item) return;
    this.notice = { text, until: retry_after ? Date.now() + retry_after * 1000 : 0 };
    const { frame } = item;
    if (frame.type !== "message" || code === "already_rated") return;
    // Words go back into the composer; with files they stay a message, to be sent again.
    if (!frame.files && this.giveBack(frame.text)) return;
    this.outbox.add(frame, item.at);
    this.outbox.failed(cid, text);
  }

  private someoneTypes(event: SomeoneTyping): void {
    this.typing = event;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      this.typing = null;
      this.redraw();
    }, TYPING_LASTS);
  }

  /** Kept, then sent; what a page before this one could not send goes first. */
  deliver(frame: Outgoing): void {
    this.outbox.add(frame, Date.now());
    this.transmit(frame);
    this.redraw();
  }

  private transmit(frame: Outgoing): void {
    if (this.status === "online" && this.line.send(frame)) this.watch();
  }

  private settle(fresh: MessageView[]): void {
    this.outbox.settle(new Set(fresh.map((row) => row.cid)), this.rows.cursor);
    clearTimeout(this.overdue);
    if (this.outbox.waiting().length) this.watch();
  }

  private watch(): void {
    clearTimeout(this.overdue);
    this.overdue = setTimeout(() => this.late(), OVERDUE);
  }

  private late(): void {
    if (this.status !== "online") return;
    this.tries += 1;
    if (this.tries < TRIES) return this.line.again();
    this.tries = 0;
    for (const item of this.outbox.waiting()) this.outbox.failed(item.frame.cid, "");
    this.redraw();
  }
}

function wantsExtra({ files, kind, source }: MessageView): boolean {
  return source !== null || files.length > 0 || /request|handoff/.test(kind);
}
