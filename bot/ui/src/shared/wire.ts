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
  act: "article" | "intent" | "person" | "bot" | "rate" | "rate_reason" | "wait" | "write" | "subscribe";
}

export interface SourceView {
  article: string;
  title: string;
  url: string;
}

/** A picture or document in a message. `url` is signed and needs no session; `image`: may be shown in place. */
export interface FileView {
  id: string;
  name: string;
  type: string;
  size: number;
  image: boolean;
  url: string;
}

/** A row of the transcript. `text` is always the plain words; `blocks`, if present, the same text with its form; `mark`: the customer's thumb on an answer, null while there is none. */
export interface MessageView {
  conversation: string;
  seq: number;
  cid: string;
  author: "customer" | "bot" | "operator" | "system";
  author_name: string;
  kind: "text" | "edit" | "answer" | "clarify" | "handoff" | "joined" | "returned" | "farewell" | "rating_request" | "rating" | "contact_request" | "notice";
  text: string;
  blocks: Block[] | null;
  buttons: ButtonView[];
  source: SourceView | null;
  files: FileView[];
  at: string;
  mark: "up" | "down" | null;
}

export interface Ping {
  type: "ping";
}

/** `text`: what a customer has typed so far and not sent; for operators only, empty towards customers. */
export interface SomeoneTyping {
  type: "typing";
  conversation: string;
  who: "customer" | "bot" | "operator";
  name: string;
  text?: string;
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

/** `files`: ids that the upload door gave; with files the text may be empty. */
export interface SendMessage {
  type: "message";
  cid: string;
  text: string;
  files?: string[];
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

/** The customer's thumb on an answer that the bot took from an article; `none` takes it back. */
export interface MarkAnswer {
  type: "mark_answer";
  cid: string;
  seq: number;
  mark: "up" | "down" | "none";
}

/** `text`: what stands in the composer; operators see it while they hold the conversation. */
export interface Typing {
  type: "typing";
  text?: string;
}

/** Everything up to `seq` has been on the customer's screen. */
export interface Read {
  type: "read";
  seq: number;
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

/** The thumb on a row that was sent before is another one now, set here or in another tab. */
export interface Marked {
  type: "marked";
  seq: number;
  mark: "up" | "down" | null;
}

/** This cid was not stored; `retry_after` seconds when trying again can help. */
export interface Refused {
  type: "refused";
  cid: string;
  code: string;
  text: string;
  retry_after?: number | null;
}

/** Who holds the conversation now; `position` is the place in the queue, 1 = next. `text`: what to show above the log: place and expected interval while the customer waits, or when people return; else the known trouble of the day; empty when there is nothing to say. */
export interface State {
  type: "state";
  holder: "bot" | "queue" | "operator";
  operator: string | null;
  position: number | null;
  text?: string;
}

/** Answer of the upload door: send the id with a message. */
export interface UploadView {
  file: FileView;
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

/** `permissions`: what this person may do; the desk draws only what they may. */
export interface OperatorView {
  id: string;
  login: string;
  name: string;
  role: "owner" | "admin" | "lead" | "operator" | "editor" | "read_only";
  permissions: string[];
}

export interface SessionView {
  operator: OperatorView;
  csrf: string;
}

/** A row of the inbox. Moments are ISO 8601 UTC. `waiting_since`: the customer waits for a person's words since then, null while the ball is in their court. `due_at`: the SLA deadline that comes next (`due_kind`), warned from `warn_at` on. `last_*`: the newest message, for unread marks and the preview. */
export interface TicketView {
  id: string;
  number: number;
  conversation: string;
  status: "queued" | "offered" | "claimed" | "snoozed" | "closed";
  reason: "asked" | "not_found" | "second_miss" | "frustration" | "job_failed" | "degraded" | "taken";
  lang: "ru" | "en";
  channel: "widget" | "telegram";
  subject: string;
  topic: string;
  customer_name: string;
  group: string;
  tier: number;
  priority: number;
  mood: "calm" | "annoyed" | "angry";
  vip: boolean;
  tags: string[];
  assignee: string | null;
  assignee_name: string | null;
  offered_to: string | null;
  offer_until: string | null;
  opened_at: string;
  claimed_at: string | null;
  closed_at: string | null;
  outcome: "solved" | "unsolved" | "withdrawn" | "to_bot" | null;
  rating: number | null;
  rating_reason: string;
  waiting_since: string | null;
  due_kind: "first" | "next" | "resolution" | null;
  due_at: string | null;
  warn_at: string | null;
  snoozed_until: string | null;
  snooze_note: string;
  next_update_at: string | null;
  wish: "wait" | "write";
  contact: string;
  promised_by: string | null;
  returned: number;
  reopened: number;
  last_seq: number;
  last_author: string;
  last_text: string;
  last_at: string | null;
}

export interface TicketList {
  tickets: TicketView[];
}

/** A line of a list that is not the live inbox: held by the bot, closed, found. `snippet`: the words found, with the matches between « and »; `ticket`: the latest one, if there ever was one. */
export interface ConversationRow {
  conversation: string;
  ticket: TicketView | null;
  customer_name: string;
  channel: "widget" | "telegram";
  lang: "ru" | "en";
  snippet: string;
  last_text: string;
  last_author: string;
  last_at: string;
}

/** `next`: pass it as `cursor` for the following page; null at the end. */
export interface ConversationPage {
  rows: ConversationRow[];
  total: number;
  next: string | null;
}

/** A line of the customer card. `value` null: missing. `found`: read out of the customer's words and not confirmed yet; `source`: who says so. */
export interface CardField {
  key: string;
  label: string;
  value: string | null;
  found: string | null;
  source: "connector" | "operator" | "customer" | "bot" | "";
}

export interface CustomerView {
  id: string;
  name: string;
  channel: "widget" | "telegram";
  lang: "ru" | "en";
  page_url: string;
  page_title: string;
  vip: boolean;
  fields: CardField[];
  connector: "off" | "ok" | "failed";
}

/** Words between colleagues, never the customer's. `after_seq`: the message it stands behind. `approval`: empty, or what became of a proposal put to the leads. */
export interface NoteView {
  id: string;
  conversation: string;
  after_seq: number;
  author: string;
  author_name: string;
  text: string;
  mentions: string[];
  at: string;
  approval: "" | "pending" | "approved" | "declined";
  decided_by: string;
}

/** An earlier ticket of the same customer, in this or another conversation. */
export interface EpisodeView {
  ticket: TicketView;
  messages: number;
}

/** A line of a ticket's history. `act` is one of the words of docs/desk.md; `detail` holds its particulars. */
export interface EventView {
  at: string;
  actor: string;
  actor_name: string;
  act: string;
  detail: Record<string, string>;
}

/** `text`: the short answer, as Markdown, ready to be inserted. */
export interface SuggestedArticle {
  article: string;
  title: string;
  url: string;
  text: string;
  score: number;
}

export interface LinkedIssue {
  id: string;
  number: number;
  title: string;
  kind: "bug" | "wish";
  state: "open" | "fixed";
  url: string;
  sent: "no_tracker" | "waiting" | "sent" | "failed";
}

/** Everything about one conversation. `ticket` is null while the bot holds it and no ticket ever was. `read`: the last row the customer has seen, `delivered`: the last that reached their channel. `draft`: words prepared for the operator (a bug was fixed), empty when there are none. `earlier`: there are older rows than `messages`. */
export interface TicketDetail {
  conversation: string;
  ticket: TicketView | null;
  customer: CustomerView;
  tried: TriedArticle[];
  fields: Record<string, string>;
  messages: DeskMessageView[];
  earlier: boolean;
  notes: NoteView[];
  episodes: EpisodeView[];
  history: EventView[];
  suggestions: SuggestedArticle[];
  issues: LinkedIssue[];
  read: number;
  delivered: number;
  draft: string;
  may_write: boolean;
}

/** `files`: ids that the upload door gave; with files the text may be empty. `article`: the one whose words the reply uses; the customer sees it as the source, and the search learns that it answers what they came with. */
export interface SayBody {
  cid: string;
  text: string;
  files?: string[];
  article?: string;
}

export interface SaidView {
  cid: string;
  seq: number;
}

/** `seen`: the last row that was on the operator's screen; newer words of the customer refuse the close. */
export interface CloseBody {
  outcome?: "solved" | "unsolved";
  tags?: string[];
  seen?: number | null;
}

/** To a person or to a group; exactly one of them. */
export interface TransferBody {
  operator?: string | null;
  group?: string | null;
  why: string;
}

/** `party`: for tier 4, the outside party it is handed to. */
export interface EscalateBody {
  why: string;
  party?: string;
}

/** `until` null: until the customer writes. */
export interface SnoozeBody {
  until?: string | null;
  note?: string;
}

export interface TagsBody {
  tags: string[];
}

export interface PriorityBody {
  priority: number;
}

/** The operator promises news by `at`; null takes the promise back. */
export interface UpdateBody {
  at: string | null;
}

/** `approval`: a proposal (a discount, an exception) that a lead has to decide. */
export interface NoteBody {
  cid: string;
  text: string;
  approval?: boolean;
}

/** A lead's answer to a proposal. */
export interface DecisionBody {
  approved: boolean;
}

/** Confirms or corrects one field of the customer card; an empty value removes it. */
export interface CardBody {
  key: string;
  value: string;
}

/** Bulk: to a person, or to a group's queue. */
export interface AssignBody {
  tickets: string[];
  operator?: string | null;
  group?: string | null;
  why: string;
}

/** `refused`: ticket id and why it stayed where it was. */
export interface AssignedView {
  moved: TicketView[];
  refused: Record<string, string>;
}

/** A colleague as the desk shows them. `load` of `cap` tickets. */
export interface AgentView {
  id: string;
  name: string;
  role: "owner" | "admin" | "lead" | "operator" | "editor" | "read_only";
  presence: "online" | "away" | "offline";
  load: number;
  cap: number;
  groups: string[];
  skills: string[];
  langs: string[];
  tier: number;
}

export interface GroupName {
  id: string;
  ru: string;
  en: string;
  locked: boolean;
}

/** A ready answer. `shortcut` is typed after `/`; texts may hold {customer}, {operator}, {number}, {topic} and {field.<key>}. `group` empty: everybody's. */
export interface CannedView {
  id: string;
  shortcut: string;
  title: string;
  ru: string;
  en: string;
  group: string;
  used: number;
}

export interface CannedList {
  replies: CannedView[];
}

export interface SuggestionList {
  articles: SuggestedArticle[];
}

/** `earlier`: there are rows before these. */
export interface DeskMessagesPage {
  messages: DeskMessageView[];
  earlier: boolean;
}

export interface DeskHello {
  type: "hello";
  v: number;
}

/** Show me this conversation from `after` on; replaces whatever was watched before. Colleagues see who looks. */
export interface Watch {
  type: "watch";
  conversation: string;
  after?: number;
}

export interface Unwatch {
  type: "unwatch";
}

/** `note`: the note, not the reply, so that only colleagues are told. */
export interface OperatorTyping {
  type: "typing";
  conversation: string;
  note?: boolean;
}

/** This operator has seen the conversation up to `seq`. */
export interface Seen {
  type: "seen";
  conversation: string;
  seq: number;
}

export interface SetPresence {
  type: "presence";
  presence: "online" | "away" | "offline";
}

/** Every 15 s while the page lives; a minute without one takes the operator offline. */
export interface Beat {
  type: "beat";
}

/** Of the lists that are not live: conversations held by the bot, closed tickets. */
export interface Counts {
  type: "counts";
  bot: number;
  closed: number;
}

/** Answer to hello: who I am, every open ticket in order, colleagues, how far I have read each open conversation. */
export interface DeskWelcome {
  type: "welcome";
  v: number;
  operator: OperatorView;
  presence: "online" | "away" | "offline";
  tickets: TicketView[];
  agents: AgentView[];
  groups: GroupName[];
  topics: string[];
  tags: string[];
  seen: Record<string, number>;
  counts: Counts;
  push_key: string;
}

/** One ticket as it is now; insert or replace by id. A closed one leaves the live inbox. */
export interface TicketChanged {
  type: "ticket";
  ticket: TicketView;
}

export interface DeskMessages {
  type: "messages";
  conversation: string;
  messages: DeskMessageView[];
}

/** Notes that are new or were changed. */
export interface DeskNotes {
  type: "notes";
  conversation: string;
  notes: NoteView[];
}

export interface Looker {
  id: string;
  name: string;
  typing: boolean;
}

/** Colleagues who have the watched conversation open, without oneself. */
export interface Lookers {
  type: "lookers";
  conversation: string;
  people: Looker[];
}

export interface AgentsChanged {
  type: "agents";
  agents: AgentView[];
}

/** Articles for what the customer of the watched conversation last wrote, best first. */
export interface Suggestions {
  type: "suggestions";
  conversation: string;
  articles: SuggestedArticle[];
}

export interface CustomerRead {
  type: "read";
  conversation: string;
  read: number;
  delivered: number;
}

/** The customer card of the watched conversation has changed: load the detail again. */
export interface CustomerChanged {
  type: "customer";
  conversation: string;
}

/** The customer's thumb on an answer of the watched conversation is another one now. */
export interface AnswerMarked {
  type: "marked";
  conversation: string;
  seq: number;
  mark: "up" | "down" | null;
}

/** Another tab of the same operator has read on. */
export interface SeenChanged {
  type: "seen";
  conversation: string;
  seq: number;
}

/** Something that needs this operator. `kind`: new (a ticket for their groups), offer, mention, sla (before the breach), breached, update (their own promise lapses soon), woke, reopened, returned, transferred, unclaimed, rated (badly; for leads), decided (their own proposal), rush (many ask the same; for leads). `ticket` is empty and `number` 0 where there is none: then `conversation` says where to look. */
export interface Reminder {
  type: "reminder";
  id: string;
  kind: "new" | "offer" | "mention" | "sla" | "breached" | "update" | "woke" | "reopened" | "returned" | "transferred" | "unclaimed" | "rated" | "decided" | "rush";
  ticket: string;
  number: number;
  conversation?: string;
  text: string;
  at: string;
}

export interface Span {
  opens: string;
  closes: string;
}

/** A date that differs: no spans = holiday. `checkpoint`: a holiday on which somebody looks in at these spans. */
export interface SpecialDay {
  day: string;
  spans: Span[];
  checkpoint?: boolean;
}

/** `weekly`: seven lists of spans, Monday first; an empty list is a day off. `zone`: IANA name. */
export interface CalendarView {
  id: string;
  name: string;
  zone: string;
  weekly: Span[][];
  days: SpecialDay[];
}

export interface GroupView {
  id: string;
  ru: string;
  en: string;
  topics: string[];
  calendar: string;
  mode: "pull" | "push";
  offer_seconds: number;
  silent_minutes: number;
  reopen_minutes: number;
  locked: boolean;
}

/** Working minutes. */
export interface TargetView {
  priority: number;
  first: number;
  next: number;
  resolution: number;
}

/** Every condition given must hold; `waited` in minutes. The most urgent of the rules that match wins. */
export interface RuleView {
  priority: number;
  topic?: string;
  mood?: "calm" | "annoyed" | "angry" | "";
  reason?: "asked" | "not_found" | "second_miss" | "frustration" | "job_failed" | "degraded" | "taken" | "";
  vip?: boolean;
  waited?: number;
}

/** Everything a lead may set. `version` must be the one that was read: a colleague's change is never overwritten unseen. */
export interface PolicyView {
  groups: GroupView[];
  calendars: CalendarView[];
  targets: TargetView[];
  rules: RuleView[];
  tags: string[];
  version: number;
}

/** `topics`: those the articles have; `countries`: whose public holidays can be filled in. */
export interface PolicyPage {
  policy: PolicyView;
  topics: string[];
  countries: string[];
}

export interface HolidayList {
  days: Record<string, string>;
}

/** An account with its place at the desk. */
export interface PersonView {
  id: string;
  login: string;
  name: string;
  role: "owner" | "admin" | "lead" | "operator" | "editor" | "read_only";
  active: boolean;
  cap: number;
  groups: string[];
  skills: string[];
  langs: string[];
  tier: number;
  telegram: boolean;
}

export interface PersonList {
  people: PersonView[];
}

export interface NewPersonBody {
  login: string;
  name: string;
  role: "owner" | "admin" | "lead" | "operator" | "editor" | "read_only";
}

/** The password is shown once and not stored. */
export interface NewPersonView {
  person: PersonView;
  password: string;
}

/** Fields left out stay as they are. */
export interface PersonBody {
  name?: string | null;
  role?: "owner" | "admin" | "lead" | "operator" | "editor" | "read_only" | null;
  active?: boolean | null;
  cap?: number | null;
  groups?: string[] | null;
  skills?: string[] | null;
  langs?: ("ru" | "en")[] | null;
  tier?: number | null;
}

/** Changing one's own password ends every other session. */
export interface PasswordBody {
  old: string;
  new: string;
}

export interface PasswordView {
  password: string;
}

export interface CannedBody {
  shortcut: string;
  title: string;
  ru: string;
  en: string;
  group?: string;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: string;
  actor_name: string;
  act: string;
  object_kind: string;
  object_id: string;
  detail: Record<string, string>;
}

export interface AuditPage {
  entries: AuditEntry[];
  next: string | null;
}

/** A structured report. For a bug: steps, expected, got and environment; for a wish: title and details. */
export interface IssueBody {
  kind: "bug" | "wish";
  title: string;
  steps?: string;
  expected?: string;
  got?: string;
  environment?: string;
  details?: string;
  files?: string[];
}

/** Links a conversation to an issue that is known already. */
export interface LinkBody {
  issue: string;
}

export interface IssueUrlBody {
  url: string;
}

export interface IssueView extends LinkedIssue {
  steps: string;
  expected: string;
  got: string;
  environment: string;
  details: string;
  created_at: string;
  author_name: string;
  conversations: string[];
  error: string;
}

export interface IssueList {
  issues: IssueView[];
}

/** Where issues are sent. `template`: the shape of the request; `secret_set`: a secret is stored, never shown. `project`: GitHub owner/name, Jira project key, Redmine project id. */
export interface TrackerView {
  template: "off" | "plain" | "github" | "jira" | "redmine";
  url: string;
  project?: string;
  secret_set: boolean;
  hook_path: string;
}

/** `secret` null keeps the stored one: the signing secret, or the tracker's API token. */
export interface TrackerBody {
  template: "off" | "plain" | "github" | "jira" | "redmine";
  url?: string;
  project?: string;
  secret?: string | null;
}

/** A browser's push subscription, as PushSubscription.toJSON() gives it. */
export interface PushBody {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/** How this operator is told away from the desk. `telegram_link`: opens the bot and ties the account; empty without Telegram. */
export interface NoticesView {
  push: boolean;
  telegram: boolean;
  telegram_link: string;
}

/** Who holds what, for the lead: `promises` of the last 7 days, how many were made and kept. */
export interface TeamView {
  agents: AgentView[];
  queued: Record<string, number>;
  promises_made: number;
  promises_kept: number;
}

export interface BothTitles {
  ru: string;
  en: string;
}

export interface BothTexts {
  ru: string;
  en: string;
}

export interface IncidentUpdate {
  ru: string;
  en: string;
  at: string;
}

/** Something broken that many ask about. `subscribers`: how many customers want to hear the end. */
export interface IncidentView {
  id: string;
  number: number;
  title: BothTitles;
  text: BothTexts;
  topics: string[];
  words: string[];
  state: "active" | "over";
  opened_at: string;
  opened_by: string;
  ended_at: string | null;
  updates: IncidentUpdate[];
  subscribers: number;
}

/** `topics` of articles and beginnings of `words` whose questions are answered with `text`. */
export interface IncidentBody {
  title: BothTitles;
  text: BothTexts;
  topics?: string[];
  words?: string[];
}

export interface IncidentTextBody {
  text: BothTexts;
}

/** `customers` asked about `topic` in the last 15 minutes, where `usual` is the mean of a day; `page`: where most of them were. */
export interface RushView {
  topic: string;
  customers: number;
  usual: number;
  page: string;
}

export interface IncidentPage {
  incidents: IncidentView[];
  rushes: RushView[];
  topics: string[];
}

/** What the team does about a topic: Markdown by language; both empty = none. */
export interface PlaybookView {
  topic: string;
  ru: string;
  en: string;
}

export interface PlaybookList {
  playbooks: PlaybookView[];
  topics: string[];
}

/** A label of the same words that says something else. */
export interface RivalView {
  article: string;
  title: string;
  right: boolean;
  source: "editor" | "operator" | "confirmed" | "rating" | "repeat";
}

/** A labelled question. `article` answers `text`, or with `right` false does not; empty: nothing does. `title`: the article's, empty when it is gone. `conversation` and `seq`: where it was said, empty and 0 when nowhere. `by`: who gave it, empty for a customer; `reviewed_by`: who decided about it, empty while nobody has. */
export interface LabelView {
  id: number;
  lang: "ru" | "en";
  text: string;
  article: string;
  title: string;
  right: boolean;
  source: "editor" | "operator" | "confirmed" | "rating" | "repeat";
  conversation: string;
  seq: number;
  at: string;
  state: "active" | "doubtful" | "removed";
  by: string;
  reviewed_by: string;
  rivals: RivalView[];
}

/** `next`: what to send as `before` for the following page, null at the end. */
export interface LabelPage {
  labels: LabelView[];
  next: string | null;
}

/** `active`: it teaches; `removed`: it does not, and neither does the same said again. */
export interface LabelStateBody {
  state: "active" | "removed";
}

/** Questions of about the same confidence: how often the best article was believed right, and was, with a 95 % interval. */
export interface ReliabilityPoint {
  believed: number;
  right: number;
  low: number;
  high: number;
  count: number;
}

/** Answering the surest questions up to this one: share of right answers among the answerable, and of wrong ones among the answers. */
export interface RiskStep {
  coverage: number;
  wrong: number;
  low: number;
  high: number;
}

/** What a limit does, on questions the search was not fitted on; shares in 0..1. `text`: whether the limit can be promised, or why not, in the reader's language. `missing`: labels more that it would take. */
export interface QualityView {
  labels: number;
  max_wrong: number;
  can_promise: boolean;
  reason: "no_labels" | "few_labels" | "wrong_too_often" | null;
  missing: number;
  text: string;
  coverage: number;
  coverage_low: number;
  coverage_high: number;
  wrong: number;
  wrong_low: number;
  wrong_high: number;
  answered: number;
  asked: number;
  points: ReliabilityPoint[];
  steps: RiskStep[];
}

export interface LabelCounts {
  source: "editor" | "operator" | "confirmed" | "rating" | "repeat";
  active: number;
  doubtful: number;
  removed: number;
}

/** How one version does on labels it has not learned from: answered, answered rightly, wrong among the answers. */
export interface FiguresView {
  answered: number;
  right: number;
  wrong: number;
}

/** One thing learned. `by`: who went back to it, empty for the learner itself; `before`, `after`: how the version before it and this one did, null when nothing was compared. */
export interface VersionView {
  id: number;
  at: string;
  by: string;
  current: boolean;
  labels: number;
  before: FiguresView | null;
  after: FiguresView | null;
}

/** The last learning, in words. */
export interface LastCycle {
  at: string;
  adopted: boolean;
  text: string;
}

/** `quality`: of the limit in force; `waiting`: labels that have come or gone since the last learning. */
export interface LearningView {
  lang: "ru" | "en";
  max_wrong: number;
  lowest: number;
  highest: number;
  quality: QualityView;
  counts: LabelCounts[];
  versions: VersionView[];
  learning_now: boolean;
  last: LastCycle | null;
  waiting: number;
}

/** At most this share of the answers given may be wrong; 0.03 is three in a hundred. */
export interface MaxWrongBody {
  max_wrong: number;
}

export interface LearnBody {
  lang: "ru" | "en";
}

/** `version` null: what the product came with. */
export interface RollBackBody {
  lang: "ru" | "en";
  version?: number | null;
}

export const SEND_MESSAGE_TEXT_MAX = 2000;
export const TYPING_TEXT_MAX = 2000;
export const SAY_BODY_TEXT_MAX = 10000;
export const NOTE_BODY_TEXT_MAX = 5000;

export type WidgetFrame = Hello | SendMessage | PressButton | AskPerson | MarkAnswer | Typing | Read | SetLang | Ping;
export type WidgetEvent = Welcome | Messages | Marked | Ack | Refused | State | SomeoneTyping | Reload | ErrorFrame | Pong;
export type DeskFrame = DeskHello | Watch | Unwatch | OperatorTyping | Seen | SetPresence | Beat | Ping;
export type DeskEvent = DeskWelcome | TicketChanged | DeskMessages | DeskNotes | Lookers | AgentsChanged | Suggestions | CustomerRead | CustomerChanged | AnswerMarked | SeenChanged | Counts | Reminder | SomeoneTyping | Reload | ErrorFrame | Pong;
