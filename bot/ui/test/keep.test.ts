import { expect, test } from "vitest";
import { Keep } from "../src/shared/keep";
import { brokenStorage, memoryStorage } from "./fakes";

test("keeps strings under its own prefix and leaves the neighbours alone", () => {
  const storage = memoryStorage();
  storage.setItem("out.theirs", "x");
  const keep = new Keep(() => storage);
  keep.set("out.1", "a");
  keep.set("token", "t");
  expect(storage.getItem("zeroline.token")).toBe("t");
  expect(keep.keys("out.")).toEqual(["out.1"]);
  keep.drop("out.1");
  expect(keep.get("out.1")).toBeNull();
});

test("remembers for this page where storage is blocked", () => {
  const keep = new Keep(brokenStorage);
  keep.set("draft", "half a sentence");
  expect(keep.get("draft")).toBe("half a sentence");
  expect(keep.keys("dr")).toEqual(["draft"]);
  keep.drop("draft");
  expect(keep.get("draft")).toBeNull();
});
