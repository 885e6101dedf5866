// What the desk knows, as signals: drawn by the components, changed by desk.ts and its parts. Lead screens read it too.
import { batch, computed, signal } from "@preact/signals";
import { Keep } from "../shared/keep";
import type { Status } from "../shared/line";
import type {
  AgentView,
  CannedView,
  Counts,
  DeskMessageView,
  DeskWelcome,
  GroupName,
  Lang,
  Looker,
  SessionView,
  SomeoneTyping,
  TicketDetail,
  TicketView,
} from "../shared/wire";
import type { Acts } from "./acts";
import { Api } from "./api";
import { Board } from "./board";
import type { Place } from "./route";
import { type Filter, isLive, isView, type LiveView, NO_FILTER, passes, type View } from "./views";
import { Uploads } from "./uploads";
import { WORDS } from "./words";

export const keep = new Keep();
export const lang = signal<Lang>((keep.get("desk.lang") ?? globalThis.navigator?.language ?? "en").startsWith("ru") ? "ru" : "en");
export const words = computed(() => WORDS[lang.value]);

/** Whoever starts the desk says here what happens when the session ends. */
export const ended = { act: (): void => undefined };
/** Every HTTP call of the desk and of the lead's screens. */
export const api = new Api(
  () => lang.value,
  () => words.value.offlineError,
  () => ended.act(),
);

/** Undefined while we do not know yet, null when nobody is signed in. */
export const session = signal<SessionView | null | undefined>(undefined);
export const expired = signal(false);
export const status = signal<Status>("idle");
export const outdated = signal(false);
/** True from the first welcome on; before it the lists are skeletons. */
export const welcomed = signal(false);
export const presence = signal<AgentView["presence"]>("online");
export const agents = signal<readonly AgentView[]>([]);
export const groups = signal<readonly GroupName[]>([]);
export const topics = signal<readonly string[]>([]);
export const tags = signal<readonly string[]>([]);
export const pushKey = signal("");

export const board = new Board();
export const counts = signal<Pick<Counts, "bot" | "closed">>({ bot: 0, closed: 0 });
/** How far I have read, by conversation. */
export const seen = signal<Readonly<Record<string, number>>>({});
export const filter = signal<Filter>(NO_FILTER);
/** Tickets with a tick, to be assigned together. */
export const picked = signal<ReadonlySet<string>>(new Set());
/** The row that the keyboard is on. */
export const cursor = signal("");

const kept = keep.get("desk.view") ?? "";
/** The list that is shown, or that Back leads to. */
export const view = signal<View>(isView(kept) ? kept : "unassigned");
export const place = signal<Place>({ kind: "view", id: view.value });
/** The id in the address of what is open; empty when only a list is. */
export const selected = computed(() => (place.value.kind === "ticket" || place.value.kind === "conversation" ? place.value.id : ""));
/** Null while it loads, "gone" when there is no such ticket. */
export const detail = signal<TicketDetail | "gone" | null>(null);
export const known = computed(() => (detail.value === "gone" ? null : detail.value));
export const rows = signal<readonly DeskMessageView[]>([]);
export const typing = signal<SomeoneTyping | null>(null);
export const lookers = signal<readonly Looker[]>([]);
/** What went wrong with the operator's last act on the open ticket. */
export const alarm = signal("");
export const busy = signal(false);
/** The last new request, for people who listen to the screen. */
export const news = signal("");
export const now = signal(Date.now());
export const sound = signal(keep.get("desk.sound") === "on");
/** Null until the first slash. Whoever changes them sets null, and they are loaded anew. */
export const canned = signal<readonly CannedView[] | null>(null);

export type DialogName =
  | "snooze" | "transfer" | "escalate" | "close" | "tags" | "update" | "assign" | "search" | "sheet" | "issue" | "article";
export const dialog = signal<DialogName | null>(null);

/** Beside a reminder of the server, a word of our own with an act. */
export interface Toast {
  id: string;
  kind: string;
  text: string;
  href?: string;
  act?: { title: string; run(): void };
  /** Milliseconds; 0 stays until it is closed. */
  stays: number;
}
export const toasts = signal<readonly Toast[]>([]);

export function toast(one: Toast): void {
  toasts.value = [...toasts.value.filter(({ id }) => id !== one.id), one].slice(-5);
  if (one.stays) setTimeout(() => untoast(one.id), one.stays);
}

export function untoast(id: string): void {
  if (toasts.value.some((one) => one.id === id)) toasts.value = toasts.value.filter((one) => one.id !== id);
}

export const me = computed(() => session.value?.operator.id ?? "");
export const agent = computed(() => agents.value.find(({ id }) => id === me.value));

/** Only what this person may do is drawn; the server refuses the rest anyway. */
export const may = (permission: string): boolean => session.value?.operator.permissions.includes(permission) ?? false;

/** The open ticket as it is now; a closed one has left the board and is remembered by its detail. */
export const ticket = computed<TicketView | null>(() => {
  void board.version.value;
  const { kind, id } = place.value;
  const loaded = known.value?.ticket ?? null;
  if (kind === "ticket") return board.get(id) ?? (loaded?.id === id ? loaded : null);
  return kind === "conversation" ? (board.of(id) ?? loaded) : null;
});
export const conversation = computed(() => known.value?.conversation ?? ticket.value?.conversation ?? "");
export const isMine = computed(() => ticket.value?.status === "claimed" && ticket.value.assignee === me.value);

export const list = (of: LiveView): readonly TicketView[] => board.lists[of].value;
/** The rows of the view that is shown, narrowed. */
export const shown = computed<readonly TicketView[]>(() => {
  const all = list(isLive(view.value) ? view.value : "all");
  return filter.value === NO_FILTER ? all : all.filter((one) => passes(one, filter.value));
});
export const count = (of: View): number => (isLive(of) ? list(of).length : counts.value[of]);

/** Requests that ask for me: offered to me, mine whose customer waits, and those of my groups that nobody has taken. */
export const needMe = computed(() => {
  const own = list("mine").filter((one) => one.status === "offered" || one.waiting_since !== null).length;
  const served = agent.value?.groups ?? [];
  const free = list("unassigned").filter((one) => one.status === "queued" && (!served.length || served.includes(one.group)));
  return may("answer") ? own + free.length : 0;
});

export const isUnread = (one: TicketView): boolean =>
  one.last_seq > (seen.value[one.conversation] ?? 0) && one.last_author === "customer";

export const groupName = (id: string): string => groups.value.find((one) => one.id === id)?.[lang.value] ?? id;

/** What the operator has written for a conversation and not sent yet; a note is kept apart from the reply. */
export function draft(conversation: string, note = false): string {
  return keep.get(draftKey(conversation, note)) ?? "";
}

export function setDraft(conversation: string, text: string, note = false): void {
  if (text) keep.set(draftKey(conversation, note), text);
  else keep.drop(draftKey(conversation, note));
}

const draftKey = (conversation: string, note: boolean): string => `desk.${note ? "note" : "draft"}.${conversation}`;

/** Grows when words came back into a draft from outside the composer. */
export const restored = signal(0);

/** Everything the server says at the beginning of a line. */
export function welcome(event: DeskWelcome): void {
  batch(() => {
    board.reset(event.tickets, event.operator.id);
    presence.value = event.presence;
    agents.value = event.agents;
    groups.value = event.groups;
    topics.value = event.topics;
    tags.value = event.tags;
    seen.value = event.seen;
    counts.value = event.counts;
    pushKey.value = event.push_key;
    welcomed.value = true;
    const open = session.peek();
    if (open) session.value = { ...open, operator: event.operator };
  });
}

/** Whether the composer writes to the customer or to colleagues. */
export const mode = signal<"reply" | "note">("reply");
/** The composer on the screen, for those who put words into it. */
export const writer = signal<{ insert(text: string): void; focus(): void } | null>(null);
export const uploads = new Uploads(api);
export const cannedFailed = signal(false);

/** At the first slash, and again after somebody has changed them. */
export async function loadCanned(): Promise<void> {
  if (canned.value) return;
  try {
    canned.value = (await api.canned()).replies;
    cannedFailed.value = false;
  } catch {
    cannedFailed.value = true;
  }
}

/** What can be done, for parts that are not handed the desk. */
export const acts = signal<Acts | null>(null);
/** Where there is no room for the panel beside the conversation, it lies over it. */
export const panelOpen = signal(false);
/** The newest row of the transcript is on the screen. */
export const atEnd = signal(true);

/** Colleagues as they are now, oneself among them. */
export function meet(people: readonly AgentView[]): void {
  agents.value = people;
  presence.value = agent.value?.presence ?? presence.value;
}

/** Reading never goes back. */
export function readTo(conversation: string, seq: number): void {
  if ((seen.value[conversation] ?? 0) < seq) seen.value = { ...seen.value, [conversation]: seq };
}

/** Nobody is signed in any more; `over`: the session ended by itself. */
export function empty(over: boolean): void {
  batch(() => {
    expired.value = over && session.value != null;
    session.value = null;
    welcomed.value = false;
    board.reset([], "");
    toasts.value = [];
    picked.value = new Set();
    news.value = "";
  });
}
