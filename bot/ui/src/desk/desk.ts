// What an operator can do, and what the desk does with what it hears. The only writer of store.ts.
import { batch } from "@preact/signals";
import { newCid } from "../shared/cid";
import { Rows } from "../shared/rows";
import type { CloseBody, DeskEvent, DeskMessageView, DeskWelcome, SessionView, TicketView } from "../shared/wire";
import { Api, ApiError } from "./api";
import { Live } from "./live";
import { chime } from "./sound";
import * as store from "./store";
import type { Reply } from "./store";

const TYPING_LASTS = 6_000;
const TYPING_EVERY = 2_500;

export class Desk {
  private readonly rows = new Rows<DeskMessageView>();
  private told = 0;
  private quiet: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: Api,
    private readonly live: Live,
  ) {}

  /** Is somebody signed in already? */
  async start(): Promise<void> {
    try {
      this.enter(await this.api.me());
    } catch {
      store.session.value = null;
    }
  }

  /** Raises ApiError with what to tell the operator. */
  async signIn(login: string, password: string): Promise<void> {
    this.enter(await this.api.login({ login, password }));
  }

  async signOut(): Promise<void> {
    this.live.stop();
    await this.api.logout().catch(() => null);
    this.leave(false);
  }

  /** `over`: the session ended by itself; drafts are kept either way. */
  leave(over: boolean): void {
    this.live.stop();
    batch(() => {
      store.expired.value = over && store.session.value != null;
      store.session.value = null;
      store.tickets.value = new Map();
      store.news.value = "";
      if (!over) store.replies.value = [];
    });
  }

  /** Opens a ticket; an empty id goes back to the list. */
  async select(id: string): Promise<void> {
    batch(() => {
      store.selected.value = id;
      store.detail.value = null;
      store.rows.value = [];
      store.alarm.value = "";
      store.typing.value = null;
    });
    this.rows.reset();
    if (!id) return this.live.send({ type: "unwatch" });
    if (store.session.value) await this.load(id);
  }

  async claim(): Promise<void> {
    await this.act((id) => this.api.claim(id));
  }

  async giveBack(): Promise<void> {
    await this.act((id) => this.api.giveBack(id));
  }

  async close(outcome: NonNullable<CloseBody["outcome"]>): Promise<void> {
    await this.act((id) => this.api.close(id, { outcome }));
  }

  async say(text: string): Promise<void> {
    const reply: Reply = { cid: newCid(), ticket: store.selected.value, text, state: "sending", note: "" };
    store.replies.value = [...store.replies.value, reply];
    await this.deliver(reply);
  }

  async retry(reply: Reply): Promise<void> {
    this.mark(reply.cid, { state: "sending", note: "" });
    await this.deliver(reply);
  }

  types(): void {
    const ticket = store.ticket.value;
    if (!ticket || !store.isMine.value || Date.now() - this.told < TYPING_EVERY) return;
    this.told = Date.now();
    this.live.send({ type: "typing", conversation: ticket.conversation });
  }

  heard(events: DeskEvent[]): void {
    batch(() => events.forEach((event) => this.take(event)));
  }

  private enter(session: SessionView): void {
    batch(() => {
      store.session.value = session;
      store.expired.value = false;
    });
    this.live.start();
    if (store.selected.value) void this.load(store.selected.value);
  }

  private async load(id: string): Promise<void> {
    try {
      const detail = await this.api.ticket(id);
      if (id !== store.selected.value) return;
      batch(() => {
        store.detail.value = detail;
        this.append(detail.messages);
      });
      this.watch();
    } catch (error) {
      if (id === store.selected.value && error instanceof ApiError && error.status === 404) store.detail.value = "gone";
    }
  }

  private watch(): void {
    const ticket = store.ticket.value;
    if (ticket) this.live.send({ type: "watch", conversation: ticket.conversation, after: this.rows.cursor });
  }

  private async act(call: (id: string) => Promise<TicketView>): Promise<void> {
    const id = store.selected.value;
    store.alarm.value = "";
    try {
      this.keepTicket(await call(id));
    } catch (error) {
      if (id === store.selected.value) store.alarm.value = textOf(error);
    }
  }

  private async deliver(reply: Reply): Promise<void> {
    try {
      await this.api.say(reply.ticket, { cid: reply.cid, text: reply.text });
      this.mark(reply.cid, { state: "sent" });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.backToDraft(reply);
      else this.mark(reply.cid, { state: "failed", note: textOf(error) });
    }
  }

  /** The session ended under a reply: its words wait in the composer, over a reload too. */
  private backToDraft({ cid, ticket, text }: Reply): void {
    store.setDraft(ticket, [store.draft(ticket), text].filter(Boolean).join("\n"));
    store.replies.value = store.replies.value.filter((one) => one.cid !== cid);
  }

  private mark(cid: string, change: Partial<Reply>): void {
    store.replies.value = store.replies.value.map((one) => (one.cid === cid ? { ...one, ...change } : one));
  }

  private take(event: DeskEvent): void {
    switch (event.type) {
      case "welcome":
        this.welcomed(event);
        break;
      case "ticket":
        this.ticketMoved(event.ticket);
        break;
      case "messages":
        if (event.conversation === store.ticket.value?.conversation) this.append(event.messages);
        break;
      case "typing":
        if (event.conversation === store.ticket.value?.conversation) this.someoneTypes(event);
        break;
      case "reload":
        store.outdated.value = true;
        this.live.stop();
        break;
      case "error":
        // A closed ticket cannot be watched any more; what was loaded is all there is.
        if (event.code !== "conversation_unknown") store.alarm.value = event.text;
    }
  }

  private welcomed({ tickets }: DeskWelcome): void {
    store.tickets.value = new Map(tickets.map((ticket) => [ticket.id, ticket]));
    // The ticket may have moved on while we were away, and so may its rows.
    const { selected, detail } = store;
    if (selected.value && !store.tickets.value.has(selected.value) && detail.value !== null) void this.load(selected.value);
    else this.watch();
  }

  private ticketMoved(ticket: TicketView): void {
    const fresh = ticket.status === "queued" && !store.tickets.value.has(ticket.id);
    this.keepTicket(ticket);
    if (!fresh) return;
    store.news.value = ticket.subject;
    if (store.sound.value) chime();
  }

  private keepTicket(ticket: TicketView): void {
    const next = new Map(store.tickets.value);
    if (ticket.status === "closed") next.delete(ticket.id);
    else next.set(ticket.id, ticket);
    const { detail } = store;
    batch(() => {
      store.tickets.value = next;
      if (detail.value && detail.value !== "gone" && detail.value.ticket.id === ticket.id)
        detail.value = { ...detail.value, ticket };
    });
  }

  private append(messages: DeskMessageView[]): void {
    const { fresh, gap } = this.rows.take(messages);
    store.rows.value = this.rows.list;
    const shown = new Set(fresh.map(({ cid }) => cid));
    if (store.replies.value.some(({ cid }) => shown.has(cid)))
      store.replies.value = store.replies.value.filter(({ cid }) => !shown.has(cid));
    if (fresh.length) store.typing.value = null;
    if (gap) this.watch();
  }

  private someoneTypes(event: Extract<DeskEvent, { type: "typing" }>): void {
    store.typing.value = event;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => (store.typing.value = null), TYPING_LASTS);
  }
}

function textOf(error: unknown): string {
  return error instanceof ApiError ? error.text : String(error);
}
