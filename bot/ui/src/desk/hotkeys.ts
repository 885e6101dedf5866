// What each key does where it is pressed; which key means what is in keys.ts.
import type { Desk } from "./desk";
import { mayMove } from "./head";
import { isField, type Wish, wish } from "./keys";
import { go, toTicket, toView } from "./route";
import * as store from "./store";
import { isLive, VIEWS } from "./views";

export function listen(desk: Desk): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || !store.session.value) return;
    // A dialog has keys of its own.
    if (store.dialog.value) return;
    const asked = wish(event, isField(event.target));
    if (asked && act(desk, asked, event)) event.preventDefault();
  });
}

/** False when the key is left to the browser. */
function act(desk: Desk, asked: Wish, event: KeyboardEvent): boolean {
  if (asked === "next" || asked === "previous") return event.key.startsWith("Arrow") && !inList(event) ? false : step(asked === "next" ? 1 : -1);
  if (asked.startsWith("view")) return view(Number(asked.slice(4)));
  return MOVES[asked as keyof typeof MOVES]?.(desk, event) ?? false;
}

const inList = ({ target }: KeyboardEvent): boolean => target === document.body || (target as Element).closest?.(".inbox") !== null;

function view(number: number): boolean {
  const name = VIEWS[number - 1];
  if (name) go(toView(name));
  return name !== undefined;
}

/** Rows of the list as they stand; the keyboard goes on from where it was, even when that row has left. */
let last = -1;
function step(by: 1 | -1): boolean {
  if (!isLive(store.view.value)) return stepPage(by);
  const rows = store.shown.value;
  const at = rows.findIndex(({ id }) => id === store.cursor.value);
  const from = at >= 0 ? at : by > 0 ? Math.min(last, rows.length) - 1 : last;
  const row = rows[Math.min(rows.length - 1, Math.max(0, from + by))];
  if (!row) return false;
  store.cursor.value = row.id;
  last = rows.indexOf(row);
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`.inbox [data-row="${CSS.escape(row.id)}"]`)?.focus());
  return true;
}

/** Lists of the server hold few rows at a time: the links themselves are walked. */
function stepPage(by: 1 | -1): boolean {
  const links = [...document.querySelectorAll<HTMLElement>(".inbox [data-row]")];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const to = links[at < 0 ? 0 : at + by];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
  return to !== undefined;
}

const open = (name: (typeof store.dialog)["value"], allowed: () => boolean) => (): boolean => {
  if (!store.ticket.value || !allowed()) return false;
  store.dialog.value = name;
  return true;
};
const mine = (): boolean => store.isMine.value;
const movable = (): boolean => {
  const ticket = store.ticket.value;
  return store.isMine.value || (ticket !== null && store.may("answer") && mayMove(ticket));
};
const tagged = (): boolean => store.may("answer") && store.ticket.value?.status !== "closed";

function write(mode: "reply" | "note"): boolean {
  if (!store.known.value || !store.may("answer") || (mode === "reply" && !store.isMine.value)) return false;
  store.mode.value = mode;
  requestAnimationFrame(() => store.writer.value?.focus());
  return true;
}

const MOVES: Partial<Record<Wish, (desk: Desk, event: KeyboardEvent) => boolean>> = {
  claim: (desk) => {
    if (!store.may("answer")) return false;
    void claim(desk);
    return true;
  },
  open: (_, { target }) => {
    // A focused link or button answers Enter itself.
    if (target !== document.body || !store.cursor.value || store.selected.value === store.cursor.value) return false;
    go(toTicket(store.cursor.value));
    return true;
  },
  reply: () => write("reply"),
  note: () => write("note"),
  canned: () => {
    if (!write("reply")) return false;
    requestAnimationFrame(() => store.writer.value?.insert("/"));
    return true;
  },
  article: open("article", mine),
  snooze: open("snooze", mine),
  close: open("close", mine),
  transfer: open("transfer", movable),
  escalate: open("escalate", movable),
  tags: open("tags", tagged),
  bot: (desk) => {
    if (!store.isMine.value) return false;
    void desk.acts.toBot();
    return true;
  },
  search: () => store.may("see_desk") && (store.dialog.value = "search") !== null,
  sheet: () => (store.dialog.value = "sheet") !== null,
  undo: (desk) => {
    const closing = desk.outgoing.closings.value.at(-1);
    const reply = desk.outgoing.last(store.conversation.value);
    if (reply) desk.takeBack(reply.cid);
    else if (closing) desk.outgoing.undoClose(closing.ticket);
    return reply !== undefined || closing !== undefined;
  },
  back: (_, { target }) => {
    if (isField(target)) (target as HTMLElement).blur();
    else if (store.panelOpen.value) store.panelOpen.value = false;
    else if (store.place.value.kind !== "view") go(toView(store.view.value));
    else return false;
    return true;
  },
};

/** The request that is open, else the one offered to me, else the row under the cursor; what the bot holds is stepped
 * into. */
async function claim(desk: Desk): Promise<void> {
  const open = store.ticket.value;
  if (store.selected.value && (!open || open.status === "closed")) {
    if (store.known.value) await desk.acts.take();
    return;
  }
  const offered = store.list("mine").find(({ status }) => status === "offered");
  const id = open?.id ?? offered?.id ?? (store.board.get(store.cursor.value)?.id || store.shown.value[0]?.id);
  if (!id || (await desk.acts.claim(id)) || open) return;
  go(toTicket(id));
}

