// Tickets, rows and details as the server sends them, for tests of the desk.
import type { DeskMessageView, DeskWelcome, OperatorView, TicketDetail, TicketView } from "../src/shared/wire";
import { row } from "./fakes";

export const ANNA: OperatorView = { id: "op1", login: "anna", name: "Anna", role: "operator", permissions: ["see_desk", "answer", "file_issues"] };

let numbers = 0;

export function ticket(id: string, change: Partial<TicketView> = {}): TicketView {
  return {
    id,
    number: (numbers += 1),
    conversation: `c-${id}`,
    status: "queued",
    reason: "asked",
    lang: "en",
    channel: "widget",
    subject: `subject of ${id}`,
    topic: "",
    customer_name: "",
    group: "support",
    tier: 1,
    priority: 3,
    mood: "calm",
    vip: false,
    tags: [],
    assignee: null,
    assignee_name: null,
    offered_to: null,
    offer_until: null,
    opened_at: "2026-11-23T09:55:00+00:00",
    claimed_at: null,
    closed_at: null,
    outcome: null,
    rating: null,
    rating_reason: "",
    waiting_since: "2026-11-23T09:55:00+00:00",
    due_kind: "first",
    due_at: "2026-11-23T10:05:00+00:00",
    warn_at: "2026-11-23T10:03:00+00:00",
    snoozed_until: null,
    snooze_note: "",
    next_update_at: null,
    wish: "wait",
    contact: "",
    promised_by: null,
    returned: 0,
    reopened: 0,
    last_seq: 1,
    last_author: "customer",
    last_text: "",
    last_at: null,
    ...change,
  };
}

export const mine = (id: string, change: Partial<TicketView> = {}): TicketView =>
  ticket(id, { status: "claimed", assignee: "op1", assignee_name: "Anna", ...change });

export const turn = (seq: number, change: Partial<DeskMessageView> = {}): DeskMessageView => ({ ...row(seq), evidence: null, ...change });

export function detail(of: TicketView, seqs: number[], change: Partial<TicketDetail> = {}): TicketDetail {
  return {
    conversation: of.conversation,
    ticket: of,
    customer: { id: "cu1", name: "", channel: "widget", lang: "en", page_url: "", page_title: "", vip: false, fields: [], connector: "off" },
    tried: [],
    fields: {},
    messages: seqs.map((seq) => turn(seq)),
    earlier: false,
    notes: [],
    episodes: [],
    history: [],
    suggestions: [],
    issues: [],
    read: 0,
    delivered: 0,
    draft: "",
    may_write: true,
    ...change,
  };
}

export function welcome(tickets: TicketView[], change: Partial<DeskWelcome> = {}): DeskWelcome {
  return {
    type: "welcome",
    v: 1,
    operator: ANNA,
    presence: "online",
    tickets,
    agents: [],
    groups: [{ id: "support", ru: "Поддержка", en: "Support", locked: false }],
    topics: [],
    tags: [],
    seen: {},
    counts: { type: "counts", bot: 0, closed: 0 },
    push_key: "",
    ...change,
  };
}
