// Written by `python -m bot.web.wire` from bot/web/schemas. Change them, never this file.
export const PROTOCOL = 1;
export type Lang = "ru" | "en";

/** One run of text: `v` for text and code, `c` for what bold, italic and links contain. */
export interface Inline {
  t: "text" | "b" | "i" | "code" | "a" | "br";
  v?: string | null;
  href?: string | null;
  c?: Inline[] | null;
}

/** One paragraph-like piece: `c` for p and h, `items` for lists, `v` for code, `blocks` for quotes. */
export interface Block {
  t: "p" | "h" | "ul" | "ol" | "code" | "quote";
  v?: string | null;
  c?: Inline[] | null;
  items?: Block[][] | null;
  blocks?: Block[] | null;
}

export interface ButtonView {
  id: string;
  title: string;
  act: "article" | "intent" | "person" | "bot" | "rate";
}

export interface SourceView {
  article: string;
  title: string;
  url: string;
}

/** A row of the transcript. `text` is always the plain words; `blocks`, if present, the same text with its form. */
export interface MessageView {
  conversation: string;
  seq: number;
  cid: string;
  author: "customer" | "bot" | "operator" | "system";
  author_name: string;
  kind: "text" | "edit" | "answer" | "clarify" | "handoff" | "joined" | "returned" | "farewell" | "rating_request" | "rating";
  text: string;
  blocks: Block[] | null;
  buttons: ButtonView[];
  source: SourceView | null;
  at: string;
}

export interface Ping {
  type: "ping";
}

export interface SomeoneTyping {
  type: "typing";
  conversation: string;
  who: "customer" | "bot" | "operator";
  name: string;
}

/** The page speaks an older protocol than the server. */
export interface Reload {
  type: "reload";
}

export interface ErrorFrame {
  type: "error";
  code: string;
  text: string;
}

export interface Pong {
  type: "pong";
}

/** Every HTTP error: a stable `code` and a sentence that says what to do. */
export interface ErrorView {
  code: string;
  text: string;
  retry_after?: number | null;
}

/** First frame of a widget socket. `token` is absent at the first visit; `after` is the last seq the browser has. */
export interface Hello {
  type: "hello";
  v: number;
  token?: string | null;
  after?: number;
  lang?: "ru" | "en";
  page_url?: string;
  page_title?: string;
}

export interface SendMessage {
  type: "message";
  cid: string;
  text: string;
}

export interface PressButton {
  type: "press";
  cid: string;
  seq: number;
  button: string;
}

/** The always visible control: hand over now, no questions asked. */
export interface AskPerson {
  type: "person";
  cid: string;
}

export interface Typing {
  type: "typing";
}

export interface SetLang {
  type: "lang";
  lang: "ru" | "en";
}

/** Answer to hello. `token` is set when a new one was made; `reset` tells the browser to drop rows it kept. */
export interface Welcome {
  type: "welcome";
  v: number;
  token: string | null;
  conversation: string;
  lang: "ru" | "en";
  last_seq: number;
  reset: boolean;
  greeting: string;
  suggestions: string[];
}

export interface Messages {
  type: "messages";
  messages: MessageView[];
}

export interface Ack {
  type: "ack";
  cid: string;
  seq: number;
}

/** This cid was not stored; `retry_after` seconds when trying again can help. */
export interface Refused {
  type: "refused";
  cid: string;
  code: string;
  text: string;
  retry_after?: number | null;
}

/** Who holds the conversation now; `position` is the place in the queue, 1 = next. */
export interface State {
  type: "state";
  holder: "bot" | "queue" | "operator";
  operator: string | null;
  position: number | null;
}

export interface TriedArticle {
  article: string;
  title: string;
  score: number;
  url: string;
}

/** What the bot knew when it wrote this row; operators only. */
export interface EvidenceView {
  verdict: "sure" | "unsure" | "none";
  confidence: number;
  intent: string;
  tried: TriedArticle[];
}

export interface DeskMessageView extends MessageView {
  evidence: EvidenceView | null;
}

export interface LoginBody {
  login: string;
  password: string;
}

export interface OperatorView {
  id: string;
  login: string;
  name: string;
  role: "operator" | "editor" | "lead" | "admin";
}

export interface SessionView {
  operator: OperatorView;
  csrf: string;
}

export interface SayBody {
  cid: string;
  text: string;
}

export interface CloseBody {
  outcome?: "solved" | "unsolved";
}

/** A row of the queue. Moments are ISO 8601 UTC; `opened_at`: the customer has waited for a person since then. */
export interface TicketView {
  id: string;
  number: number;
  conversation: string;
  status: "queued" | "claimed" | "closed";
  reason: "asked" | "not_found" | "second_miss" | "frustration" | "job_failed" | "degraded";
  lang: "ru" | "en";
  channel: "widget" | "telegram";
  subject: string;
  customer_name: string;
  assignee: string | null;
  assignee_name: string | null;
  opened_at: string;
  claimed_at: string | null;
  closed_at: string | null;
  outcome: "solved" | "unsolved" | "withdrawn" | null;
  rating: number | null;
}

export interface TicketList {
  tickets: TicketView[];
}

export interface CustomerView {
  name: string;
  channel: "widget" | "telegram";
  lang: "ru" | "en";
  page_url: string;
  page_title: string;
  fields: Record<string, string>;
}

export interface TicketDetail {
  ticket: TicketView;
  customer: CustomerView;
  tried: TriedArticle[];
  messages: DeskMessageView[];
}

export interface SaidView {
  cid: string;
  seq: number;
}

export interface DeskHello {
  type: "hello";
  v: number;
}

/** Show me this conversation from `after` on; replaces whatever was watched before. */
export interface Watch {
  type: "watch";
  conversation: string;
  after?: number;
}

export interface Unwatch {
  type: "unwatch";
}

export interface OperatorTyping {
  type: "typing";
  conversation: string;
}

/** Answer to hello: who I am and every open ticket, oldest first. */
export interface DeskWelcome {
  type: "welcome";
  v: number;
  operator: OperatorView;
  tickets: TicketView[];
}

/** One ticket as it is now; insert or replace by id, drop from the queue when closed. */
export interface TicketChanged {
  type: "ticket";
  ticket: TicketView;
}

export interface DeskMessages {
  type: "messages";
  conversation: string;
  messages: DeskMessageView[];
}

export const SEND_MESSAGE_TEXT_MAX = 2000;
export const SAY_BODY_TEXT_MAX = 10000;

export type WidgetFrame = Hello | SendMessage | PressButton | AskPerson | Typing | SetLang | Ping;
export type WidgetEvent = Welcome | Messages | Ack | Refused | State | SomeoneTyping | Reload | ErrorFrame | Pong;
export type DeskFrame = DeskHello | Watch | Unwatch | OperatorTyping | Ping;
export type DeskEvent = DeskWelcome | TicketChanged | DeskMessages | SomeoneTyping | Reload | ErrorFrame | Pong;
