// Signing in, opening a conversation, hearing the socket: what the desk does with what it learns.
import { batch } from "@preact/signals";
import { Rows } from "../shared/rows";
import type { DeskEvent, DeskMessageView, DeskWelcome, SessionView, TicketDetail, TicketView } from "../shared/wire";
import { Acts } from "./acts";
import { type Api, ApiError, textOf } from "./api";
import type { Live } from "./live";
import { Outgoing, type Reply } from "./outgoing";
import { remind } from "./reminders";
import type { Place } from "./route";
import * as store from "./store";

const TYPING_LASTS = 6_000;
const TYPING_EVERY = 2_500;
const BEAT = 15_000;
const REFRESH_AFTER = 400;

export class Desk {
  readonly outgoing: Outgoing;
  readonly acts: Acts;
  private readonly rows = new Rows<DeskMessageView>();
  private older: readonly DeskMessageView[] = [];
  private loading = false;
  private told = 0;
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private stale: ReturnType<typeof setTimeout> | undefined;
  private heart: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly api: Api,
    private readonly live: Live,
  ) {
    this.outgoing = new Outgoing(store.keep, () => store.me.value, {
      say: api.say,
      farewell: (id, body) => api.farewell(id, body),
      close: (id, body) => api.act(id, "close", body),
      closed: (ticket) => this.put([ticket]),
      refused: ({ ticket, number }, text) =>
        store.toast({ id: `close-${ticket}`, kind: "failed", text: `№${number}: ${text}`, href: `#/t/${ticket}`, stays: 0 }),
    });
    this.acts = new Acts(api, this.outgoing, (ticket) => this.put([ticket]));
  }

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
    const waiting = new Set(this.outgoing.replies.value.map(({ ticket }) => ticket));
    await Promise.all([...waiting].map((ticket) => this.outgoing.flush(ticket)));
    this.live.stop();
    await this.api.logout().catch(() => null);
    this.leave(false);
  }

  /** `over`: the session ended by itself; drafts and unsent replies are kept either way. */
  leave(over: boolean): void {
    this.live.stop();
    clearInterval(this.heart);
    store.empty(over);
    if (!over) this.outgoing.forget();
  }

  /** Follows the address: opens what it names, or leaves what was open. */
  async visit(place: Place): Promise<void> {
    batch(() => {
      store.place.value = place;
      store.detail.value = null;
      store.rows.value = [];
      store.lookers.value = [];
      store.alarm.value = "";
      store.typing.value = null;
      store.dialog.value = null;
      store.mode.value = "reply";
      if (place.kind === "view") {
        store.view.value = place.id;
        store.picked.value = new Set();
      }
    });
    if (place.kind === "view") store.keep.set("desk.view", place.id);
    this.rows.reset();
    this.older = [];
    if (!store.selected.value) return void this.live.send({ type: "unwatch" });
    store.cursor.value = store.selected.value;
    if (store.session.value) await this.load();
  }

  /** Rows before those in hand; false when there are none or they are on their way. */
  async loadOlder(): Promise<boolean> {
    const open = store.known.value;
    const first = store.rows.value[0];
    if (!open?.earlier || !first || this.loading) return false;
    this.loading = true;
    try {
      const { messages, earlier } = await this.api.older(open.conversation, first.seq);
      if (store.known.value?.conversation !== open.conversation) return false;
      this.older = [...messages.filter(({ seq }) => seq < first.seq), ...this.older];
      batch(() => {
        store.rows.value = [...this.older, ...this.rows.list];
        store.detail.value = { ...store.known.value!, earlier };
      });
      return true;
    } catch (error) {
      store.alarm.value = textOf(error);
      return false;
    } finally {
      this.loading = false;
    }
  }

  /** Undo: the words are back in the composer, before whatever has been begun since. */
  takeBack(cid: string): void {
    const reply = this.outgoing.undo(cid);
    if (reply) this.backToDraft(reply);
  }

  types(note: boolean): void {
    const conversation = store.conversation.value;
    if (!conversation || Date.now() - this.told < TYPING_EVERY) return;
    this.told = Date.now();
    this.live.send({ type: "typing", conversation, note });
  }

  /** The newest row is on the operator's screen. */
  saw(): void {
    const last = store.rows.value.at(-1);
    const conversation = store.known.value?.conversation;
    if (!last || !conversation || (store.seen.value[conversation] ?? 0) >= last.seq) return;
    store.readTo(conversation, last.seq);
    this.live.send({ type: "seen", conversation, seq: last.seq });
  }

  be(presence: (typeof store.presence)["value"]): void {
    store.presence.value = presence;
    this.live.send({ type: "presence", presence });
  }

  heard(events: DeskEvent[]): void {
    batch(() => {
      // Of a busy second, the tickets are put in together: one copy of each list.
      this.put(events.flatMap((event) => (event.type === "ticket" ? [event.ticket] : [])));
      events.forEach((event) => this.take(event));
    });
  }

  private enter(session: SessionView): void {
    batch(() => {
      store.session.value = session;
      store.expired.value = false;
    });
    if (store.may("see_desk")) this.live.start();
    this.outgoing.load(Date.now());
    clearInterval(this.heart);
    this.heart = setInterval(() => this.live.send({ type: "beat" }), BEAT);
    if (store.selected.value) void this.load();
  }

  private async load(): Promise<void> {
    const { kind, id } = store.place.value;
    try {
      const detail = await this.fetch();
      if (id !== store.selected.value) return;
      batch(() => {
        store.detail.value = detail;
        this.append(detail.messages);
      });
      this.watch();
    } catch (error) {
      if (id !== store.selected.value || kind === "lead") return;
      if (error instanceof ApiError && error.status === 404) store.detail.value = "gone";
      else store.alarm.value = textOf(error);
    }
  }

  private fetch(): Promise<TicketDetail> {
    const { kind, id } = store.place.value;
    return kind === "ticket" ? this.api.ticket(id) : this.api.conversation(id);
  }

  /** Everything but the rows anew: card, history, episodes, issues. */
  private refresh(): void {
    clearTimeout(this.stale);
    this.stale = setTimeout(async () => {
      const id = store.selected.value;
      const fresh = id && store.known.value ? await this.fetch().catch(() => null) : null;
      const open = store.known.value;
      if (fresh && open && id === store.selected.value)
        store.detail.value = { ...fresh, messages: open.messages, earlier: open.earlier, suggestions: open.suggestions };
    }, REFRESH_AFTER);
  }

  private watch(): void {
    const conversation = store.known.value?.conversation;
    if (conversation) this.live.send({ type: "watch", conversation, after: this.rows.cursor });
  }

  private backToDraft({ conversation, text, files }: Reply): void {
    store.setDraft(conversation, [text, store.draft(conversation)].filter(Boolean).join("\n"));
    store.uploads.restore(conversation, files);
    store.restored.value += 1;
  }

  private take(event: DeskEvent): void {
    if (event.type === "welcome") return this.welcomed(event);
    if (event.type === "reminder") return remind(event);
    if ("conversation" in event && event.type !== "seen") {
      if (event.conversation === store.conversation.value) this.here(event);
      return;
    }
    switch (event.type) {
      case "agents":
        return store.meet(event.agents);
      case "counts":
        store.counts.value = event;
        break;
      case "seen":
        return store.readTo(event.conversation, event.seq);
      case "reload":
        store.outdated.value = true;
        this.live.stop();
        break;
      case "error":
        // A closed ticket cannot be watched any more; what was loaded is all there is.
        if (event.code !== "conversation_unknown") store.alarm.value = event.text;
    }
  }

  /** Of the conversation that is open. */
  private here(event: Extract<DeskEvent, { conversation: string }>): void {
    const open = store.known.value;
    if (event.type === "messages") {
      this.append(event.messages);
      // The words may have held a number or a name for the card.
      if (event.messages.some(({ author }) => author === "customer")) this.refresh();
    } else if (event.type === "typing") this.someoneTypes(event);
    else if (event.type === "lookers") store.lookers.value = event.people;
    else if (event.type === "customer") this.refresh();
    else if (event.type === "marked") {
      this.rows.change(event.seq, { mark: event.mark });
      store.rows.value = [...this.older, ...this.rows.list];
    } else if (!open) return;
    else if (event.type === "suggestions") store.detail.value = { ...open, suggestions: event.articles };
    else if (event.type === "read") store.detail.value = { ...open, read: event.read, delivered: event.delivered };
    else if (event.type === "notes") {
      const fresh = new Set(event.notes.map(({ id }) => id));
      store.detail.value = { ...open, notes: [...open.notes.filter(({ id }) => !fresh.has(id)), ...event.notes] };
    }
  }

  private welcomed(event: DeskWelcome): void {
    const again = store.welcomed.value;
    store.welcome(event);
    // The ticket may have moved on while we were away, and so may its rows.
    const { selected, known } = store;
    if (selected.value && known.value === null && store.detail.value !== "gone") return;
    if (known.value?.ticket && !store.board.get(known.value.ticket.id)) void this.load();
    else this.watch();
    if (again) this.refresh();
  }

  private put(tickets: readonly TicketView[]): void {
    if (!tickets.length) return;
    const open = store.known.value;
    const before = store.ticket.value;
    batch(() => {
      store.board.put(tickets);
      const fresh = open?.ticket && tickets.findLast(({ id }) => id === open.ticket?.id);
      if (open && fresh) store.detail.value = { ...open, ticket: fresh };
    });
    const after = store.ticket.value;
    if (open && after && (before?.id !== after.id || before.status !== after.status || before.assignee !== after.assignee)) this.refresh();
  }

  private append(messages: DeskMessageView[]): void {
    const { fresh, gap } = this.rows.take(messages);
    if (fresh.length) {
      store.rows.value = [...this.older, ...this.rows.list];
      store.typing.value = null;
      this.outgoing.settle(new Set(fresh.map(({ cid }) => cid)));
    }
    if (gap) this.watch();
  }

  private someoneTypes(event: Extract<DeskEvent, { type: "typing" }>): void {
    store.typing.value = event;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => (store.typing.value = null), TYPING_LASTS);
  }
}
