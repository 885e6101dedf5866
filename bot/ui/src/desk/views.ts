// Which open tickets a view shows, and in which order: the most urgent first, then who has waited longest.
import type { TicketView } from "../shared/wire";

export const VIEWS = ["unassigned", "mine", "waiting", "snoozed", "bot", "closed", "all"] as const;
export type View = (typeof VIEWS)[number];

/** Drawn from the tickets in hand; the other two are pages that the server keeps. */
export const LIVE = ["unassigned", "mine", "waiting", "snoozed", "all"] as const;
export type LiveView = (typeof LIVE)[number];

export const isLive = (view: View): view is LiveView => view !== "bot" && view !== "closed";
export const isView = (word: string): word is View => (VIEWS as readonly string[]).includes(word);

/** Is this open ticket in the view of the operator `me`? */
export function holds(view: LiveView, ticket: TicketView, me: string): boolean {
  const { status } = ticket;
  switch (view) {
    case "unassigned":
      return status === "queued" || status === "offered";
    case "mine":
      return (status === "claimed" && ticket.assignee === me) || (status === "offered" && ticket.offered_to === me);
    case "waiting":
      return status === "claimed" && ticket.waiting_since === null;
    case "snoozed":
      return status === "snoozed";
    default:
      return true;
  }
}

/** A strict order: no two tickets are equal, so a place can be found by halving. Moments of one server compare as text;
 * whoever is not waiting stands behind those who are. */
export function compare(a: TicketView, b: TicketView): number {
  return (
    a.priority - b.priority ||
    words(a.waiting_since ?? "~", b.waiting_since ?? "~") ||
    words(a.opened_at, b.opened_at) ||
    a.number - b.number ||
    words(a.id, b.id)
  );
}

const words = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What narrows a view; an empty word lets everything through. */
export interface Filter {
  group: string;
  tag: string;
  person: string;
  channel: string;
  lang: string;
}

export const NO_FILTER: Filter = { group: "", tag: "", person: "", channel: "", lang: "" };

export function passes(ticket: TicketView, { group, tag, person, channel, lang }: Filter): boolean {
  return (
    (!group || ticket.group === group) &&
    (!tag || ticket.tags.includes(tag)) &&
    (!person || ticket.assignee === person) &&
    (!channel || ticket.channel === channel) &&
    (!lang || ticket.lang === lang)
  );
}

export const narrowed = (filter: Filter): number => Object.values(filter).filter(Boolean).length;
