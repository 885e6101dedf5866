// Every open ticket, once, with the sorted list of each live view beside it; a change moves one row and sorts nothing.
import { batch, type Signal, signal } from "@preact/signals";
import type { TicketView } from "../shared/wire";
import { compare, holds, LIVE, type LiveView } from "./views";

type Lists = Record<LiveView, Signal<readonly TicketView[]>>;

export class Board {
  /** Grows with every change: who looks a single ticket up listens to it. */
  readonly version = signal(0);
  readonly lists = Object.fromEntries(LIVE.map((view) => [view, signal<readonly TicketView[]>([])])) as unknown as Lists;
  private readonly tickets = new Map<string, TicketView>();
  private readonly talks = new Map<string, string>();
  private me = "";

  get(id: string): TicketView | undefined {
    return this.tickets.get(id);
  }

  /** The open ticket of a conversation. */
  of(conversation: string): TicketView | undefined {
    return this.tickets.get(this.talks.get(conversation) ?? "");
  }

  /** Everything anew, as `me` sees it. */
  reset(tickets: readonly TicketView[], me: string): void {
    this.me = me;
    this.tickets.clear();
    this.talks.clear();
    for (const ticket of tickets) if (ticket.status !== "closed") this.remember(ticket);
    const all = [...this.tickets.values()].sort(compare);
    batch(() => {
      for (const view of LIVE) this.lists[view].value = all.filter((ticket) => holds(view, ticket, me));
      this.version.value += 1;
    });
  }

  /** Inserts or replaces by id; closed ones leave. Of several words on one ticket the last counts. */
  put(changes: readonly TicketView[]): void {
    const copies = new Map<LiveView, TicketView[]>();
    const list = (view: LiveView) => {
      const copy = copies.get(view) ?? [...this.lists[view].value];
      copies.set(view, copy);
      return copy;
    };
    for (const ticket of changes) {
      const before = this.tickets.get(ticket.id);
      const open = ticket.status !== "closed";
      for (const view of LIVE) {
        if (before && holds(view, before, this.me)) remove(list(view), before);
        if (open && holds(view, ticket, this.me)) insert(list(view), ticket);
      }
      if (open) this.remember(ticket);
      else this.forget(ticket);
    }
    batch(() => {
      for (const [view, copy] of copies) this.lists[view].value = copy;
      if (changes.length) this.version.value += 1;
    });
  }

  private remember(ticket: TicketView): void {
    this.tickets.set(ticket.id, ticket);
    this.talks.set(ticket.conversation, ticket.id);
  }

  private forget({ id, conversation }: TicketView): void {
    this.tickets.delete(id);
    if (this.talks.get(conversation) === id) this.talks.delete(conversation);
  }
}

/** Where the ticket stands, or would stand. */
function place(list: readonly TicketView[], ticket: TicketView): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(list[middle]!, ticket) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(list: TicketView[], ticket: TicketView): void {
  list.splice(place(list, ticket), 0, ticket);
}

function remove(list: TicketView[], ticket: TicketView): void {
  const at = place(list, ticket);
  if (list[at]?.id === ticket.id) list.splice(at, 1);
}
