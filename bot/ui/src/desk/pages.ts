// The lists that the server keeps (held by the bot, closed, found): page after page, anew when the counters move.
import { signal } from "@preact/signals";
import type { ConversationRow } from "../shared/wire";
import { type Api, textOf } from "./api";

export class Pages {
  readonly rows = signal<readonly ConversationRow[]>([]);
  readonly total = signal(0);
  readonly state = signal<"loading" | "ready" | "failed">("loading");
  readonly error = signal("");
  private next: string | null = null;
  private turn = 0;
  private asked: { view: "bot" | "closed" | "all"; q: string; tag: string } = { view: "bot", q: "", tag: "" };

  constructor(private readonly api: Pick<Api, "list">) {}

  /** The first page; an answer that comes after another question was asked is dropped. */
  async open(view: "bot" | "closed" | "all", q = "", tag = ""): Promise<void> {
    const same = view === this.asked.view && q === this.asked.q && tag === this.asked.tag;
    this.asked = { view, q, tag };
    if (!same || this.state.value === "failed") this.state.value = "loading";
    await this.load("");
  }

  async more(): Promise<void> {
    if (!this.next || this.state.value !== "ready") return;
    const cursor = this.next;
    this.next = null;
    await this.load(cursor);
  }

  private async load(cursor: string): Promise<void> {
    const turn = (this.turn += 1);
    const { view, q, tag } = this.asked;
    try {
      const page = await this.api.list(view, { q, tag, cursor });
      if (turn !== this.turn) return;
      this.rows.value = cursor ? [...this.rows.value, ...page.rows] : page.rows;
      this.total.value = page.total;
      this.next = page.next;
      this.state.value = "ready";
    } catch (error) {
      if (turn !== this.turn) return;
      this.error.value = textOf(error);
      this.state.value = "failed";
    }
  }
}
