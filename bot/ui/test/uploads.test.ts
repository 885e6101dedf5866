// Attachments on their way up, with a carrier the test plays.
import { beforeEach, expect, test } from "vitest";
import { type Carrier, FILE_LIMIT, FILES_LIMIT, size, Uploads } from "../src/widget/uploads";

const WORDS = { tooLarge: "too large", tooMany: "too many", empty: "empty", failed: "failed", lang: "en" as const };

interface Posted {
  url: string;
  name: string;
  token: string;
  moved(share: number): void;
  answer(status: number, body: unknown): Promise<void>;
  breakOff(): Promise<void>;
  stopped: boolean;
}

let posted: Posted[];
let drawn: number;

const carrier: Carrier = {
  post(url, file, token, moved) {
    let resolve!: (answer: { status: number; text: string }) => void;
    let reject!: (error: Error) => void;
    const done = new Promise<{ status: number; text: string }>((yes, no) => ([resolve, reject] = [yes, no]));
    const one: Posted = {
      url,
      name: file.name,
      token,
      moved,
      stopped: false,
      async answer(status, body) {
        resolve({ status, text: JSON.stringify(body) });
        await settled();
      },
      async breakOff() {
        reject(new Error("cut"));
        await settled();
      },
    };
    posted.push(one);
    return { done, stop: () => (one.stopped = true) };
  },
};

const settled = () => new Promise<void>((done) => setTimeout(done));
const file = (name: string, bytes = 5): File => ({ name, size: bytes }) as File;
const view = (id: string) => ({ file: { id, name: "a.png", type: "image/png", size: 5, image: true, url: `/uploads/${id}` } });
const uploads = (token: string | null = "token") => new Uploads(() => WORDS, () => token, () => (drawn += 1), carrier);

beforeEach(() => {
  posted = [];
  drawn = 0;
});

test("a file is posted with the visitor's token, shows how far it is, and is ready to leave", async () => {
  const mine = uploads();
  mine.add([file("a.png")]);
  expect(posted[0]).toMatchObject({ url: "/api/widget/files?lang=en", name: "a.png", token: "token" });
  expect([mine.going, mine.ready]).toEqual([1, []]);
  posted[0]!.moved(0.5);
  expect(mine.list[0]!.share).toBe(0.5);
  await posted[0]!.answer(200, view("f1"));
  expect([mine.going, mine.ready.map(({ id }) => id)]).toEqual([0, ["f1"]]);
  expect(drawn).toBeGreaterThan(2);
});

test("what the server refuses is shown in its words", async () => {
  const mine = uploads();
  mine.add([file("a.exe")]);
  await posted[0]!.answer(400, { code: "file_refused", text: "Files of this kind are not taken." });
  expect(mine.list[0]!.error).toBe("Files of this kind are not taken.");
  expect([mine.going, mine.ready]).toEqual([0, []]);
});

test("a cut line and an answer that is not ours are said to have failed", async () => {
  const mine = uploads();
  mine.add([file("a.png"), file("b.png")]);
  await posted[0]!.breakOff();
  await posted[1]!.answer(200, "proxy");
  expect(mine.list.map(({ error }) => error)).toEqual(["failed", "failed"]);
});

test("what can never be taken does not leave at all", () => {
  const mine = uploads();
  mine.add([file("big.zip", FILE_LIMIT + 1), file("nothing.txt", 0)]);
  expect(mine.list.map(({ error }) => error)).toEqual(["too large", "empty"]);
  mine.add(Array.from({ length: FILES_LIMIT + 1 }, (_, at) => file(`${at}.png`)));
  expect(mine.list.at(-1)!.error).toBe("too many");
  expect(posted).toHaveLength(FILES_LIMIT);
});

test("before the first welcome there is nobody to upload for", async () => {
  const mine = uploads(null);
  mine.add([file("a.png")]);
  await settled();
  expect(mine.list[0]!.error).toBe("failed");
  expect(posted).toEqual([]);
});

test("a removed file is stopped on its way and does not leave", async () => {
  const mine = uploads();
  mine.add([file("a.png")]);
  mine.drop(mine.list[0]!.key);
  expect(posted[0]!.stopped).toBe(true);
  await posted[0]!.answer(200, view("f1"));
  expect(mine.ready).toEqual([]);
});

test("after sending, only what was refused stays in sight", async () => {
  const mine = uploads();
  mine.add([file("a.png"), file("big.zip", FILE_LIMIT + 1)]);
  await posted[0]!.answer(200, view("f1"));
  mine.sent();
  expect(mine.list.map(({ name }) => name)).toEqual(["big.zip"]);
});

test("sizes are told as people say them", () => {
  expect([size(12, "en"), size(340_000, "en"), size(2_440_000, "en")]).toEqual(["1 kB", "340 kB", "2.4 MB"]);
  expect(size(2_440_000, "ru")).toMatch(/^2,4\sМБ$/);
});
