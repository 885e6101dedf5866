// The desk's HTTP calls: same origin, the session's cookie, the CSRF token on everything that changes something.
import type {
  CloseBody,
  ErrorView,
  Lang,
  LoginBody,
  SaidView,
  SayBody,
  SessionView,
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
  ticket = (id: string) => this.call<TicketDetail>("GET", `tickets/${encodeURIComponent(id)}`);
  claim = (id: string) => this.act<TicketView>(id, "claim");
  giveBack = (id: string) => this.act<TicketView>(id, "give-back");
  say = (id: string, body: SayBody) => this.act<SaidView>(id, "messages", body);
  close = (id: string, body: CloseBody) => this.act<TicketView>(id, "close", body);

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

  private async act<Answer>(id: string, verb: string, body?: object): Promise<Answer> {
    const path = `tickets/${encodeURIComponent(id)}/${verb}`;
    try {
      return await this.call<Answer>("POST", path, body);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "csrf_refused") throw error;
      // Somebody signed in again in another tab: the cookie is new, our token is not.
      await this.me();
      return this.call<Answer>("POST", path, body);
    }
  }

  private async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await this.fetch(method, path, body);
    const answer = (await response.json().catch(() => null)) as Answer | ErrorView | null;
    if (response.ok) return answer as Answer;
    const { code = "", text = this.unreachable() } = (answer ?? {}) as Partial<ErrorView>;
    if (response.status === 401 && path !== "login") this.signedOut();
    throw new ApiError(response.status, code, text);
  }

  private async fetch(method: string, path: string, body?: object): Promise<Response> {
    try {
      return await fetch(`/api/desk/${path}?lang=${this.lang()}`, {
        method,
        headers: { "Content-Type": "application/json", "X-CSRF-Token": this.csrf },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    } catch {
      throw new ApiError(0, "unreachable", this.unreachable());
    }
  }
}
