import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError } from "../src/desk/api";
import { CLOSE_AFTER, Outgoing, SEND_AFTER, type Ways } from "../src/desk/outgoing";
import { Keep } from "../src/shared/keep";
import { memoryStorage, startClock } from "./fakes";
import { mine } from "./tickets";

const TICKET = mine("a");
let keep: Keep;
let ways: { [Name in keyof Ways]: ReturnType<typeof vi.fn> };
let out: Outgoing;
let me = "op1";

function fresh(): Outgoing {
  return new Outgoing(keep, () => me, ways as unknown as Ways);
}

beforeEach(() => {
  startClock();
  const storage = memoryStorage();
  keep = new Keep(() => storage);
  ways = {
    say: vi.fn(async () => ({ cid: "", seq: 1 })),
    farewell: vi.fn(),
    close: vi.fn(async () => TICKET),
    refused: vi.fn(),
    closed: vi.fn(),
  };
  out = fresh();
});

afterEach(() => vi.useRealTimers());

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const said = () => ways.say.mock.calls.map(([, body]) => (body as { text: string }).text);

describe("a reply", () => {
  test("leaves three seconds after it was written, once", async () => {
    out.say(TICKET, "hello", [], Date.now());
    await pass(SEND_AFTER - 1);
    expect(said()).toEqual([]);
    await pass(1);
    expect(said()).toEqual(["hello"]);
    expect(out.replies.value[0]?.state).toBe("sent");
  });

  test("names the article it borrows from, over a reload, too", async () => {
    out.say(TICKET, "on the sticker", [], Date.now(), "wifi-password");
    const later = fresh();
    later.load(Date.now());
    await pass(SEND_AFTER);
    expect(ways.say.mock.calls.at(-1)![1]).toMatchObject({ text: "on the sticker", article: "wifi-password" });
  });

  test("can be taken back while it is held, and never leaves then", async () => {
    const { cid } = out.say(TICKET, "oops", [], Date.now());
    expect(out.undo(cid)?.text).toBe("oops");
    await pass(SEND_AFTER * 2);
    expect(said()).toEqual([]);
    expect(keep.keys("")).toEqual([]);
  });

  test("is too late to take back once it has left", async () => {
    const { cid } = out.say(TICKET, "gone", [], Date.now());
    await pass(SEND_AFTER);
    expect(out.undo(cid)).toBeUndefined();
  });

  test("arrives after the one before it, however slow that one is", async () => {
    let release = (): void => undefined;
    ways.say.mockImplementationOnce(() => new Promise<void>((resolve) => (release = resolve)));
    out.say(TICKET, "first", [], Date.now());
    await pass(500);
    out.say(TICKET, "second", [], Date.now());
    await pass(SEND_AFTER);
    expect(said()).toEqual(["first"]);
    release();
    await pass(0);
    expect(said()).toEqual(["first", "second"]);
  });

  test("that was held when the page went is sent by the next page under the same cid", async () => {
    const { cid } = out.say(TICKET, "kept", [], Date.now());
    out.depart();
    expect(ways.farewell.mock.calls).toEqual([["a", { cid, text: "kept", files: [] }]]);
    const next = fresh();
    next.load(Date.now() + SEND_AFTER);
    await pass(0);
    expect(ways.say.mock.calls[0]).toEqual(["a", { cid, text: "kept", files: [] }]);
    expect(keep.keys("")).toEqual([]);
  });

  test("is never sent by somebody else who signs in at this browser", async () => {
    out.say(TICKET, "mine alone", [], Date.now());
    const next = fresh();
    me = "op2";
    next.load(Date.now() + SEND_AFTER);
    me = "op1";
    expect(next.replies.value).toEqual([]);
  });

  test("that was refused says why and can be sent again or taken back into the composer", async () => {
    ways.say.mockRejectedValueOnce(new ApiError(409, "not_your_ticket", "Boris holds it."));
    const { cid } = out.say(TICKET, "late", [], Date.now());
    await pass(SEND_AFTER);
    expect(out.replies.value[0]).toMatchObject({ state: "failed", note: "Boris holds it." });
    await out.retry(cid);
    expect(said()).toEqual(["late", "late"]);
  });

  test("leaves at once when its ticket is passed on", async () => {
    out.say(TICKET, "before the transfer", [], Date.now());
    await out.flush("a");
    expect(said()).toEqual(["before the transfer"]);
  });

  test("is gone from the screen when its row has come", async () => {
    const { cid } = out.say(TICKET, "hello", [], Date.now());
    await pass(SEND_AFTER);
    out.settle(new Set([cid]));
    expect(out.replies.value).toEqual([]);
  });
});

describe("a closing", () => {
  test("happens after five seconds, behind the reply that was still held", async () => {
    out.close(TICKET, "solved", ["bug"], Date.now());
    await pass(CLOSE_AFTER - 1_000);
    out.say(TICKET, "bye", [], Date.now());
    await pass(1_000);
    expect(said()).toEqual(["bye"]);
    expect(ways.close.mock.calls).toEqual([["a", { outcome: "solved", tags: ["bug"], seen: TICKET.last_seq }]]);
    expect(ways.closed).toHaveBeenCalledWith(TICKET);
  });

  test("can be undone, and survives a reload until then", async () => {
    out.close(TICKET, "solved", [], Date.now());
    const next = fresh();
    next.load(Date.now());
    expect(next.closings.value).toHaveLength(1);
    out.undoClose("a");
    next.undoClose("a");
    await pass(CLOSE_AFTER * 2);
    expect(ways.close).not.toHaveBeenCalled();
  });

  test("that the server refuses is told", async () => {
    ways.close.mockRejectedValueOnce(new ApiError(409, "ticket_closed", "It is closed already."));
    out.close(TICKET, "solved", [], Date.now());
    await pass(CLOSE_AFTER);
    expect(ways.refused.mock.calls[0]?.[1]).toBe("It is closed already.");
    expect(out.closings.value).toEqual([]);
  });
});
