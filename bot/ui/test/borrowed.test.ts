import { beforeEach, expect, test } from "vitest";
import { borrow, borrowed } from "../src/desk/borrowed";
import { Keep } from "../src/shared/keep";
import { memoryStorage } from "./fakes";

const WIFI = { article: "wifi-password", text: "Пароль от Wi-Fi написан на наклейке под роутером." };
let storage: Storage;
let keep: Keep;

beforeEach(() => {
  storage = memoryStorage();
  keep = new Keep(() => storage);
});

test("a reply with an article's words names the article, rewritten and after a reload, too", () => {
  borrow(keep, "c1", WIFI);
  expect(borrowed(keep, "c1", `Здравствуйте! ${WIFI.text}`)).toBe("wifi-password");
  const reloaded = new Keep(() => storage);
  expect(borrowed(reloaded, "c1", "Анна, пароль написан на наклейке под вашим роутером.")).toBe("wifi-password");
});

test("a reply from which the article's words were deleted is the operator's own, and so is the next one", () => {
  borrow(keep, "c1", WIFI);
  expect(borrowed(keep, "c1", "Сейчас посмотрю.")).toBe("");
  expect(borrowed(keep, "c1", WIFI.text)).toBe("");
});

test("what was put into one conversation says nothing about another", () => {
  borrow(keep, "c1", WIFI);
  expect(borrowed(keep, "c2", WIFI.text)).toBe("");
});
