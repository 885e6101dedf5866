// What an operator does to the open ticket or conversation. Each act answers "" or the words that say why not.
import { batch } from "@preact/signals";
import { newCid } from "../shared/cid";
import type { AssignBody, CustomerView, NoteView, TicketView } from "../shared/wire";
import { type Api, textOf, type Verb } from "./api";
import type { Outgoing } from "./outgoing";
import * as store from "./store";

export class Acts {
  constructor(
    private readonly api: Api,
    private readonly outgoing: Outgoing,
    /** The ticket as an act left it. */
    private readonly put: (ticket: TicketView) => void,
  ) {}

  claim = (id?: string) => this.act("claim", undefined, id);
  decline = (id: string) => this.act("decline", undefined, id);
  wake = () => this.act("wake");
  giveBack = () => this.act("give-back");
  toBot = () => this.act("to-bot");
  prioritise = (priority: number) => this.act("priority", { priority });
  tag = (tags: string[]) => this.act("tags", { tags });
  promise = (at: Date | null) => this.act("update", { at: at?.toISOString() ?? null });
  snooze = (until: Date | null, note: string) => this.act("snooze", { until: until?.toISOString() ?? null, note });
  transfer = (to: { operator?: string; group?: string }, why: string) => this.act("transfer", { ...to, why });
  escalate = (why: string, party: string) => this.act("escalate", { why, party });

  /** Steps into a conversation that the bot holds, or that has no open ticket. */
  take(): Promise<string> {
    return this.run(async () => {
      const ticket = await this.api.take(store.conversation.value);
      const { place } = store;
      this.put(ticket);
      if (place.value.kind === "ticket" && place.value.id !== ticket.id) location.hash = `#/t/${ticket.id}`;
    });
  }

  close(outcome: "solved" | "unsolved", tags: string[]): void {
    const ticket = store.ticket.value;
    if (ticket) this.outgoing.close(ticket, outcome, tags, Date.now());
  }

  /** A note keeps its words in the composer until they are stored. */
  note(text: string, approval = false): Promise<string> {
    return this.run(async () => {
      const conversation = store.conversation.value;
      const note = await this.api.note(conversation, { cid: newCid(), text, approval });
      this.keep(conversation, note);
    });
  }

  /** A lead's answer to a proposal. */
  decide({ id, conversation }: NoteView, approved: boolean): Promise<string> {
    return this.run(async () => this.keep(conversation, await this.api.call<NoteView>("POST", `notes/${id}/decide`, { approved })));
  }

  private keep(conversation: string, note: NoteView): void {
    const open = store.known.value;
    if (open?.conversation === conversation)
      store.detail.value = { ...open, notes: [...open.notes.filter(({ id }) => id !== note.id), note] };
  }

  card(key: string, value: string): Promise<string> {
    return this.run(async () => {
      const conversation = store.conversation.value;
      const customer: CustomerView = await this.api.card(conversation, key, value);
      const open = store.known.value;
      if (open?.conversation === conversation) store.detail.value = { ...open, customer };
    });
  }

  /** Bulk, for leads; tickets that stayed keep their tick. */
  assign(body: Omit<AssignBody, "tickets">): Promise<string> {
    return this.run(async () => {
      const { moved, refused } = await this.api.assign({ ...body, tickets: [...store.picked.value] });
      batch(() => {
        moved.forEach((ticket) => this.put(ticket));
        store.picked.value = new Set(Object.keys(refused));
      });
    });
  }

  private act(verb: Verb, body?: object, id = store.ticket.value?.id): Promise<string> {
    if (!id) return Promise.resolve("");
    return this.run(async () => {
      await this.outgoing.flush(id);
      this.put(await this.api.act(id, verb, body));
    });
  }

  private async run(act: () => Promise<void>): Promise<string> {
    const at = store.selected.value;
    batch(() => {
      store.alarm.value = "";
      store.busy.value = true;
    });
    try {
      await act();
      return "";
    } catch (error) {
      const text = textOf(error);
      if (at === store.selected.value && !store.dialog.value) store.alarm.value = text;
      return text;
    } finally {
      store.busy.value = false;
    }
  }
}
