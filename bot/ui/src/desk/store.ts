// What the desk knows, as signals: drawn by the components, changed by desk.ts and by nobody else.
import { computed, signal } from "@preact/signals";
import { Keep } from "../shared/keep";
import type { Status } from "../shared/line";
import type { DeskMessageView, Lang, SessionView, SomeoneTyping, TicketDetail, TicketView } from "../shared/wire";
import { WORDS } from "./words";

export const keep = new Keep();

/** A reply on its way: `sent` = stored, its row not seen yet. */
export interface Reply {
  cid: string;
  ticket: string;
  text: string;
  state: "sending" | "sent" | "failed";
  note: string;
}

/** Undefined while we do not know yet, null when nobody is signed in. */
export const session = signal<SessionView | null | undefined>(undefined);
export const expired = signal(false);
export const status = signal<Status>("idle");
export const outdated = signal(false);

export const tickets = signal<ReadonlyMap<string, TicketView>>(new Map());
export const selected = signal("");
/** Null while it loads, "gone" when there is no such ticket. */
export const detail = signal<TicketDetail | "gone" | null>(null);
export const rows = signal<readonly DeskMessageView[]>([]);
export const typing = signal<SomeoneTyping | null>(null);
export const replies = signal<readonly Reply[]>([]);
/** What went wrong with the operator's last act on the open ticket. */
export const alarm = signal("");
/** The last new request, for people who listen to the screen. */
export const news = signal("");
export const now = signal(Date.now());

export const lang = signal<Lang>((keep.get("desk.lang") ?? globalThis.navigator?.language ?? "en").startsWith("ru") ? "ru" : "en");
export const sound = signal(keep.get("desk.sound") === "on");
export const words = computed(() => WORDS[lang.value]);

const me = computed(() => session.value?.operator.id);
const open = computed(() => [...tickets.value.values()].sort((a, b) => Date.parse(a.opened_at) - Date.parse(b.opened_at)));

export const mine = computed(() => open.value.filter(({ assignee }) => assignee !== null && assignee === me.value));
export const waiting = computed(() => open.value.filter(({ status }) => status === "queued"));
export const others = computed(() => open.value.filter(({ assignee }) => assignee !== null && assignee !== me.value));

/** The open ticket as it is now; a closed one has left the queue and is remembered by its detail. */
export const ticket = computed<TicketView | null>(() => {
  const known = detail.value && detail.value !== "gone" ? detail.value.ticket : null;
  return tickets.value.get(selected.value) ?? (known?.id === selected.value ? known : null);
});
export const isMine = computed(() => ticket.value?.status === "claimed" && ticket.value.assignee === me.value);

/** What the operator has written for a ticket and not sent yet. */
export function draft(ticket: string): string {
  return keep.get(`desk.draft.${ticket}`) ?? "";
}

export function setDraft(ticket: string, text: string): void {
  if (text) keep.set(`desk.draft.${ticket}`, text);
  else keep.drop(`desk.draft.${ticket}`);
}
