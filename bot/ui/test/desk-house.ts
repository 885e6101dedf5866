// A whole desk against a server that the test plays: its HTTP answers by path, and its socket.
import { afterEach, beforeEach, vi } from "vitest";
import { Api } from "../src/desk/api";
import { Desk } from "../src/desk/desk";
import { Live } from "../src/desk/live";
import * as store from "../src/desk/store";
import type { DeskEvent } from "../src/shared/wire";
import { dial, FakeSocket, startClock } from "./fakes";
import { ANNA, detail, ticket } from "./tickets";

export const answers = new Map<string, () => unknown>();
export const asked: { path: string; body: unknown; csrf: string }[] = [];
export let desk: Desk;

export function refuse(status: number, code: string, text: string): () => never {
  return () => {
    throw new Response(JSON.stringify({ code, text, retry_after: null }), { status });
  };
}

/** Signed in as Anna, the socket open and not yet welcomed; everything is forgotten after each test. */
export function useDesk(): void {
  beforeEach(open);
  afterEach(shut);
}

async function open(): Promise<void> {
  startClock();
  asked.length = 0;
  answers.clear();
  vi.stubGlobal("fetch", async (address: string, init: { body?: string; headers: Record<string, string> }) => {
    const path = address.replace("/api/desk/", "").replace(/\?.*/, "");
    asked.push({ path, body: init.body && JSON.parse(init.body), csrf: init.headers["X-CSRF-Token"] ?? "" });
    try {
      return new Response(JSON.stringify(answers.get(path)?.() ?? null), { status: 200 });
    } catch (thrown) {
      if (thrown instanceof Response) return thrown;
      throw thrown;
    }
  });
  answers.set("login", () => ({ operator: ANNA, csrf: "token-1" }));
  const api = new Api(
    () => "en",
    () => "unreachable",
    () => desk.leave(true),
  );
  const live = new Live(
    "ws://x",
    {
      heard: (events) => desk.heard(events),
      changed: (status) => (store.status.value = status),
      signedIn: () => Promise.resolve(true),
    },
    dial,
  );
  desk = new Desk(api, live);
  store.keep.keys("").forEach((key) => store.keep.drop(key));
  store.acts.value = desk.acts;
  await desk.visit({ kind: "view", id: "unassigned" });
  await desk.signIn("anna", "secret");
  FakeSocket.last.open();
}

async function shut(): Promise<void> {
  await desk.signOut();
  vi.unstubAllGlobals();
  vi.useRealTimers();
}

export async function hear(...events: DeskEvent[]): Promise<void> {
  events.forEach((event) => FakeSocket.last.says(event));
  await vi.advanceTimersByTimeAsync(100);
}

export async function opened(id: string, ...seqs: number[]): Promise<void> {
  answers.set(`tickets/${id}`, () => detail(store.board.get(id) ?? ticket(id), seqs));
  await desk.visit({ kind: "ticket", id });
}
