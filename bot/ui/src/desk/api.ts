// The desk's HTTP calls: same origin, the session's cookie, the CSRF token on everything that changes something.
import type {
  AssignBody,
  AssignedView,
  CannedList,
  ConversationPage,
  CustomerView,
  DeskMessageView,
  ErrorView,
  UploadView,
  Lang,
  LoginBody,
  NoteBody,
  NoteView,
  PolicyPage,
  SaidView,
  SayBody,
  SessionView,
  SuggestionList,
  TicketDetail,
  TicketView,
} from "../shared/wire";

/** An answer that is not the one we hoped for; `text` is for people, in the desk's language. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: string,
  ) {
    super(text);
  }
}

/** What an operator can do to a ticket at `tickets/<id>/<verb>`; all answer with the ticket as it is then. */
export type Verb =
  | "claim" | "decline" | "give-back" | "to-bot" | "escalate" | "transfer" | "snooze" | "wake" | "close" | "tags"
  | "priority" | "update";

const part = encodeURIComponent;

export class Api {
  csrf = "";

  constructor(
    private readonly lang: () => Lang,
    /** The sentence for a server that does not answer at all. */
    private readonly unreachable: () => string,
    /** The session is over. */
    private readonly signedOut: () => void,
  ) {}

  me = () => this.opened(this.call<SessionView | null>("GET", "me"));
  login = (body: LoginBody) => this.opened(this.call<SessionView>("POST", "login", body));
  logout = () => this.call<null>("POST", "logout");
  ticket = (id: string) => this.call<TicketDetail>("GET", `tickets/${part(id)}`);
  conversation = (id: string) => this.call<TicketDetail>("GET", `conversations/${part(id)}`);
  older = (id: string, before: number) =>
    this.call<{ messages: DeskMessageView[]; earlier: boolean }>("GET", `conversations/${part(id)}/messages?before=${before}`);
  take = (conversation: string) => this.call<TicketView>("POST", `conversations/${part(conversation)}/take`);
  act = (id: string, verb: Verb, body?: object) => this.call<TicketView>("POST", `tickets/${part(id)}/${verb}`, body);
  say = (id: string, body: SayBody) => this.call<SaidView>("POST", `tickets/${part(id)}/messages`, body);
  note = (conversation: string, body: NoteBody) => this.call<NoteView>("POST", `conversations/${part(conversation)}/notes`, body);
  card = (conversation: string, key: string, value: string) =>
    this.call<CustomerView>("POST", `conversations/${part(conversation)}/card`, { key, value });
  assign = (body: AssignBody) => this.call<AssignedView>("POST", "assign", body);
  suggestions = (conversation: string, q: string) =>
    this.call<SuggestionList>("GET", `suggestions?conversation=${part(conversation)}&q=${part(q)}`);
  canned = () => this.call<CannedList>("GET", "canned");
  cannedUsed = (id: string) => this.call<null>("POST", `canned/${part(id)}/used`);
  policy = () => this.call<PolicyPage>("GET", "policy");

  /** A page of what is not live: `view` bot, closed or all; `next` of the page before as `cursor`. */
  list = (view: "bot" | "closed" | "all", { q = "", tag = "", cursor = "" } = {}) =>
    this.call<ConversationPage>("GET", `conversations?view=${view}&q=${part(q)}&tag=${part(tag)}&cursor=${part(cursor)}`);

  upload(conversation: string, file: File): Promise<UploadView> {
    const form = new FormData();
    form.append("file", file, file.name);
    return this.call<UploadView>("POST", `files?conversation=${part(conversation)}`, form);
  }

  /** `path` under /api/desk, with its query. Raises ApiError with words for people. A token that somebody's signing in
   * in another tab has replaced is fetched anew, once. */
  async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    try {
      return await this.once<Answer>(method, path, body);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "csrf_refused") throw error;
      await this.me();
      return this.once<Answer>(method, path, body);
    }
  }

  /** Hands a message over while the page goes away; the same cid is sent again by the next page. */
  farewell(id: string, body: SayBody): void {
    void fetch(this.address(`tickets/${part(id)}/messages`), { ...this.request("POST", body), keepalive: true }).catch(() => null);
  }

  /** An empty answer says what 401 says: nobody is signed in. */
  private async opened(answer: Promise<SessionView | null>): Promise<SessionView> {
    const session = await answer;
    if (!session) {
      this.signedOut();
      throw new ApiError(401, "unauthorised", "");
    }
    this.csrf = session.csrf;
    return session;
  }

  private async once<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await this.fetch(method, path, body);
    const answer = (await response.json().catch(() => null)) as Answer | ErrorView | null;
    if (response.ok) return answer as Answer;
    const { code = "", text = this.unreachable() } = (answer ?? {}) as Partial<ErrorView>;
    if (response.status === 401 && path !== "login") this.signedOut();
    throw new ApiError(response.status, code, text);
  }

  private async fetch(method: string, path: string, body?: object): Promise<Response> {
    try {
      return await fetch(this.address(path), this.request(method, body));
    } catch {
      throw new ApiError(0, "unreachable", this.unreachable());
    }
  }

  private address(path: string): string {
    return `/api/desk/${path}${path.includes("?") ? "&" : "?"}lang=${this.lang()}`;
  }

  private request(method: string, body?: object): RequestInit {
    const form = body instanceof FormData;
    return {
      method,
      headers: { ...(form ? {} : { "Content-Type": "application/json" }), "X-CSRF-Token": this.csrf },
      ...(body ? { body: form ? body : JSON.stringify(body) } : {}),
    };
  }
}

export function textOf(error: unknown): string {
  return error instanceof ApiError ? error.text : String(error);
}
